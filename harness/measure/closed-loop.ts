/** A closed loop over connections of ours: a number of requests under way, each followed by another when its reply comes. */
import type { Connections, Outcome, Prepared, Sender } from './connections.ts';
import { monotonicMs } from './monotonic.ts';

/** How often requests are looked for that have waited for too long. */
const SWEEP_MS = 250;

export interface ClosedLoop {
  go(): void;
  /** Sends nothing more; resolves when no request is under way. */
  drain(): Promise<void>;
}

/**
 * `cycle` is what one of them sends, over and over; they start at different places of it, or all would send the rare class
 * at the same moment.
 */
export function closedLoop(
  connections: Connections,
  cycle: readonly Prepared[],
  { requests, timeoutMs }: { readonly requests: number; readonly timeoutMs: number },
  onOutcome: (outcome: Outcome, startedMs: number) => void,
): ClosedLoop {
  let held = false;
  let onDrained = (): void => {};
  /** When each request under way was sent, by its turn. */
  const sentMs = new Map<number, number>();
  let sweeper: NodeJS.Timeout | undefined;

  const turn = (nth: number): void => {
    let at = Math.floor((nth * cycle.length) / requests);
    const sender: Sender = {
      settled: (outcome) => {
        const startedMs = sentMs.get(nth) ?? 0;
        sentMs.delete(nth);
        onOutcome(outcome, startedMs);
        if (!held) send();
        else if (sentMs.size === 0) onDrained();
      },
    };
    const send = (): void => {
      const prepared = cycle[at++ % cycle.length];
      if (prepared === undefined) return;
      sentMs.set(nth, monotonicMs());
      connections.send(prepared, sender);
    };
    send();
  };

  /** A reply that never comes would take one turn out of the load without a trace. */
  const sweep = (): void => {
    const nowMs = monotonicMs();
    for (const startedMs of sentMs.values()) {
      if (nowMs - startedMs < timeoutMs) continue;
      const message = `a request had no reply within ${timeoutMs / 1000} s`;
      onOutcome({ kind: 'bad', reason: { kind: 'timeout', message }, tolerable: false }, startedMs);
      return;
    }
  };

  return {
    go: () => {
      sweeper = setInterval(sweep, SWEEP_MS);
      for (let nth = 0; nth < requests; nth++) turn(nth);
    },
    drain: () => {
      held = true;
      return new Promise((resolve) => {
        onDrained = () => {
          clearInterval(sweeper);
          resolve();
        };
        if (sentMs.size === 0) onDrained();
      });
    },
  };
}
