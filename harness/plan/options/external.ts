/** From `--command`, `--url` and `--ready` to servers that are not models of ours. */
import { UserError } from '../../errors.ts';
import type { External } from '../../store/schema.ts';
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

function named(flag: string, text: string): { readonly name: string; readonly line: string } {
  const { name, rest } = NAMED.exec(text.trim())?.groups ?? {};
  if (name !== undefined && rest !== undefined) return { name, line: rest.trim() };
  const example =
    flag === '--url' ? '--url mine=http://127.0.0.1:3000' : `--command 'mine=${text.trim() || 'node server.js'}'`;
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
