/** Showing a file in the program that the system has for it. */
import { spawn } from 'node:child_process';

interface Opener {
  readonly command: string;
  readonly args: readonly string[];
  /** Whether `args` are passed on as they are, because they are quoted for a shell already. */
  readonly verbatim: boolean;
}

/** A viewer that has not failed by then has opened. Some stay until they are closed. */
const FAILS_WITHIN_MS = 1000;

/** What opens an absolute path on a platform. */
export function openerOf(platform: NodeJS.Platform, path: string): Opener {
  switch (platform) {
    case 'darwin':
      return { command: 'open', args: [path], verbatim: false };
    case 'win32':
      // The first quoted word is the title of a window. A path cannot hold a quote there.
      return { command: 'cmd', args: ['/d', '/c', 'start', '""', `"${path}"`], verbatim: true };
    default:
      return { command: 'xdg-open', args: [path], verbatim: false };
  }
}

/** Opens an absolute path and leaves its viewer alone. Rejects when there is none, or when it fails at once. */
export function openHere(path: string): Promise<void> {
  const { command, args, verbatim } = openerOf(process.platform, path);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { detached: true, stdio: 'ignore', windowsVerbatimArguments: verbatim });
    const timer = setTimeout(resolve, FAILS_WITHIN_MS);
    child.unref();
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      if (code === 0) resolve();
      else reject(new Error(`${command} ended with exit code ${code}`));
    });
  });
}
