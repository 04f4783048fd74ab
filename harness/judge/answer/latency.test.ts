import { describe, expect, test } from 'vitest';
import { rateCellOf } from '../../fixtures/run.ts';
import { estimateOf } from '../../stats/estimate.ts';
import type { Answer } from '../schema/answer.ts';
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
    lostShare: null,
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

/** By model: how far it is behind at least and at most. */
type Standings = Readonly<Record<string, readonly [atLeast: number, atMost: number | null]>>;

/** What is known of a percentile at the rate of the cells, the best figure first. */
function answer(metric: Answer['metric'], standings: Standings, changes: Partial<Answer> = {}): Answer {
  const models = Object.entries(standings);
  const ids = (some: typeof models): string[] => some.map(([model]) => rateCellOf(model, 100).id.replace(/@.*/, ''));
  const within = ids(models.filter(([, [, atMost]]) => atMost !== null && atMost <= 0.03));
  return {
    metric,
    offeredPerSec: 100,
    rounds: 3,
    best: ids(models.filter(([, [atLeast]]) => atLeast === 0)),
    within,
    level: within.length === models.length,
    models: models.map(([model, [atLeastBehind, atMostBehind]]) => ({
      cell: ids([[model, [0, 0]]])[0] ?? '',
      atLeastBehind,
      atMostBehind,
    })),
    roundsToAnswer: 0,
    ...changes,
  };
}

const told = (cells: readonly RateCell[], ...answers: readonly Answer[]): string =>
  latencyAnswer(cells, {
    cells: cells.map(({ id, model, connectionMode }) => ({ id: id.replace(/@.*/, ''), model, connectionMode })),
    answers,
  });

