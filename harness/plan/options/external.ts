/** Servers that are not ours: those measured beside models (`--command`, `--url`), and those that a scenario asks (`--postgres`, `--redis`). */
import { UserError } from '../../errors.ts';
import type { External, ScenarioPlan } from '../../store/schema.ts';
import { parseScenarioArgument } from './scenario.ts';
import type { AskedService } from './service.ts';

/** What came from the command line. */
export interface ServerRequest {
  readonly command?: readonly string[] | undefined;
  readonly url?: readonly string[] | undefined;
  readonly ready?: string | undefined;
  /** For servers that are started. */
  readonly env?: readonly string[] | undefined;
}

const NAMED = /^(?<name>[A-Za-z][\w.-]*)=(?<rest>.+)$/su;
const LOOPBACK: readonly string[] = ['127.0.0.1', 'localhost'];

/** Throws UserError. `taken` are the names of models. A command without `--ready` is ready when it answers what is measured. */
export function parseExternals(
  { command = [], url = [], ready, env = [] }: ServerRequest,
  taken: readonly string[],
  services: readonly AskedService[],
): readonly External[] {
  if (ready !== undefined && command.length === 0) {
    throw new UserError(`--ready ${ready} goes with --command: it tells when a command serves`);
  }
  const requests = services.flatMap((service) => service.requests);
  const first = requests.find(({ method }) => method === 'GET')?.path ?? '/';
  const path = ready === undefined ? first : readyPath(ready);
  const externals: readonly External[] = [
    ...command.map((text) => ({ kind: 'command' as const, ...named('--command', text), ready: path })),
    ...url.map((text) => {
      const { name, line } = named('--url', text);
      return { kind: 'address' as const, name, port: portOf(text, line) };
    }),
  ];
  const names = externals.map(({ name }) => name);
  const [variable] = env;
  if (variable !== undefined && command.length === 0 && url.length > 0 && services.every(({ file }) => file === null)) {
    throw new UserError(
      `--env ${variable.split('=', 1)[0]} goes to servers that are started here, and --url ${names[0]} runs already; leave it out`,
    );
  }
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new UserError(`--command, --url: '${twice}' is given twice; give each a name of its own`);
  checkNames(externals, taken);
  return externals;
}

/** Throws a UserError when one of them has the name of a model. */
export function checkNames(externals: readonly External[], models: readonly string[]): void {
  const same = externals.find(({ name }) => models.includes(name));
  if (same === undefined) return;
  const flag = same.kind === 'command' ? '--command' : '--url';
  throw new UserError(`${flag} ${same.name}: a model has this name; give another`);
}

/** `name=line`. Throws a UserError that names the flag. */
export function named(flag: string, text: string): { readonly name: string; readonly line: string } {
  const { name, rest } = NAMED.exec(text.trim())?.groups ?? {};
  if (name !== undefined && rest !== undefined) return { name, line: rest.trim() };
  const example =
    flag === '--url' ? '--url mine=http://127.0.0.1:3000' : `${flag} 'mine=${text.trim() || 'node server.js'}'`;
  throw new UserError(`${flag} ${text}: give it a name, as in ${example}`);
}

function portOf(text: string, address: string): number {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol !== 'http:') {
    throw new UserError(`--url ${text}: give an address of http, as in mine=http://127.0.0.1:3000`);
  }
  if (!LOOPBACK.includes(url.hostname)) {
    throw new UserError(`--url ${text}: load is sent to this machine only; give a server on 127.0.0.1`);
  }
  if (url.pathname !== '/' || url.search !== '') {
    throw new UserError(`--url ${text}: leave out ${url.pathname}${url.search}; paths are given with --request`);
  }
  return url.port === '' ? 80 : Number(url.port);
}

/** `GET /health`, or the path alone. */
function readyPath(text: string): string {
  const [, path] = /^(?:GET\s+)?(\/[\x21-\x7e]*)$/iu.exec(text.trim()) ?? [];
  if (path === undefined)
    throw new UserError(`--ready ${text}: give a path that answers once it serves, as in 'GET /health'`);
  return path;
}

/** Of a server that a scenario takes instead of one that is started for it. */
export interface GivenRequest {
  readonly postgres?: string | undefined;
  readonly redis?: string | undefined;
}

/** By the name of the scenario, which is that of the flag: URL with user and password, on 127.0.0.1 and with a port. */
export type GivenServers = Readonly<Record<string, string>>;

const KINDS = {
  postgres: { schemes: ['postgres:', 'postgresql:'], port: '5432', example: 'postgres://user:password@127.0.0.1/shop' },
  redis: { schemes: ['redis:'], port: '6379', example: 'redis://:password@127.0.0.1:6379' },
} as const;
/** They would lead elsewhere than the URL says. */
const ELSEWHERE = ['host', 'hostaddr', 'port'];

/** Throws a UserError, which does not repeat the URL: it may have a password. `scenarios` are those that were asked for. */
export function parseGiven(request: GivenRequest, scenarios: readonly string[]): GivenServers {
  const names = scenarios.map((argument) => parseScenarioArgument(argument).reference);
  return Object.fromEntries(
    (['postgres', 'redis'] as const).flatMap((name) => {
      const text = request[name];
      if (text === undefined) return [];
      if (!names.includes(name)) {
        throw new UserError(`--${name} is for the scenario of that name; add -s ${name}, or leave --${name} out`);
      }
      return [[name, urlOf(name, text)]];
    }),
  );
}

function urlOf(name: keyof typeof KINDS, text: string): string {
  const { schemes, port, example } = KINDS[name];
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !schemes.some((scheme) => scheme === url.protocol)) {
    throw new UserError(`--${name}: give an address of ${schemes[0]}//, as in ${example}`);
  }
  if (!LOOPBACK.includes(url.hostname) || ELSEWHERE.some((key) => url.searchParams.has(key))) {
    throw new UserError(`--${name}: load is sent to this machine only; give a server on 127.0.0.1`);
  }
  url.hostname = '127.0.0.1';
  if (url.port === '') url.port = port;
  return url.href;
}

/** Where it is, without user and password; null for none. */
export function shownGiven(given: string | null): string | null {
  if (given === null) return null;
  const { host, pathname } = new URL(given);
  return host + pathname;
}

/** The servers of a run that is continued, which must be those that it was started with. Throws UserError. */
export function givenAgain(
  folder: string,
  plans: readonly Pick<ScenarioPlan, 'name' | 'given'>[],
  request: GivenRequest,
): GivenServers {
  const again = parseGiven(
    request,
    plans.map(({ name }) => name),
  );
  for (const { name, given: before } of plans) {
    const now = shownGiven(Object.hasOwn(again, name) ? (again[name] ?? null) : null);
    if (before === now) continue;
    if (before === null) {
      throw new UserError(
        `--${name}: the run was started without it; leave it out, or start a new run without --resume`,
      );
    }
    throw new UserError(
      `--resume ${folder}: the run was started with the server at ${before}, whose login is not stored; give it again with --${name}`,
    );
  }
  return again;
}
