/**
 * How the process of a command ends, whatever happens in it: with one of the documented exit codes, and where something went wrong with
 * words about it. Node.js itself would end with 1 after an error that nobody caught, which means a regression, and with 0 or 13 when
 * nothing is left to wait for, result or not.
 */
import { closeSync, openSync, readFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { isatty } from 'node:tty';
import { harmless } from '../reports/words/escape.ts';
import { codeOf, EXIT, messageOf, systemFault, UserError } from './errors.ts';

/** Open files: with fewer, whatever is loaded or drawn may fail at any place. */
const LEAST_FILES = 200;
/** They say by themselves that there is no result. */
const WITHOUT_RESULT: readonly number[] = [EXIT.usage, EXIT.untrusted, EXIT.bug, EXIT.interrupted];
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

let hasEnded = false;
/** Code of somebody else that runs in this process. */
let stranger: string | null = null;

/** From now on this process ends as it should. To be called before anything else is loaded. */
export function watchEnding(): void {
  process.on('uncaughtException', (error) => process.exit(lastWords(error)));
  process.on('exit', (code) => {
    if (hasEnded || WITHOUT_RESULT.includes(code)) return;
    process.exitCode = lastWords(
      stranger === null
        ? new Error('the command ended before it had a result')
        : new UserError(`${stranger} ended the command; give it to the servers alone, with --env NODE_OPTIONS=…`),
    );
  });
  for (const name of SIGNALS) {
    process.on(name, () => {
      // Whoever else listens knows more of what is to be done.
      if (process.listenerCount(name) === 1) process.exit(EXIT.interrupted);
    });
  }
  watchOutput();
}

/** The command has a result; from now on the process may end. */
export function endAs(exitCode: number): void {
  hasEnded = true;
  process.exitCode = exitCode;
}

/** What else fails or ends in this process is not ours: for messages. */
export function blame(what: string): void {
  stranger = what;
}

/** Prints what is to be said of an error that nobody caught, and returns the exit code. */
export function lastWords(error: unknown): number {
  const known = knownFault(error);
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  try {
    process.stderr.write(harmless(known === null ? `${text}\n` : `fourways: ${known.message}\n`));
  } catch {
    // There is nobody to tell.
  }
  return known?.exitCode ?? EXIT.bug;
}

function knownFault(error: unknown): UserError | null {
  if (error instanceof UserError) return error;
  if (stranger !== null) return new UserError(`${stranger} failed: ${messageOf(error)}`);
  return systemFault(error);
}

/** Refuses what no command can work with. Throws UserError. */
export function checkProcess(): void {
  // Throws where it was deleted.
  process.cwd();
  for (const name in {}) {
    throw new UserError(
      `Object.prototype has a property '${name}' that every loop over an object meets; start fourways without what puts it there (node --import, --require)`,
    );
  }
  const [, soft] = /^Max open files\s+(\d+)/m.exec(limits()) ?? [];
  const files = Number(soft ?? Number.POSITIVE_INFINITY);
  if (files >= LEAST_FILES) return;
  throw new UserError(
    `a process may open only ${files} files here, and fourways needs ${LEAST_FILES}; raise the limit: ulimit -n 4096`,
  );
}

/** Empty where it is another system than Linux. */
function limits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch (error) {
    if (codeOf(error) === 'EMFILE') throw error;
    return '';
  }
}

/** A closed or full output must not end a run. */
function watchOutput(): void {
  const terminals = [0, 1, 2].filter((fd) => isatty(fd));
  process.stderr.on('error', () => {});
  process.stdout.on('error', (error) => {
    // The reader has enough, as `head` does, or the terminal was closed.
    if (codeOf(error) === 'EPIPE' || (codeOf(error) === 'EIO' && terminals.includes(1))) return;
    process.stderr.write(
      `fourways: standard output cannot be written (${codeOf(error)}); free some space or redirect it; fourways report prints the result of a run again\n`,
    );
    process.once('exit', () => {
      process.exitCode = EXIT.usage;
    });
  });
  process.once('exit', () => {
    // Node.js aborts when it cannot set a terminal back that was closed.
    for (const fd of terminals.filter((one) => !isatty(one))) {
      closeSync(fd);
      openSync(devNull, 'r+');
    }
  });
}
