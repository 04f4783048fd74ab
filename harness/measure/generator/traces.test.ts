import { expect, test } from 'vitest';
import { seedFrom } from '../../stats/arrivals.ts';
import { randomStream } from '../../stats/random.ts';
import type { Loss } from '../../store/fault-schema.ts';
import { TIMED_OUT, TraceRecorder } from './senders/trace-recorder.ts';
import { mergeTraces } from './traces.ts';

const LOSSES: readonly Loss[] = [TIMED_OUT, { kind: 'status', status: 503 }, { kind: 'reset', status: null }];

test('without any there is none', () => {
  expect(mergeTraces([])).toBeNull();
});

test('several of one window are what a single one would have recorded of all requests', () => {
  const random = randomStream(seedFrom('traces'));
  const [whole, ...parts] = Array.from({ length: 4 }, () => new TraceRecorder());
  const startMs = 123_456.789;
  for (let i = 0; i < 3000; i++) {
    const dueMs = startMs + 1100 * random() - 50;
    const part = parts[Math.floor(random() * parts.length)];
    const loss = LOSSES[Math.floor(random() * 30)];
    const endedMs = dueMs + 100 * random() ** 4;
    for (const one of [whole, part]) {
      one?.due(dueMs);
      if (loss === undefined) one?.good(dueMs, endedMs);
      else one?.lost(dueMs, loss);
      if (i % 100 === 0) one?.closedIdle(dueMs);
      if (i % 90 === 0) one?.opened(endedMs);
    }
  }
  const merged = mergeTraces(parts.map((one) => one.trace(startMs, 1000)));
  const expected = whole?.trace(startMs, 1000);
  const byKind = (trace: typeof expected | null) => ({
    ...trace,
    lost: trace?.lost.toSorted((a, b) => a.kind.localeCompare(b.kind)),
  });
  expect(byKind(merged)).toEqual(byKind(expected));
});
