/** A file of the user that was named on the command line: a scenario, a model, a config, a service, or what is sent to it. */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { z } from 'zod';
import { codeOf, UserError } from '../errors.ts';
import type { RequestContents, RequestFlags } from '../plan/options/requests.ts';
import type { RunRequest } from '../plan/options/run.ts';

export interface UserFile {
  /** That of the file, without its extension. */
  readonly name: string;
  readonly url: string;
  /** As it was given. */
  readonly path: string;
  readonly sha256: string;
}

/** Finds the file that was given with `flag`. Throws UserError. */
export function findUserFile(flag: string, reference: string): UserFile {
  const path = resolve(reference);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) throw new UserError(`${flag} ${reference}: this is a folder; give a file in it`);
  if (found?.isFile() !== true) throw new UserError(`${flag} ${reference}: there is no such file`);
  return {
    name: basename(path, extname(path)),
    url: pathToFileURL(path).href,
    path: reference,
    sha256: sha256Of(flag, path),
  };
}

/** Finds a file that runs on this Node.js, also where servers have another one. Throws UserError. */
export function findModule(flag: string, reference: string): UserFile {
  const file = findUserFile(flag, reference);
  if (!/\.[mc]?ts$/.test(reference) || runsTypeScript()) return file;
  throw new UserError(
    `${flag} ${reference}: Node ${process.versions.node} does not run TypeScript; compile it to .js, or run fourways itself with Node 22.18 or newer`,
  );
}

/** Names of files that say nothing of what is in them. */
const NAMELESS: readonly string[] = ['app', 'index', 'main', 'server', 'start'];

/** The name of a service: that of its file, or of its package, where every service has a file of that name. */
export function serviceName({ name, url }: Pick<UserFile, 'name' | 'url'>): string {
  if (!NAMELESS.includes(name)) return name;
  for (let folder = dirname(fileURLToPath(url)); ; folder = dirname(folder)) {
    const named = packageName(join(folder, 'package.json'));
    if (named !== undefined) return named ?? name;
    if (folder === dirname(folder)) return name;
  }
}

const manifestSchema = z.object({ name: z.string().transform((name) => name.replace(/^@[^/]*\//, '')) });

/** Without its scope. Null for a package that has none, undefined where there is no package. */
function packageName(manifest: string): string | null | undefined {
  if (!existsSync(manifest)) return undefined;
  try {
    return manifestSchema.safeParse(JSON.parse(readFileSync(manifest, 'utf8'))).data?.name ?? null;
  } catch {
    return null; // Node.js will say so when it loads the service.
  }
}

/** Throws a UserError when the file no longer exists, or has changed. `what` is `scenario x` or `model x`. */
export function checkUnchanged(flag: string, what: string, { path, sha256 }: Pick<UserFile, 'path' | 'sha256'>): void {
  if (!existsSync(path)) {
    throw new UserError(`${what}: ${path} does not exist; resume from the folder where the run was started`);
  }
  if (sha256Of(flag, path) !== sha256) {
    throw new UserError(`${what}: ${path} has changed since the run began; start a new run`);
  }
}

/** The request with what is in the files that it names: those of `--body` and `--har`, for each workload. Throws UserError. */
export function withContents<T extends RunRequest>(asked: T): T {
  const { workloads = {} } = asked;
  const each = Object.entries(workloads).map(([name, one]) => [name, serviceWithContents(one)] as const);
  return { ...asked, ...serviceWithContents(asked), workloads: Object.fromEntries(each) };
}

function serviceWithContents<T extends RequestFlags>(asked: T): T {
  const request = asked.request?.map((one) => (typeof one === 'string' ? one : { ...one, contents: contentsOf(one) }));
  return { ...asked, ...(request !== undefined && { request }), contents: contentsOf(asked) };
}

function contentsOf({ body, har }: Pick<RequestFlags, 'body' | 'har'>): RequestContents {
  return {
    body: body?.startsWith('@') === true ? textOrBytes(contentOf(`--body ${body}`, body.slice(1))) : null,
    har: har === undefined ? null : contentOf(`--har ${har}`, har).toString('utf8'),
  };
}

function textOrBytes(content: Buffer): string | Uint8Array {
  return isUtf8(content) ? content.toString('utf8') : content;
}

function contentOf(given: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UserError(`${given}: the file cannot be read (${codeOf(error)}); give the path of a file`);
  }
}

function sha256Of(flag: string, path: string): string {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch (error) {
    throw new UserError(
      `${flag} ${path}: the file cannot be read (${codeOf(error)}); change its permissions, or give another file`,
    );
  }
}

/** Whether this Node.js runs TypeScript as it is. */
export function runsTypeScript(): boolean {
  return 'typescript' in process.features && process.features.typescript !== false;
}
