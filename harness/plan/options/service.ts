/** The text of `--request`, `--header` and `--body`: what is sent to a service of the user. */
import { UserError } from '../../errors.ts';
import { didYouMean } from './values.ts';

/** A request to a service, as it is recorded in the run file. */
export interface AskedRequest {
  readonly name: string;
  /** Relative to those of the others. */
  readonly weight: number;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  /** Path with query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A service, and what is sent to it. */
export interface AskedService {
  /** As it was given; null where only commands and addresses serve it. */
  readonly file: string | null;
  readonly requests: readonly AskedRequest[];
  /** What is compared between replies to the same request: all that does not vary by itself, or the status alone. */
  readonly verify: 'learned' | 'status';
}

/** What came from the command line. */
export interface ServiceRequest {
  readonly app?: string | undefined;
  readonly request?: readonly string[] | undefined;
  readonly header?: readonly string[] | undefined;
  /** The text itself. */
  readonly body?: string | undefined;
  readonly verify?: string | undefined;
}

/** For what takes its service from elsewhere. */
export const NO_SERVICE: Readonly<Record<keyof ServiceRequest, undefined>> = {
  app: undefined,
  request: undefined,
  header: undefined,
  body: undefined,
  verify: undefined,
};

/** Values of `--verify`. */
export const VERIFICATIONS: readonly AskedService['verify'][] = ['learned', 'status'];
/** A window holds the mix that was asked for, so what is very rare would make it very long. */
const [LEAST_WEIGHT, MOST_WEIGHT] = [0.01, 1000];
const METHODS: readonly AskedRequest['method'][] = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'];
const WITH_BODY: readonly string[] = ['POST', 'PUT', 'PATCH'];
const REQUEST = /^(?:(?<name>[A-Za-z][\w-]*)=)?(?<method>[A-Za-z]+)\s+(?<path>\S+)(?:\s+\*(?<weight>\d+(?:\.\d+)?))?$/u;
const HEADER = /^(?<name>[!#$%&'*+.^_`|~\w-]+):\s*(?<value>[\t\x20-\x7e\x80-\xff]*)$/u;
/** These are of the load generator: with others the connection would not be as it is said to be. */
const OWN_HEADERS: readonly string[] = ['connection', 'content-length', 'transfer-encoding', 'expect', 'host'];

/** Null without `--app`, unless commands serve it. Throws UserError. */
export function parseService(asked: ServiceRequest, isServed: boolean): AskedService | null {
  const { app, request = [], header = [], body, verify: how = 'learned' } = asked;
  if (app === undefined && !isServed) {
    const given = { request: request[0], header: header[0], body, verify: asked.verify };
    for (const [flag, value] of Object.entries(given)) {
      if (value !== undefined)
        throw new UserError(
          `--${flag} ${value} goes with --app or --command: give the file of your service, or a command`,
        );
    }
    return null;
  }
  const verify = VERIFICATIONS.find((one) => one === how);
  if (verify === undefined) {
    throw new UserError(`--verify ${how}: give ${VERIFICATIONS.join(' or ')}.${didYouMean(how, VERIFICATIONS)}`);
  }
  if (request.length === 0) {
    const what = app === undefined ? '--command' : `--app ${app}`;
    throw new UserError(`${what}: say what to send to it with --request, as in --request 'GET /'`);
  }
  const headers = Object.fromEntries(header.map(parseHeader));
  const requests = request.map((one) => parseRequest(one, headers, body));
  const names = requests.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new UserError(`--request: '${twice}' is given twice; name them, as in --request 'list=${twice}'`);
  if (body !== undefined && !requests.some((one) => WITH_BODY.includes(one.method))) {
    throw new UserError(`--body: none of the requests has a body; use POST, PUT or PATCH`);
  }
  return { file: app ?? null, requests, verify };
}

function parseRequest(text: string, headers: AskedRequest['headers'], body = ''): AskedRequest {
  const { name, method: given = '', path = '', weight = '1' } = REQUEST.exec(text.trim())?.groups ?? {};
  const method = METHODS.find((one) => one === given.toUpperCase());
  if (given === '') {
    throw new UserError(
      `--request ${text}: give a method and a path, as in 'GET /products' or 'list=GET /products *3'`,
    );
  }
  if (method === undefined) {
    throw new UserError(`--request ${text}: ${given} is not among ${METHODS.join(', ')}`);
  }
  if (!path.startsWith('/'))
    throw new UserError(`--request ${text}: the path must begin with a slash: ${method} /${path}`);
  if (!/^[\x21-\x7e]+$/u.test(path)) {
    throw new UserError(`--request ${text}: write the path in ASCII, percent-encoded: ${encodeURI(path)}`);
  }
  if (!(Number(weight) >= LEAST_WEIGHT && Number(weight) <= MOST_WEIGHT)) {
    throw new UserError(`--request ${text}: give a weight from ${LEAST_WEIGHT} to ${MOST_WEIGHT}`);
  }
  const own = WITH_BODY.includes(method) ? body : '';
  return { name: name ?? `${method} ${path}`, weight: Number(weight), method, path, headers, body: own };
}

function parseHeader(text: string): readonly [string, string] {
  const { name, value = '' } = HEADER.exec(text)?.groups ?? {};
  if (name === undefined) throw new UserError(`--header ${text}: give it as 'name: value', in Latin characters`);
  if (OWN_HEADERS.includes(name.toLowerCase())) {
    throw new UserError(`--header ${text}: ${name} is set by the load generator; leave it out`);
  }
  return [name, value];
}
