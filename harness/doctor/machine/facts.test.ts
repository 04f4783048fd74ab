import { expect, test } from 'vitest';
import { readQuietFacts, stealBetween, watchMachine } from './facts.ts';

const ticks = (total: number, idle: number, steal: number) => new Map([[0, { total, idle, steal }]]);

test('steal is a share of the time that was wanted, so idle CPUs do not hide it', () => {
  expect(stealBetween(ticks(1000, 900, 0), ticks(2000, 1700, 50))).toBeCloseTo(0.25);
  expect(stealBetween(ticks(1000, 900, 0), ticks(2000, 1900, 0))).toBeNull();
  expect(stealBetween(null, ticks(1, 1, 0))).toBeNull();
});

test('this machine can be read, and the reading can be stopped', async () => {
  const busy = watchMachine();
  const facts = await readQuietFacts(new AbortController().signal);
  expect(facts.availableCpus.count).toBeGreaterThanOrEqual(1);
  expect(facts.clockStepUs).toBeGreaterThan(0);
  expect(busy().elapsedMs).toBeGreaterThan(500);
  await expect(readQuietFacts(AbortSignal.abort(new Error('stop')))).rejects.toThrow();
});
