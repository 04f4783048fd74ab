import { describe, expect, test } from 'vitest';
import { generatorOf, measurementOf, serverOf, workerOf } from '../../fixtures/measurement.ts';
import { cellOf, failedTrial, manifestOf, okTrial } from '../../fixtures/run.ts';
import { normalStream } from '../../judge/fixtures/two-runs.ts';
import { resolvableChange } from '../../stats/looks.ts';
import type { Run, Trial } from '../../store/schema.ts';
import { type AaRuns, POWER, resolutionOf, type WayResolution } from './resolution.ts';

const cell = cellOf('single');

/** A side with one trial a round, each of 1,050 ms, with these figures of CPU time per request. */
function side(which: 'base' | 'head', cpu: readonly number[], duet = false, more: readonly Trial[] = []): Run {
  const trials = cpu.map((cpuMsPerRequest, round) =>
    okTrial(cell, round, measurementOf({ server: serverOf({ cpuMsPerRequest }) })),
  );
  const manifest = manifestOf({ cells: [cell], budgetMs: 60_000, ab: { id: 'x', side: which, duet } });
  return { manifest, additions: [], trials: [...trials, ...more], end: null };
}

const ones = (count: number): readonly number[] => Array.from({ length: count }, () => 1);
const inTurn = (base: Run, head: Run): AaRuns => ({ way: 'in-turn', runs: { base, head } });
const cpuOf = (runs: AaRuns) => {
  const { metrics } = resolutionOf(runs, [30_000, 60_000], 9000);
  const found = metrics.find(({ metric }) => metric === 'cpu-per-request');
  if (found === undefined) throw new Error('there are no figures of CPU time');
  return found;
};

describe('the smallest change that ab would find', () => {
  // As far above as below, so that no location could be mistaken for the spread.
  const swing = [1.02, 1 / 1.02, 1.02, 1 / 1.02];

  test('follows from the sd about 0, its share of the error, and the rounds that fit', () => {
    const { sdLogRatio, largest, resolves } = cpuOf(inTurn(side('base', ones(4)), side('head', swing)));
    expect(sdLogRatio).toBeCloseTo(Math.log(1.02), 9);
    expect(largest).toBeCloseTo(0.02, 9);
    const change = (rounds: number) =>
      resolvableChange({ sdLogRatio: Math.log(1.02), rounds, margin: 0.03, error: (4 / 11) * 0.05, power: 0.9 });
    // (30 − 9) s ÷ 2.1 s, and (60 − 9) s ÷ 2.1 s
    expect(resolves.map(({ rounds }) => rounds)).toEqual([10, 24]);
    expect(resolves[0]?.change).toBeCloseTo(change(10) ?? Number.NaN, 9);
    expect(resolves[1]?.change).toBeCloseTo(change(24) ?? Number.NaN, 9);
  });

  test('a duet takes as long as one of its sides', () => {
    const runs = { base: side('base', ones(4), true), head: side('head', swing, true) };
    expect(resolutionOf({ way: 'duet', runs }, [30_000], 9000)).toMatchObject({ rounds: 4, roundMs: 1050 });
    expect(cpuOf({ way: 'duet', runs }).resolves.map(({ rounds }) => rounds)).toEqual([20, 48]);
  });

  test('a budget for fewer rounds than three still has three, as ab has', () => {
    const { metrics } = resolutionOf(inTurn(side('base', ones(4)), side('head', swing)), [10_000], 9000);
    expect(metrics[0]?.resolves[0]?.rounds).toBe(3);
  });
});

test('ab finds that change about as often as promised, and half of what exceeds the margin far less often', () => {
  const rounds = 12;
  const noise = normalStream(12);
  const sidesOf = (slower: number) => {
    const cpu = (by: number) => Array.from({ length: rounds }, () => by * Math.exp(0.015 * noise()));
    return { base: side('base', cpu(1)), head: side('head', cpu(slower)) };
  };
  const budgetMs = rounds * 2 * 1050;
  // What many rounds would tell of the spread; it is that of a ratio.
  const sdLogRatio = 0.015 * Math.SQRT2;
  const change =
    resolvableChange({ sdLogRatio, rounds, margin: 0.03, error: (4 / 11) * 0.05, power: POWER }) ?? Number.NaN;
  const found = (by: number): number => {
    const runs = Array.from({ length: 200 }, () => resolutionOf({ way: 'in-turn', runs: sidesOf(by) }, [budgetMs], 0));
    const isFound = ({ metrics }: WayResolution): boolean =>
      metrics.some(({ metric, verdict }) => metric === 'cpu-per-request' && verdict === 'worse');
    return runs.filter(isFound).length / runs.length;
  };
  expect(found(1 + change)).toBeGreaterThan(POWER - 0.08);
  expect(found(1 + 0.03 + (change - 0.03) / 2)).toBeLessThan(0.5);
});

test('a side that is called worse than itself is a false alarm', () => {
  const alarm = cpuOf(inTurn(side('base', ones(5)), side('head', [1.2, 1.21, 1.19, 1.2, 1.2])));
  expect(alarm).toMatchObject({ verdict: 'worse', falseAlarm: true });
  const quiet = cpuOf(inTurn(side('base', ones(5)), side('head', [1, 1.001, 0.999, 1, 1])));
  expect(quiet).toMatchObject({ verdict: 'equivalent', falseAlarm: false });
});

test('a round counts when both sides were valid in it', () => {
  const lost = failedTrial(cell, 4);
  const runs = inTurn(side('base', ones(5)), side('head', ones(4), false, [lost]));
  expect(resolutionOf(runs, [30_000], 0)).toMatchObject({ rounds: 4, failedTrials: 1, failure: null });
});

test('with fewer than three rounds nothing is said but why', () => {
  const lost = [0, 1, 2].map((attempt) => failedTrial(cell, 2, 'timeout', attempt));
  const other = failedTrial(cell, 2, 'other-side');
  const runs = inTurn(side('base', ones(2), false, [other]), side('head', ones(2), false, lost));
  expect(resolutionOf(runs, [30_000], 0)).toMatchObject({
    ...{ rounds: 2, failedTrials: 4, metrics: [] },
    failure: 'a request had no reply within 10 s',
  });
  expect(resolutionOf(inTurn(side('base', []), side('head', [])), [30_000], 0)).toMatchObject({
    ...{ roundMs: null, failure: 'too few rounds were measured' },
  });
});

test('what cannot be judged resolves nothing', () => {
  const idle = (which: 'base' | 'head'): Run => {
    const server = serverOf({ cpuMs: 400, workers: [workerOf(1000, 0.4)] });
    const measurement = measurementOf({ server, generators: generatorOf(1000, 1) });
    const trials = [0, 1, 2, 3].map((round) => okTrial(cell, round, measurement));
    return { ...side(which, []), trials };
  };
  const { metrics } = resolutionOf(inTurn(idle('base'), idle('head')), [30_000], 0);
  const throughput = metrics.find(({ metric }) => metric === 'throughput');
  expect(throughput).toMatchObject({ verdict: 'invalid', falseAlarm: false });
  expect(throughput?.resolves.map(({ change }) => change)).toEqual([null]);
});
