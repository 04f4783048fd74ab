/** A file of the user that was named on the command line: a scenario or a model. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { z } from 'zod';
import { codeOf, UserError } from '../errors.ts';

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
  if (/\.m?ts$/.test(path) && !runsTypeScript()) {
    throw new UserError(
      `${flag} ${reference}: Node ${process.versions.node} does not run TypeScript; compile it to .js, or use Node 22.18 or newer`,
    );
  }
  return {
    name: basename(path, extname(path)),
    url: pathToFileURL(path).href,
    path: reference,
    sha256: sha256Of(flag, path),
  };
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

function sha256Of(flag: string, path: string): string {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch (error) {
    throw new UserError(
      `${flag} ${path}: the file cannot be read (${codeOf(error)}); change its permissions, or give another file`,
    );
  }
}

function runsTypeScript(): boolean {
  return 'typescript' in process.features && process.features.typescript !== false;
}
