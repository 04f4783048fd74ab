/** Which version of the user's code was measured. */
import { spawnSync } from 'node:child_process';
import type { Environment } from '../../store/schema.ts';

const LIMIT_MS = 2000;
/** A longer list of changed files is cut off, and then the state counts as unknown. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/**
 * Commit of a folder, by default the current one, and whether tracked files differ from it; null when git is missing or too
 * slow, the folder is in no repository, or nothing was committed yet.
 *
 * New files do not count, as in `git describe --dirty`: a run writes its results into the folder.
 */
export function gitState(folder?: string): Environment['git'] {
  const commit = git(['rev-parse', '--verify', 'HEAD'], folder)?.trim() ?? '';
  if (!/^[0-9a-f]{40,64}$/.test(commit)) return null;
  const changes = git(['status', '--porcelain', '--untracked-files=no'], folder);
  return changes === null ? null : { commit, dirty: changes !== '' };
}

/** The branch that is checked out here; null where there is none, as in most checkouts of CI. */
export function gitBranch(folder?: string): string | null {
  const branch = git(['symbolic-ref', '--short', '--quiet', 'HEAD'], folder)?.trim() ?? '';
  return branch === '' ? null : branch;
}

/** Output of a command of git; null when it fails. */
function git(command: readonly string[], folder: string | undefined): string | null {
  // A file system monitor would be started as a daemon, and run during the measurement.
  const { status, stdout } = spawnSync('git', ['-c', 'core.fsmonitor=false', ...command], {
    ...(folder === undefined ? {} : { cwd: folder }),
    encoding: 'utf8',
    // Without this, `status` locks the index, which a git command of the user may need at that moment.
    env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
    maxBuffer: MAX_OUTPUT_BYTES,
    windowsHide: true,
  });
  return status === 0 ? stdout : null;
}
