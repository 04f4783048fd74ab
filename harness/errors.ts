import type { z } from 'zod';

/** Exit codes, the same for every command. */
export const EXIT = {
  fine: 0,
  /** A regression, or a threshold that does not hold. */
  broken: 1,
  /** The command was wrong: a flag, a file or a user's module. */
  usage: 2,
  /** Measured, but not to be trusted. */
  untrusted: 3,
  /** A bug of fourways itself (EX_SOFTWARE of sysexits.h). */
  bug: 70,
  interrupted: 130,
} as const;

/**
 * Something that the user can fix. The message is one line that names the flag or file and what to do; it is printed
 * without a stack, and the exit code is 2 unless another one is given. Every other error is a bug and shows its stack.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT.usage) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** What was named does not start, or does not answer as it should: the command may be wrong, or what it names, or it was chance. */
export class CannotRun extends UserError {}

/** Thrown when the run was stopped by a signal. Nothing is lost: finished trials are in the run file. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** The message of whatever was thrown, on one line. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\s*\n\s*/g, ' ').trim();
}

/** What is wrong first, with where it is: `parameters.n.min: Invalid input`. */
export function issueOf(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return error.message;
  return `${issue.path.join('.') || 'value'}: ${issue.message}`;
}

/** Codes of what this process or the system has too little of: no other folder would help. */
const OF_RESOURCES = /^(?:EMFILE|ENFILE|EAGAIN|ENOMEM|ERR_.*)$/;

/** The code of an error for which a file or a folder is to blame; undefined for anything else. */
export function codeOfFile(error: unknown): string | undefined {
  const code = codeOf(error);
  return code === undefined || OF_RESOURCES.test(code) ? undefined : code;
}

/** The code of a system error, such as `EACCES`; undefined for anything else. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** What to do about an error of the system, by its code. */
const WAYS_OUT: Readonly<Record<string, string>> = {
  ENOSPC: 'free some space',
  EDQUOT: 'free some space',
  EFBIG: 'raise the limit on the size of files (ulimit -f)',
  EROFS: 'name a folder that may be written to',
  EACCES: 'name one that you may use, or change who may',
  EPERM: 'name one that you may use, or change who may',
  EIO: 'the disk or the terminal may be damaged or gone; try another one',
  ENXIO: 'what it leads to is gone; name another one',
  ESTALE: 'what it leads to is gone; name another one',
  ENAMETOOLONG: 'name something shorter',
  EMFILE: 'raise the limit on open files with ulimit -n',
  ENFILE: 'end other programs: the system has no more open files',
  EAGAIN: 'end other programs, or raise the limit on processes (ulimit -u)',
  ENOMEM: 'end other programs, or give it more memory',
  ERR_WORKER_OUT_OF_MEMORY: 'give it less to draw, or more memory with NODE_OPTIONS=--max-old-space-size=4096',
};

/** What to do about an error of the system, given by its code; else what is said here. */
export function wayOut(code: string | undefined, otherwise: string): string {
  const way = code !== undefined && Object.hasOwn(WAYS_OUT, code) ? WAYS_OUT[code] : undefined;
  return way ?? otherwise;
}

/** An error that the system caused, and not fourways, as a mistake with its way out; null for any other error. */
export function systemFault(error: unknown): UserError | null {
  if (!(error instanceof Error)) return null;
  if ('syscall' in error && error.syscall === 'uv_cwd') {
    return new UserError('the working folder is not there any more; change to another one');
  }
  const code = codeOf(error) ?? '';
  // A thread that cannot start has the code only in its message.
  const [cause = code] = code === 'ERR_WORKER_INIT_FAILED' ? (/\bE[A-Z]{3,}\b/.exec(error.message) ?? []) : [];
  const way = wayOut(cause, '');
  return way === '' ? null : new UserError(`${messageOf(error)}; ${way}`);
}

/** Runs a step of the user's own code. An error in it is theirs to fix, so it becomes a UserError that says where. */
export async function asUserError<T>(what: string, signal: AbortSignal, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (signal.aborted || error instanceof UserError) throw error;
    throw new UserError(`${what}: ${messageOf(error)}`);
  }
}
