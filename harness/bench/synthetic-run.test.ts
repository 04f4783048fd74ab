import { expect, test } from 'vitest';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { isRankable } from '../judge/bottleneck/limited-by.ts';
import { summarise } from '../judge/summary.ts';
import { tracesOf } from '../judge/traces/traces.ts';
import { readRun } from '../store/read-run.ts';
import { syntheticRun, writeSyntheticRun } from './synthetic-run.ts';

/** Two trials of each cell, of the scenario for which every chart has something to draw. Others have many times as many requests. */
const SIZE = { trials: 40, scenarios: 1, seed: 3 } as const;

test('the same seed gives the same run, and another one another', () => {
  const first = (seed: number = SIZE.seed): string => {
    const lines = syntheticRun({ ...SIZE, seed });
    return JSON.stringify(Array.from({ length: 9 }, () => lines.next().value));
  };
  const once = first();
  expect(first()).toBe(once);
  expect(first(4)).not.toBe(once);
  expect(once.match(/"type":"trial"/gu)?.length).toBe(6);
});

test('there are three scenarios unless one is asked for', () => {
  const [manifest] = syntheticRun({ trials: SIZE.trials, seed: SIZE.seed });
  expect(manifest).toMatchObject({
    type: 'manifest',
    scenarios: [{ name: 'hello' }, { name: 'cpu' }, { name: 'mixed' }],
  });
});

test('it is a run file that can be read, and every chart has something to draw', () => {
  const run = readRun(writeSyntheticRun(temporaryFolder(), SIZE), { salvage: false });
  expect(run.trials).toHaveLength(SIZE.trials);
  expect(run.end?.reason).toBe('complete');
  const { scenarios } = summarise(run);
  const capacity = scenarios.flatMap(({ cells }) => cells);
  expect(capacity).toHaveLength(4);
  expect(capacity.every(({ result }) => result !== null && isRankable(result.limitedBy))).toBe(true);
  const rates = scenarios.flatMap(({ latency }) => latency?.cells ?? []);
  expect(rates).toHaveLength(16);
  expect(rates.every(({ result }) => result !== null && result.latency.p90 !== null)).toBe(true);
  expect(scenarios.flatMap(({ latency }) => latency?.common ?? [])).toHaveLength(2);
  expect(rates.some(({ result }) => (result?.classes.length ?? 0) > 1)).toBe(true);
  const { timelines, curves } = tracesOf(run);
  expect(timelines).toHaveLength(SIZE.trials);
  expect(Math.min(...timelines.map(({ perSec }) => perSec.length))).toBeGreaterThan(30);
  expect(new Set(curves.map(({ cell }) => cell)).size).toBe(20);
});
