/** Where the sources of a server are, so that a function has the same name in two checkouts. */
import { readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Sources } from '../../judge/profiles/frames.ts';
import { packageFolder } from '../../version.ts';

/** Paths are shown from these folders and files on, the first that fits; those of fourways itself as such. */
export function sourcesIn(roots: Sources['roots']): Sources {
  const files = new Map<string, readonly string[]>();
  const linesOf = (path: string): readonly string[] => {
    const known = files.get(path);
    if (known !== undefined) return known;
    const lines = readLines(path);
    files.set(path, lines);
    return lines;
  };
  return {
    roots: [...roots, { path: slashed(`${real(fileURLToPath(packageFolder()))}${sep}`), as: 'fourways/' }],
    lineOf: (path, line) => linesOf(path)[line] ?? null,
  };
}

/** A folder of which all that is in it is shown by its path from there. */
export function folderRoot(folder: string): Sources['roots'][number] {
  return { path: slashed(join(real(folder), sep)), as: '' };
}

/** A file that has the name of the file in its place in base, and whatever lies beside it. */
export function fileRoots(file: string, inBase: string): Sources['roots'] {
  return [{ path: slashed(real(file)), as: basename(inBase) }, folderRoot(dirname(file))];
}

/** As Node.js names modules: without symbolic links. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}

function readLines(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}
