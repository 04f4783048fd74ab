/** `--app`: a service of the user, and what is sent to it. */
import { UserError } from '../../errors.ts';
import { type AskedRequests, firstRequestFlag, parseRequests, type RequestFlags } from './requests.ts';

/** A service, and what is sent to it. */
export interface AskedService extends AskedRequests {
  /** What it is called in reports; null for the name of its file. */
  readonly name: string | null;
  /** As it was given; null where only commands and addresses serve it. */
  readonly file: string | null;
}

/** What came from the command line, or from a workload of a config file. */
export interface ServiceRequest extends RequestFlags {
  readonly app?: string | undefined;
}

/** For what takes its service from elsewhere. */
export const NO_SERVICE: Readonly<Record<keyof ServiceRequest, undefined>> = {
  app: undefined,
  request: undefined,
  header: undefined,
  body: undefined,
  har: undefined,
  verify: undefined,
  expect: undefined,
  contents: undefined,
};

/** Null without `--app`, unless commands serve it. Throws UserError. */
export function parseService(
  asked: ServiceRequest,
  isServed: boolean,
  name: string | null = null,
): AskedService | null {
  const { app } = asked;
  if (app !== undefined) return { name, file: app, ...parseRequests(`--app ${app}`, asked) };
  if (isServed) return { name, file: null, ...parseRequests('--command, --url', asked) };
  const first = firstRequestFlag(asked);
  if (first !== null) {
    throw new UserError(`${first} goes with --app: give the file of your service, or --command (or, in run, --url)`);
  }
  return null;
}

/**
 * Each of its requests as a workload of its own, so that what one of them lost is not averaged away. Requests with a weight, and
 * recorded ones, are a mix, and stay one.
 */
export function eachAlone(service: AskedService, { request = [], har }: RequestFlags): readonly AskedService[] {
  const isMix = har !== undefined || request.some(hasWeight);
  if (isMix || service.requests.length < 2) return [service];
  const taken = new Map<string, number>();
  return service.requests.map((one) => {
    const plain = plainName(one);
    const before = taken.get(plain) ?? 0;
    taken.set(plain, before + 1);
    const name = before === 0 ? plain : `${plain}-${before + 1}`;
    const expect = service.expect.filter(({ request: of }) => of === null || of === one.name);
    return { ...service, name, requests: [one], expect };
  });
}

function hasWeight(asked: NonNullable<RequestFlags['request']>[number]): boolean {
  return typeof asked === 'string' ? /\s\*[\d.]+\s*$/.test(asked) : asked.weight !== undefined;
}

/** Its name, or for one without what it asks for: `products-7`, `post-orders`. */
function plainName({ name, method, path }: AskedRequests['requests'][number]): string {
  if (name !== `${method} ${path}`) return name;
  const words = `${method === 'GET' ? '' : method.toLowerCase()}${path}`.split(/[^\w.]+/).filter((word) => word !== '');
  return words.length === 0 ? 'root' : words.join('-');
}
