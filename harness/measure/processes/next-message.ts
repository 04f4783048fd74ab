/** Waiting for a message of a child process. Every wait has a limit, and every message is checked against a schema. */
import type { z } from 'zod';
import { endText } from './output.ts';
import type { OwnedProcess } from './registry.ts';

/** Why a message did not come. */
export class NoMessage extends Error {
  override readonly name = 'NoMessage';
  /** Whether the process ended; otherwise it sent nothing valid within the limit. */
  readonly ended: boolean;

  constructor(message: string, ended: boolean) {
    super(message);
    this.ended = ended;
  }
}

/**
 * The next message for which `accept` returns a value. Rejects with NoMessage when the process ends, when the limit passes
 * or when a message does not match the schema, and with the reason of the signal when that fires.
 */
export function nextMessage<M, T>(
  owned: OwnedProcess,
  schema: z.ZodType<M>,
  accept: (message: M) => T | undefined,
  wait: { readonly forWhat: string; readonly limitMs: number; readonly signal: AbortSignal },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      owned.child.off('message', onMessage);
      wait.signal.removeEventListener('abort', onAbort);
      clearTimeout(timer);
      act();
    };
    const fail = (why: string, ended = false): void =>
      settle(() => reject(new NoMessage(`${wait.forWhat}: ${why}`, ended)));
    const onMessage = (raw: unknown): void => {
      const message = schema.safeParse(raw);
      if (!message.success) {
        // A module of the user, or what it loads, may send what it likes, as PM2 and others ask it to. Only what claims to be ours is wrong.
        if (isOurs(raw, message.error)) fail(`unexpected message (${message.error.issues[0]?.message})`);
        return;
      }
      const accepted = accept(message.data);
      if (accepted !== undefined) settle(() => resolve(accepted));
    };
    const onAbort = (): void => settle(() => reject(wait.signal.reason));
    const timer = setTimeout(() => fail(`no answer within ${wait.limitMs / 1000} s`), wait.limitMs);
    owned.child.on('message', onMessage);
    wait.signal.addEventListener('abort', onAbort);
    if (wait.signal.aborted) onAbort();
    void owned.exited.then((how) => fail(`the process ended (${endText(how, owned.recentOutput())})`, true));
  });
}

/** Whether it has a type that the schema knows, and is not as messages of that type are. */
function isOurs(raw: unknown, { issues }: z.ZodError): boolean {
  if (typeof raw !== 'object' || raw === null || !('type' in raw)) return false;
  return !issues.some(({ code, path }) => code === 'invalid_union' && path.length === 1 && path[0] === 'type');
}