describe('the models that can be compared', () => {
  const three = [cell('single', 140), cell('fork-pool', 13), cell('cluster', 12)];

  test('the one with the best tail, and how far the others are behind it', () => {
    expect(
      told(three, answer('latency-p99', { cluster: [0, 0], 'fork-pool': [0.021, 0.142], single: [9.2, 12.31] })),
    ).toBe(
      'The p99 of cluster is 12.0 ms, the shortest. fork-pool takes 2.1% to 15% longer; single 10 to 14 times as long.',
    );
  });

  test('of those that may be the best, the one that seems to be', () => {
    expect(told(three, answer('latency-p99', { cluster: [0, 0.021], 'fork-pool': [0, 0.3], single: [0, 3.04] }))).toBe(
      'The p99 of cluster is 12.0 ms, the shortest or at most 2.1% longer. ' +
        'fork-pool takes at most 30% longer; single at most 4.1 times as long.',
    );
  });

  test('level only when none can be farther behind than the margin', () => {
    const known = { cluster: [0, 0.012], 'fork-pool': [0.002, 0.0291] } as const;
    expect(told(three, answer('latency-p99', { ...known, single: [0, 0.02] }))).toBe(
      'cluster, single and fork-pool are level: their p99 is about 12.0 ms, and none is more than 3% longer than the shortest.',
    );
    expect(told(three, answer('latency-p99', { ...known, single: [0, 0.031] }))).not.toContain('level');
  });

  test('by the median where the tail of one has too few requests in each trial', () => {
    const cells = [cell('cluster', 12), cell('single', 140)];
    const [p99, p50] = [answer('latency-p99', { cluster: [0, 0] }), { cluster: [0, 0], single: [0.1, 0.3] } as const];
    expect(told(cells, p99, answer('latency-p50', p50))).toBe(
      'The p50 of cluster is 1.00 ms, the shortest. single takes 10% to 30% longer.',
    );
  });

  test('at this rate and no other', () => {
    const other = answer('latency-p99', { cluster: [0, 0], single: [0.1, 0.3] }, { offeredPerSec: 99 });
    expect(told([cell('single', 140), cell('cluster', 12)], other)).toContain('this is not a ranking');
  });

  test('one by itself', () => {
    expect(told([cell('cluster', 12)])).toBe('The p99 is 12.0 ms for cluster.');
  });

  test('the highest percentile that all of them have, where they are not compared', () => {
    const without = { ...none, p50: exactly(1), p90: exactly(7) };
    const few = 'there are too few rounds to compare them, so this is not a ranking.';
    expect(told([cell('cluster', 12), cell('single', without)])).toBe(
      `The p90 is 2.00 ms for cluster and 7.00 ms for single: ${few}`,
    );
    expect(told([cell('cluster', 12), cell('single', { ...none, p50: exactly(7) })])).toMatch(/^The p50 is 1\.00 ms /);
    expect(told([cell('cluster', 12), cell('single', none)])).toBe(
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
    const cells = [cell('single', 1, classes(14, 10)), cell('cluster', 99, classes(12, 300))];
    expect(told(cells, answer('latency-p99', { cluster: [0, 0], single: [0.1, 0.3] }))).toBe(
      'The p99 of light requests of cluster is 12.0 ms, the shortest. single takes 10% to 30% longer.',
    );
    expect(told(cells, answer('latency-p99', { cluster: [0, 0], single: [0, 0.01] }))).toBe(
      'cluster and single are level: their p99 of light requests is about 12.0 ms, and none is more than 1% longer than the shortest.',
    );
  });

  test('only figures before there are enough rounds, or when these contradict each other', () => {
    const cells = [cell('single', 140), cell('cluster', 0.5)];
    const unknown = { single: [0, null], cluster: [0, null] } as const;
    expect(told(cells, answer('latency-p99', unknown))).toBe(
      'The p99 is 0.50 ms for cluster and 140 ms for single: there are too few rounds to compare them, so this is not a ranking.',
    );
    expect(told(cells, answer('latency-p99', unknown, { best: [] }))).toContain(
      'early and late rounds contradict each other, so this is not a ranking.',
    );
  });

  test('only figures where the percentile lies among requests without a reply, which may have taken any time', () => {
    const lost = tail({ ms: 10_000, low: null, high: null, atLeast: true });
    const cells = [cell('single', lost, { unfinished: 30 }), cell('cluster', 12)];
    expect(told(cells, answer('latency-p99', { cluster: [0, 0], single: [800, 900] }))).toBe(
      'The p99 is 12.0 ms for cluster and at least 10,000 ms for single: requests without a reply leave no interval, so this is not a ranking.',
    );
  });
});

describe('a connection per request', () => {
  const perRequest = (one: RateCell): RateCell => ({
    ...one,
    id: one.id.replace('@', '/per-request@'),
    connectionMode: 'per-request',
  });

  test('is said where both ways occur', () => {
    const known = answer('latency-p99', { single: [0, 0], 'single/per-request': [0.4, 0.9] });
    expect(told([cell('single', 10), perRequest(cell('single', 30))], known)).toBe(
      'The p99 of single is 10.0 ms, the shortest. single with a connection per request takes 40% to 90% longer.',
    );
  });

  test('is not said where there is no other', () => {
    expect(told([perRequest(cell('single', 10))])).toBe('The p99 is 10.0 ms for single.');
  });

  test('is said of what has no result as well', () => {
    expect(told([cell('single', 10), perRequest(cell('single', null))])).toBe(
      'The p99 is 10.0 ms for single. single with a connection per request had no valid trial.',
    );
  });
});

describe('models that are not compared are named, with the reason', () => {
  const others = [cell('cluster', 12), cell('fork-pool', 20)];
  const known = answer('latency-p99', { cluster: [0, 0], 'fork-pool': [0.5, 0.8] });
  const compared = 'he p99 of cluster is 12.0 ms, the shortest. fork-pool takes 50% to 80% longer.';

  test('one that did not keep up', () => {
    const behind = { keptUp: false, ...by('workers') };
    expect(told([cell('single', 5000, behind), cell('cluster', 12)])).toBe(
      'The p99 is 12.0 ms for cluster. single did not keep up with this rate: its latency grows as long as the load lasts.',
    );
    expect(told([cell('single', 5000, behind), cell('cluster', 1200, behind)])).toBe(
      'single and cluster did not keep up with this rate: their latency grows as long as the load lasts.',
    );
  });

  test.each([
    ['machine', 'the CPUs were used up by more than the server'],
    ['connections', 'requests waited for a connection'],
    ['upstream', 'the service behind the handler was saturated'],
    ['unclear', 'requests piled up and no bottleneck was found'],
  ] as const)('%s', (label, why) => {
    expect(told([cell('single', 5, by(label)), ...others], known)).toBe(
      `T${compared} single is not compared, because ${why}.`,
    );
  });

  test('generator', () => {
    expect(told([cell('single', 15, by('generator')), ...others], known)).toBe(
      `T${compared} single is not compared, because the load generator itself was late.`,
    );
  });

  test('but one that is faster although the generator was late is faster', () => {
    expect(told([cell('single', 5, by('generator')), ...others], known)).toBe(
      `Where the load generator was on time: t${compared} ` +
        'The p99 is lower still, at most 5.00 ms for single, even though part of that is delay of the load generator.',
    );
  });

  test('together where the reason is the same, and never twice', () => {
    const late = { keptUp: false, ...by('generator') };
    expect(told([cell('single', 5, late), cell('cluster', 12, late), cell('fork-pool', 9, by('machine'))])).toBe(
      'single and cluster are not compared, because the load generator itself was late. ' +
        'fork-pool is not compared, because the CPUs were used up by more than the server.',
    );
  });

  test('one without a valid trial', () => {
    expect(told([cell('single', null), cell('cluster', 12)])).toBe(
      'The p99 is 12.0 ms for cluster. single had no valid trial.',
    );
    expect(told([cell('single', null), cell('cluster', null)])).toBe('single and cluster had no valid trial.');
  });

  test('nothing at all', () => {
    expect(told([])).toBe('No trial was valid, so there is no result.');
  });
});
