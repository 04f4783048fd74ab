/** What a Node.js binary says of itself, without running anything of the user. */
import { spawnSync } from 'node:child_process';
import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { withoutNodeOptions } from '../processes/environment.ts';

const ANSWER_LIMIT_MS = 20_000;
const versionsSchema = z.object({ node: z.string().min(1), v8: z.string(), uv: z.string() });

export type NodeVersions = Readonly<z.infer<typeof versionsSchema>>;

/** Null when it does not answer as Node.js does. If it is something else, it is started only once. */
export function versionsOf(path: string): NodeVersions | null {
  const { stdout } = asked(path, ['-p', 'JSON.stringify(process.versions)']);
  const versions = versionsSchema.safeParse(jsonOr(stdout, null));
  return versions.success ? versions.data : null;
}

/** Throws a UserError when Node.js does not start with these options. */
export function checkNodeArgs(args: readonly string[], path: string): void {
  if (args.length === 0) return;
  const { status, stderr } = asked(path, [...args, '--version']);
  if (status === 0) return;
  const [why = 'it does not start'] = stderr.split('\n').filter((line) => line.trim() !== '');
  throw new UserError(`--node-arg ${args.join(' ')}: ${why.replace(`${path}: `, '')}; see node --help`);
}

function asked(path: string, args: readonly string[]) {
  return spawnSync(path, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: withoutNodeOptions(),
    timeout: ANSWER_LIMIT_MS,
    killSignal: 'SIGKILL',
  });
}

function jsonOr<T>(text: string, otherwise: T): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}
