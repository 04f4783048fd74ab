/** Waiting for a message of a child process. Every wait has a limit, and every message is checked. */
import type { z } from 'zod';
import type { Kept } from './keeper.ts';
import { endText } from './last-words.ts';

/** Why a message did not come. */
export class NoMessage extends Error {
  override readonly name = 'NoMessage';
  /** Whether the process ended, and not merely said nothing in time. */
  readonly ended: boolean;

  constructor(message: string, ended: boolean) {
    super(message);
    this.ended = ended;
  }
}

/**
 * The next message that `accept` turns into something. Rejects when the process ends, when the limit passes, when the
 * signal fires, or when a message is not of the schema.
 */
export function nextMessage<M, T>(
  kept: Kept,
  schema: z.ZodType<M>,
  accept: (message: M) => T | undefined,
  wait: { readonly forWhat: string; readonly limitMs: number; readonly signal: AbortSignal },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      kept.child.off('message', onMessage);
      wait.signal.removeEventListener('abort', onAbort);
      clearTimeout(timer);
      act();
    };
    const fail = (why: string, ended = false): void =>
      settle(() => reject(new NoMessage(`${wait.forWhat}: ${why}`, ended)));
    const onMessage = (raw: unknown): void => {
      // A user's module that tells a process manager it is ready, as PM2 asks it to, tells us.
      if (typeof raw !== 'object') return;
      const message = schema.safeParse(raw);
      if (!message.success) {
        fail(`a message that is not understood (${message.error.issues[0]?.message})`);
        return;
      }
      const accepted = accept(message.data);
      if (accepted !== undefined) settle(() => resolve(accepted));
    };
    const onAbort = (): void => settle(() => reject(wait.signal.reason));
    const timer = setTimeout(() => fail(`nothing within ${wait.limitMs / 1000} s`), wait.limitMs);
    kept.child.on('message', onMessage);
    wait.signal.addEventListener('abort', onAbort);
    if (wait.signal.aborted) onAbort();
    void kept.exited.then((how) => fail(`the process ended (${endText(how, kept.lastWords())})`, true));
  });
}
