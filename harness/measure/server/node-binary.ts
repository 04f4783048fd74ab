/** What a Node.js binary says of itself, without running anything of the user. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../errors.ts';
import type { ServerNode } from '../../plan/options/server-node.ts';
import type { Runtime } from '../../plan/schedule/runtimes.ts';
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

/** A binary, and what it is. Throws a UserError when it is none that servers can run on. */
export function runtimeAt(path: string): Runtime {
  const file = resolve(path);
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) throw new UserError(`--runtime ${path}: there is no such file; ${WAY_OUT}`);
  if (found.isDirectory()) {
    throw new UserError(`--runtime ${path}: this is a folder; give the file in it, such as ${join(path, 'bin/node')}`);
  }
  const version = isExecutable(file) ? versionsOf(file)?.node : undefined;
  if (version === undefined) {
    throw new UserError(`--runtime ${path}: it does not report a version as Node.js does; ${WAY_OUT}`);
  }
  if (isTooOld(version)) {
    throw new UserError(`--runtime ${path}: Node ${version} is too old; give ${OLDEST.join('.')} or newer`);
  }
  return { path, version };
}

const WAY_OUT = 'give a Node.js binary, such as ~/.nvm/versions/node/v22.12.0/bin/node';
/** As `engines` of the package has it. */
const OLDEST = [20, 19] as const;

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Throws a UserError when the Node.js of the servers does not start with its options, or with what is in NODE_OPTIONS. */
export function checkNodeArgs({ args, env }: ServerNode, path: string): void {
  const { NODE_OPTIONS = '' } = { ...process.env, ...env };
  if (args.length > 0) checkStart(path, `--node-arg ${args.join(' ')}`, args);
  if (NODE_OPTIONS !== '') checkStart(path, `NODE_OPTIONS ${NODE_OPTIONS}`, [], { NODE_OPTIONS });
}

function checkStart(path: string, given: string, args: readonly string[], env = {}): void {
  const { status, stderr } = asked(path, [...args, '--version'], env);
  if (status === 0) return;
  const [why = 'it does not start'] = stderr.split('\n').filter((line) => line.trim() !== '');
  throw new UserError(`${given}: ${why.replace(`${path}: `, '')}; see node --help`);
}

function asked(path: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return spawnSync(path, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...withoutNodeOptions(), ...env },
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
