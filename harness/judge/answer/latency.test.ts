import { describe, expect, test } from 'vitest';
import { rateCellOf } from '../../fixtures/run.ts';
import { estimateOf } from '../../stats/estimate.ts';
import type { Percentile, Percentiles } from '../schema/capacity.ts';
import type { RateCell, RateResult } from '../schema/rate.ts';
import { latencyAnswer } from './latency.ts';

const exactly = (ms: number, off = 0.1): Percentile => ({
  ms,
  low: ms * (1 - off),
  high: ms * (1 + off),
  atLeast: false,
});
const none: Percentiles = { p50: null, p90: null, p99: null, p999: null, maxMs: 0 };
const tail = (p99: Percentile): Percentiles => ({ ...none, p50: exactly(1), p90: exactly(2), p99 });
const one = estimateOf([1, 1, 1]);

/** A cell with this p99, in which nothing was at its end. */
function cell(model: string, latency: Percentiles | number | null, changes: Partial<RateResult> = {}): RateCell {
  const { id, style, workers, connections, connectionMode } = rateCellOf(model, 100);
  const result: RateResult = {
    requests: 3000,
    servedPerSec: one,
    keptUp: true,
    latency: typeof latency === 'number' ? tail(exactly(latency)) : (latency ?? none),
    classes: [],
    serviceMs: { p50: 1, p99: 1 },
    sendDelayMs: { p50: 0, p99: 0 },
    unfinished: 0,
    errors: 0,
    connections: { most: 64, waited: 0 },
    backlog: { start: 0, end: 0 },
    cpuMsPerRequest: one,
    utilisation: { front: null, workers: 0.5 },
    workerShares: [1],
    fairness: 1,
    limitedBy: { by: 'offered-rate', evidence: '' },
    trials: [],
    ...changes,
  };
  const about = { id, model, style, workers, connections, connectionMode, offeredPerSec: 100 };
  return {
    ...about,
    trialsOk: 3,
    trialsFailed: 0,
    trialsDisturbed: 0,
    givenUp: null,
    result: latency === null ? null : result,
  };
}
const by = (label: RateResult['limitedBy']['by']) => ({ limitedBy: { by: label, evidence: '' } });

describe('the models that can be compared', () => {
  test('the fastest in the tail, and the others after it', () => {
    expect(latencyAnswer([cell('single', 140), cell('fork-pool', 20), cell('cluster', 12)])).toBe(
      'cluster has the lowest p99, 12.0 ms, against 20.0 ms for fork-pool and 140 ms for single (12 times as long).',
    );
  });

  test.each([
    [1.94, ''],
    [1.96, ' (2.0 times as long)'],
    [9.94, ' (9.9 times as long)'],
    [60.4, ' (60 times as long)'],
  ])('%d times as long: %j', (ratio, text) => {
    expect(latencyAnswer([cell('single', 10 * ratio), cell('cluster', 10)])).toMatch(
      new RegExp(`for single${text.replace(/[()]/g, '\\$&')}\\.$`),
    );
  });

  test('level by intervals that overlap with that of the best', () => {
    expect(latencyAnswer([cell('single', 140), cell('fork-pool', 13), cell('cluster', 12)])).toBe(
      'cluster and fork-pool are level: their p99 is about 12.0 ms, against 140 ms for single (12 times as long).',
    );
    expect(latencyAnswer([cell('worker-threads', 12.5), cell('fork-pool', 13), cell('cluster', 12)])).toBe(
      'cluster, worker-threads and fork-pool are level: their p99 is about 12.0 ms, and the trials cannot tell them apart.',
    );
  });

  test('level with the best is not who is level with the second only', () => {
    // 12 ± 10%, 14 ± 10% and 16.5 ± 10%: each overlaps with its neighbour.
    expect(latencyAnswer([cell('cluster', 12), cell('fork-pool', 14), cell('single', 16.5)])).toBe(
      'cluster and fork-pool are level: their p99 is about 12.0 ms, against 16.5 ms for single.',
    );
  });

  test('one by itself', () => {
    expect(latencyAnswer([cell('cluster', 12)])).toBe('The p99 is 12.0 ms for cluster.');
  });

  test('the highest percentile that all of them have', () => {
    const without = { ...none, p50: exactly(1), p90: exactly(7) };
    expect(latencyAnswer([cell('cluster', 12), cell('single', without)])).toBe(
      'cluster has the lowest p90, 2.00 ms, against 7.00 ms for single (3.5 times as long).',
    );
    expect(latencyAnswer([cell('cluster', 12), cell('single', { ...none, p50: exactly(7) })])).toMatch(
      / lowest p50, 1\.00 ms/,
    );
    expect(latencyAnswer([cell('cluster', 12), cell('single', none)])).toBe(
      'There were too few requests for a median of every model.',
    );
  });

  test('of several classes, the first', () => {
    const classes = (light: number, heavy: number) => ({
      classes: [
        { name: 'light', requests: 900, unfinished: 0, latency: tail(exactly(light)) },
        { name: 'heavy', requests: 100, unfinished: 0, latency: tail(exactly(heavy)) },
      ],
    });
    expect(latencyAnswer([cell('single', 1, classes(140, 10)), cell('cluster', 99, classes(12, 300))])).toBe(
      'cluster has the lowest p99 of light requests, 12.0 ms, against 140 ms for single (12 times as long).',
    );
    expect(latencyAnswer([cell('single', 1, classes(12, 10)), cell('cluster', 99, classes(12, 300))])).toBe(
      'single and cluster are level: their p99 of light requests is about 12.0 ms, and the trials cannot tell them apart.',
    );
  });

  test('without intervals only figures', () => {
    const bare = (ms: number): Percentiles => tail({ ms, low: null, high: null, atLeast: false });
    expect(latencyAnswer([cell('single', bare(140)), cell('cluster', bare(0.5))])).toBe(
      'The p99 is 0.50 ms for cluster and 140 ms for single: there are too few trials for intervals, so this is not a ranking.',
    );
  });

  test('without intervals because of requests without a reply: that is said, and not that trials are too few', () => {
    const lost = tail({ ms: 10_000, low: null, high: null, atLeast: true });
    expect(latencyAnswer([cell('single', lost, { unfinished: 30 }), cell('cluster', 12)])).toBe(
      'The p99 is 12.0 ms for cluster and at least 10,000 ms for single: requests without a reply leave no interval, so this is not a ranking.',
    );
  });
});

