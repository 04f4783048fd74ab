import { expect, test } from 'vitest';
import { type Costs, costsOf } from '../harness/costs/costs.ts';
import { OPERATIONS } from '../harness/costs/operations.ts';
import { costsText, meaningsOf } from './costs.ts';

/** Launches whose figures grow with the place of the operation in the list. */
const launched = OPERATIONS.flatMap((operation, i) =>
  [1, 1.1, 1 / 1.1].map((factor) => ({
    operation,
    launch: { wallUs: 10 * (i + 1) * factor, cpuUs: 20 * (i + 1) * factor, samples: 10, elapsedUs: 1e6 },
  })),
);
const costs: Costs = {
  ...{ version: '1.0.0', startedAt: '2026-01-01T00:00:00.000Z', seed: 1, node: '20.20.0', cpuModel: 'a CPU' },
  ...{ rounds: 3, costs: costsOf(OPERATIONS, launched, 2) },
};
const look = { colour: false };

test('a table for each group, which fits a terminal, and what the figures mean', () => {
  const text = costsText(costs, look);
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect(text).toContain('A message there and back, µs');
  expect(text).toMatch(/process, IPC json +230 +240 +250 +260/);
  expect(text.replace(/\s+/g, ' ')).toContain(
    'A job to a forked worker and back takes 400 µs of CPU time more than a function call, to a worker thread 240 µs',
  );
  expect(text).toContain('Node 20.20.0, a CPU');
});

test('what was not timed is not spoken of', () => {
  const some = { ...costs, costs: costs.costs.filter(({ operation }) => operation.group === 'sockets') };
  const text = costsText(some, look);
  expect(text).toContain('A new connection until its answer, µs');
  expect(text).not.toContain('A message');
  expect(meaningsOf(some.costs)).toHaveLength(1);
});

test('a figure that cannot be true is said, and nothing follows from it', () => {
  const wrong = costs.costs.map((cost) =>
    cost.operation.of === 'passed' ? { ...cost, impossible: 'more CPU time than 2 CPUs have' } : cost,
  );
  expect(costsText({ ...costs, costs: wrong }, look)).toContain(
    'passed to a forked child: this cannot be true, more CPU time than 2 CPUs have.',
  );
  expect(meaningsOf(wrong)).toHaveLength(3);
});
