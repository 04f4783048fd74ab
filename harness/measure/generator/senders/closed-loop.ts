/** A closed loop over our own connections: a number of requests under way, each followed by another when its reply arrives. */
import { monotonicMs } from '../load.ts';
import { type Connections, type Outcome, type Prepared, type Sender, timedOut } from './connections.ts';
import { TIMED_OUT } from './trace-recorder.ts';

/** How often requests that exceed the time-out are looked for. */
const SWEEP_MS = 250;

export interface ClosedLoop {
  go(): void;
  /** Sends nothing more; resolves when no request is under way. */
  drain(): Promise<void>;
  /** Sends nothing more, and ignores what still arrives. */
  close(): void;
}

/** `next` returns the next request of the order that all of them share. */
export function closedLoop(
  connections: Connections,
  next: () => Prepared,
  { requests, timeoutMs }: { readonly requests: number; readonly timeoutMs: number },
  onOutcome: (outcome: Outcome, startedMs: number, prepared: Prepared) => void,
): ClosedLoop {
  let isDraining = false;
  let onDrained = (): void => {};
  let closed = false;
  /** Requests under way, by number. */
  const underWay = new Map<number, { readonly prepared: Prepared; readonly startedMs: number }>();
  let sweeper: NodeJS.Timeout | undefined;

  const startNth = (nth: number): void => {
    const sender: Sender = {
      settled: (outcome) => {
        const sent = underWay.get(nth);
        if (closed || sent === undefined) return;
        underWay.delete(nth);
        onOutcome(outcome, sent.startedMs, sent.prepared);
        if (!isDraining) send();
        else if (underWay.size === 0) onDrained();
      },
    };
    const send = (): void => {
      const prepared = next();
      underWay.set(nth, { prepared, startedMs: monotonicMs() });
      connections.send(prepared, sender);
    };
    send();
  };

  /** A reply that never arrives would silently reduce the load by one request. */
  const sweep = (): void => {
    const nowMs = monotonicMs();
    for (const { startedMs, prepared } of underWay.values()) {
      if (nowMs - startedMs < timeoutMs) continue;
      onOutcome({ kind: 'bad', reason: timedOut(timeoutMs), loss: TIMED_OUT }, startedMs, prepared);
      return;
    }
  };

  return {
    go: () => {
      sweeper = setInterval(sweep, SWEEP_MS);
      for (let nth = 0; nth < requests; nth++) startNth(nth);
    },
    drain: () => {
      isDraining = true;
      return new Promise((resolve) => {
        onDrained = () => {
          clearInterval(sweeper);
          resolve();
        };
        if (underWay.size === 0) onDrained();
      });
    },
    close: () => {
      closed = true;
      isDraining = true;
      clearInterval(sweeper);
    },
  };
}
