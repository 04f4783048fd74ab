/** A closed loop over connections of ours: a number of requests under way, each followed by another when its reply comes. */
import type { Connections, Outcome, Prepared, Sender } from './connections.ts';
import { monotonicMs } from './monotonic.ts';

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
  requests: number,
  onOutcome: (outcome: Outcome, startedMs: number) => void,
): ClosedLoop {
  let underWay = 0;
  let held = false;
  let onDrained = (): void => {};

  const turn = (start: number): void => {
    let at = start;
    let startedMs = 0;
    const sender: Sender = {
      settled: (outcome) => {
        underWay--;
        onOutcome(outcome, startedMs);
        if (!held) send();
        else if (underWay === 0) onDrained();
      },
    };
    const send = (): void => {
      const prepared = cycle[at++ % cycle.length];
      if (prepared === undefined) return;
      underWay++;
      startedMs = monotonicMs();
      connections.send(prepared, sender);
    };
    send();
  };

  return {
    go: () => {
      for (let i = 0; i < requests; i++) turn(Math.floor((i * cycle.length) / requests));
    },
    drain: () => {
      held = true;
      return new Promise((resolve) => {
        onDrained = resolve;
        if (underWay === 0) resolve();
      });
    },
  };
}
