/** Traces of several generators as one. */
import type { Loss, Trace } from '../../store/fault-schema.ts';
import { addedBands } from './latency-slices.ts';
import { sparse } from './senders/trace-recorder.ts';

/** Those of one window: its bins are the same in all of them. Null without any. */
export function mergeTraces(all: readonly Trace[]): Trace | null {
  const [first] = all;
  if (first === undefined) return null;
  const counts = (of: (trace: Trace) => readonly number[]): number[] =>
    first.due.map((_, bin) => all.reduce((sum, trace) => sum + (of(trace)[bin] ?? 0), 0));
  const sparseCounts = (of: (trace: Trace) => readonly number[]): number[] => {
    const total = first.due.map(() => 0);
    for (const trace of all) {
      const pairs = of(trace);
      for (let i = 0; i + 1 < pairs.length; i += 2) {
        const [bin = 0, count = 0] = pairs.slice(i, i + 2);
        total[bin] = (total[bin] ?? 0) + count;
      }
    }
    return sparse(total);
  };
  const losses = new Map(all.flatMap(({ lost }) => lost).map((loss) => [keyOf(loss), loss]));
  return {
    binMs: first.binMs,
    due: counts(({ due }) => due),
    latencies: first.latencies.map((_, bin) => addedBands(all.map(({ latencies }) => latencies[bin] ?? []))),
    answered: counts(({ answered }) => answered),
    lost: [...losses].map(([key, { kind, status }]) => ({
      kind,
      status,
      bins: sparseCounts(({ lost }) => lost.find((one) => keyOf(one) === key)?.bins ?? []),
    })),
    closedIdle: sparseCounts(({ closedIdle }) => closedIdle),
    opened: sparseCounts(({ opened }) => opened),
  };
}

function keyOf({ kind, status }: Loss): string {
  return `${kind} ${status}`;
}