describe('a connection per request', () => {
  const perRequest = (one: RateCell): RateCell => ({ ...one, connectionMode: 'per-request' });

  test('is said where both ways occur', () => {
    expect(latencyAnswer([cell('single', 10), perRequest(cell('single', 30))])).toBe(
      'single has the lowest p99, 10.0 ms, against 30.0 ms for single with a connection per request (3.0 times as long).',
    );
  });

  test('is not said where there is no other', () => {
    expect(latencyAnswer([perRequest(cell('single', 10))])).toBe('The p99 is 10.0 ms for single.');
  });

  test('is said of what has no result as well', () => {
    expect(latencyAnswer([cell('single', 10), perRequest(cell('single', null))])).toBe(
      'The p99 is 10.0 ms for single. single with a connection per request had no valid trial.',
    );
  });
});

describe('models that are not compared are named, with the reason', () => {
  test('one that did not keep up', () => {
    const behind = { keptUp: false, ...by('workers') };
    expect(latencyAnswer([cell('single', 5000, behind), cell('cluster', 12)])).toBe(
      'The p99 is 12.0 ms for cluster. single did not keep up with this rate: its latency grows as long as the load lasts.',
    );
    expect(latencyAnswer([cell('single', 5000, behind), cell('cluster', 1200, behind)])).toBe(
      'single and cluster did not keep up with this rate: their latency grows as long as the load lasts.',
    );
  });

  test.each([
    ['machine', 'server and load generator shared CPUs that were fully used'],
    ['connections', 'requests waited for a connection'],
    ['upstream', 'the service behind the handler was saturated'],
    ['unclear', 'requests piled up and no bottleneck was found'],
  ] as const)('%s', (label, why) => {
    expect(latencyAnswer([cell('single', 5, by(label)), cell('cluster', 12), cell('fork-pool', 20)])).toBe(
      `cluster has the lowest p99, 12.0 ms, against 20.0 ms for fork-pool. single is not compared, because ${why}.`,
    );
  });

  test('generator', () => {
    expect(latencyAnswer([cell('single', 15, by('generator')), cell('cluster', 12), cell('fork-pool', 20)])).toBe(
      'cluster has the lowest p99, 12.0 ms, against 20.0 ms for fork-pool. single is not compared, because the load generator itself was late.',
    );
  });

  test('but one that is faster although the generator was late is faster', () => {
    expect(latencyAnswer([cell('single', 5, by('generator')), cell('cluster', 12), cell('fork-pool', 20)])).toBe(
      'Where the load generator was on time: cluster has the lowest p99, 12.0 ms, against 20.0 ms for fork-pool. ' +
        'It is lower still, at most 5.00 ms for single, even though part of that is delay of the load generator.',
    );
  });

  test('together where the reason is the same, and never twice', () => {
    const late = { keptUp: false, ...by('generator') };
    expect(
      latencyAnswer([cell('single', 5, late), cell('cluster', 12, late), cell('fork-pool', 9, by('machine'))]),
    ).toBe(
      'single and cluster are not compared, because the load generator itself was late. ' +
        'fork-pool is not compared, because server and load generator shared CPUs that were fully used.',
    );
  });

  test('one without a valid trial', () => {
    expect(latencyAnswer([cell('single', null), cell('cluster', 12)])).toBe(
      'The p99 is 12.0 ms for cluster. single had no valid trial.',
    );
    expect(latencyAnswer([cell('single', null), cell('cluster', null)])).toBe('single and cluster had no valid trial.');
  });

  test('nothing at all', () => {
    expect(latencyAnswer([])).toBe('No trial was valid, so there is no result.');
  });
});
