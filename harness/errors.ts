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

/** The code of a system error, such as `EACCES`; undefined for anything else. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
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
