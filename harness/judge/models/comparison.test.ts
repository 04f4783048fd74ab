import { describe, expect, test } from 'vitest';
import { cellOfRounds, type Measured } from '../fixtures/contenders.ts';
import type { CellSummary, Comparison, LimitedBy } from '../schema/summary.ts';
import { compareCells } from './comparison.ts';
import type { Judging } from './judging.ts';

const once: Judging = { margin: 0.03, looks: 'once' };
const COSTS: readonly Comparison['metric'][] = ['cpu-per-request', 'start-up', 'peak-memory'];
/** Rounds of one machine, which is slower in some of them: by more than most models differ. */
const ROUNDS = [1000, 700, 1200, 900, 1100];
/** A thousandth or so up or down, by round. */
const JITTER = [1, 1.001, 0.999, 1.0005, 0.9995];

const cellWith = (model: string, measured: Partial<Measured> = {}): CellSummary =>
  cellOfRounds(model, { rates: ROUNDS, ...measured });
/** So many times the rates of the rounds, with some noise. */
const times = (factor: number): number[] => ROUNDS.map((rate, i) => rate * factor * (JITTER[i] ?? 1));
const noisy = (value: number): number[] => JITTER.map((factor) => value * factor);

const hintOf = ({ model, result: measured }: CellSummary): string | null =>
  measured?.limitedBy.by === 'generator' ? `give ${model} more --generators` : null;
const compare = (...cells: readonly CellSummary[]): readonly Comparison[] => compareCells(cells, hintOf, once);

function on(metric: Comparison['metric'], comparisons: readonly Comparison[]): Comparison {
  const [comparison, ...rest] = comparisons.filter((one) => one.metric === metric);
  if (comparison === undefined || rest.length > 0) throw new Error(`not one comparison of ${metric}`);
  return comparison;
}
const throughput = (baseline: Partial<Measured>, candidate: Partial<Measured>): Comparison =>
  on('throughput', compare(cellWith('single', baseline), cellWith('cluster', candidate)));

test('reasons name the ways of using connections where there are both', () => {
  const kept = cellWith('cluster');
  const fresh: CellSummary = {
    ...cellWith('cluster', { by: 'connections' }),
    id: 'cpu/cluster/per-request',
    connectionMode: 'per-request',
  };
  expect(compare(kept, fresh)[0]?.reason).toBe('cluster with a connection per request: limited by the connections');
  expect(compare(kept, { ...fresh, result: null })[0]?.reason).toBe(
    'no valid figures for cluster with a connection per request',
  );
});

describe('two cells that the server itself limited', () => {
  test('are compared by throughput and by what they cost, and by nothing else', () => {
    const found = compare(cellWith('single'), cellWith('cluster', { rates: times(2) }));
    expect(found.map(({ metric }) => metric)).toEqual(['throughput', ...COSTS]);
    expect(found[0]).toEqual({
      candidate: 'cpu/cluster',
      baseline: 'cpu/single',
      metric: 'throughput',
      ratio: {
        point: expect.closeTo(2, 2),
        low: expect.closeTo(2, 2),
        high: expect.closeTo(2, 2),
        level: 0.95,
        trials: 5,
      },
      verdict: 'better',
      reason: 'the whole interval is beyond the margin of 3%',
      roundsToSettle: null,
      hint: null,
    });
  });

  test.each<[Comparison['verdict'], number]>([
    ['better', 1.04],
    ['worse', 1 / 1.04],
    ['equivalent', 1.02],
    ['equivalent', 1 / 1.02],
    ['equivalent', 1],
  ])('are paired by round, so that what slows a round down hides nothing: %s at %d', (verdict, factor) => {
    expect(throughput({}, { rates: times(factor) }).verdict).toBe(verdict);
  });

  test('rounds are paired by their number, whatever was lost and in whatever order they are', () => {
    const [a, b, c, d, e] = times(1.1);
    const lost = cellWith('cluster', { rates: [null, b ?? 0, c ?? 0, d ?? 0, e ?? 0] });
    expect(on('throughput', compare(cellWith('single'), lost))).toMatchObject({
      verdict: 'better',
      ratio: { point: expect.closeTo(1.1, 2), trials: 4 },
    });
    const late = cellWith('cluster', { rates: [a ?? 0, b ?? 0, c ?? 0, d ?? 0, e ?? 0] });
    if (late.result === null) throw new Error('no result');
    const turned = { ...late, result: { ...late.result, trials: late.result.trials.toReversed() } };
    expect(compare(cellWith('single'), turned)).toEqual(compare(cellWith('single'), late));
  });

  test('looks go by the order of the rounds, and not by that of the trials', () => {
    // Settled by the first rounds, and by no look at all of them.
    const single = cellOfRounds('single', { rates: Array.from({ length: 8 }, () => 1000) });
    const cluster = cellOfRounds('cluster', { rates: [1500, 1501, 1499, 500, 4000, 600, 3000, 900] });
    const again: Judging = { ...once, looks: 'again' };
    const turned = (cell: CellSummary): CellSummary =>
      cell.result === null ? cell : { ...cell, result: { ...cell.result, trials: cell.result.trials.toReversed() } };
    const found = compareCells([single, cluster], hintOf, again);
    expect(on('throughput', found).verdict).toBe('better');
    expect(on('throughput', found).ratio?.high).toBeLessThan(1.6);
    expect(compareCells([turned(single), cluster], hintOf, again)).toEqual(found);
    expect(compareCells([single, turned(cluster)], hintOf, again)).toEqual(found);
  });

  test('with too few rounds in common there is no ratio, however many each has', () => {
    const found = throughput({ rates: [1, 1, null, null, 1, 1] }, { rates: [9, 9, 9, 9, null, null] });
    expect(found).toMatchObject({
      verdict: 'inconclusive',
      ratio: null,
      reason: 'fewer than 3 rounds in which both were valid',
      roundsToSettle: 3,
    });
  });

  test('an interval that reaches over the margin settles nothing, and says how many rounds would', () => {
    const found = throughput({ rates: [1000, 1000, 1000, 1000] }, { rates: [1030, 1100, 1070, 1090] });
    expect(found).toMatchObject({ verdict: 'inconclusive', reason: expect.stringContaining('about') });
    expect(found.ratio?.low).toBeLessThan(1.03);
    expect(found.ratio?.high).toBeGreaterThan(1.03);
    expect(found.roundsToSettle).toBeGreaterThan(4);
  });

  test('the margin is that of the run, and the error is shared by the pairs that can be judged', () => {
    const cells = [cellWith('single'), cellWith('cluster', { rates: times(1.04) })];
    const others = [cellWith('fork-pool'), cellWith('worker-threads', { by: 'generator' })];
    const wide = compareCells([...cells, ...others], hintOf, { margin: 0.05, looks: 'once' });
    expect(wide.find(({ metric }) => metric === 'throughput')).toMatchObject({
      verdict: 'equivalent',
      ratio: { level: expect.closeTo(1 - 0.05 / 3, 9) },
      reason: 'the whole interval is within the margin of 5%',
    });
  });

  test('the front is the server too', () => {
    expect(throughput({}, { rates: times(2), by: 'front' }).verdict).toBe('better');
  });

  test('capacity has no say, however different it is', () => {
    const found = compare(
      cellWith('single', { implied: noisy(9) }),
      cellWith('cluster', { rates: times(2), implied: noisy(1) }),
    );
    expect(found.map(({ metric }) => metric)).not.toContain('implied-capacity');
    expect(on('throughput', found).verdict).toBe('better');
  });
});

describe('what a request and a server cost', () => {
  const costs = (baseline: Partial<Measured>, candidate: Partial<Measured>): readonly Comparison[] =>
    compare(cellWith('single', baseline), cellWith('cluster', candidate));

  test.each<[Comparison['verdict'], number]>([
    ['worse', 1.1],
    ['better', 0.9],
    ['equivalent', 1.01],
  ])('less of it is better: %s at %d times', (verdict, factor) => {
    const found = costs({ cpuMs: noisy(1), mib: 50 }, { cpuMs: 1 * factor, mib: noisy(50 * factor) });
    expect(on('cpu-per-request', found)).toMatchObject({
      verdict,
      ratio: { point: expect.closeTo(factor, 2), trials: 5 },
    });
    expect(on('peak-memory', found)).toMatchObject({ verdict, ratio: { point: expect.closeTo(factor, 2), trials: 5 } });
  });

  test('memory is not compared with another kind of it', () => {
    const metrics = costs({ kind: 'pss' }, { kind: 'rss' }).map(({ metric }) => metric);
    expect(metrics).toEqual(['throughput', 'cpu-per-request', 'start-up']);
  });

  test('a figure of 0, which is none, makes no pair', () => {
    const found = on('cpu-per-request', costs({ cpuMs: [0, 0, 0, 1, 1] }, { cpuMs: 1 }));
    expect(found).toMatchObject({ verdict: 'inconclusive', ratio: null });
    expect(on('cpu-per-request', costs({ cpuMs: 1 }, { cpuMs: [0, 1, 1, 1, 1] })).ratio?.trials).toBe(4);
  });

  test('is compared in any case', () => {
    const found = costs({ by: 'generator', mib: 50 }, { by: 'machine', mib: 100 });
    expect(found.map(({ metric }) => metric)).toEqual(['throughput', 'implied-capacity', ...COSTS]);
    expect(on('peak-memory', found)).toMatchObject({ verdict: 'worse', hint: null });
  });
});

describe('a pair in which something else was the limit', () => {
  const single = cellWith('single', { implied: noisy(1000) });
  const held = (by: LimitedBy['by'], implied: readonly number[], changes: Partial<Measured> = {}): CellSummary =>
    cellWith('cluster', { rates: times(9), implied, by, ...changes });

  test.each<LimitedBy['by']>(['generator', 'machine', 'connections', 'upstream', 'unclear'])(
    'is invalid: %s; the implied capacity stands beside it',
    (by) => {
      expect(compare(single, held(by, noisy(2000))).slice(0, 2)).toEqual([
        {
          candidate: 'cpu/cluster',
          baseline: 'cpu/single',
          metric: 'throughput',
          ratio: null,
          verdict: 'invalid',
          reason: by === 'unclear' ? 'cluster: no bottleneck was found' : `cluster: limited by the ${by}`,
          roundsToSettle: null,
          hint: by === 'generator' ? 'give cluster more --generators' : null,
        },
        expect.objectContaining({
          candidate: 'cpu/cluster',
          baseline: 'cpu/single',
          metric: 'implied-capacity',
          verdict: 'better',
          reason: 'the whole interval is beyond the margin of 50%',
          hint: null,
        }),
      ]);
    },
  );

  test('says of each of the two what held it, and the first hint that there is', () => {
    const found = compare(cellWith('single', { by: 'unclear' }), held('generator', noisy(2000)));
    expect(on('throughput', found)).toMatchObject({
      reason: 'single: no bottleneck was found, cluster: limited by the generator',
      hint: 'give cluster more --generators',
    });
  });

  test('is invalid too when it is the baseline', () => {
    expect(on('throughput', compare(held('generator', noisy(2000)), single))).toMatchObject({
      baseline: 'cpu/cluster',
      verdict: 'invalid',
      reason: 'cluster: limited by the generator',
    });
  });

  const near = 'closer than 50%, the accuracy of implied capacity';
  test.each<[Comparison['verdict'], number, string]>([
    ['inconclusive', 1000, near],
    ['inconclusive', 1480, near],
    ['better', 1520, 'the whole interval is beyond the margin of 50%'],
    ['inconclusive', 675, near],
    ['worse', 655, 'the whole interval is beyond the margin of 50%'],
  ])('implied capacity is %s at %d against 1000, and never equivalent', (verdict, implied, reason) => {
    expect(on('implied-capacity', compare(single, held('machine', noisy(implied))))).toMatchObject({
      verdict,
      reason,
      roundsToSettle: null,
      ratio: { point: expect.closeTo(implied / 1000, 2) },
    });
  });

  test('an implied capacity whose interval reaches over 50% settles nothing', () => {
    const found = on('implied-capacity', compare(single, held('machine', [1300, 2000, 1500, 1900, 1600])));
    expect(found).toMatchObject({ verdict: 'inconclusive', reason: expect.stringContaining('the margin of 50%') });
  });

  test('implied capacity does not tell models apart whose work is done in a thread pool', () => {
    const inPool = (model: string, helpersMs: number) =>
      cellWith(model, { implied: noisy(3000), by: 'unclear', cpuMs: 1, helpersMs });
    const found = on('implied-capacity', compare(single, inPool('cluster', 0.6)));
    expect(found).toMatchObject({
      verdict: 'inconclusive',
      roundsToSettle: null,
      ratio: { point: expect.closeTo(3, 1) },
    });
    expect(found.reason).toContain('helper threads');
    expect(on('implied-capacity', compare(inPool('single', 0.6), held('machine', noisy(9000)))).reason).toContain(
      'helper',
    );
    expect(on('implied-capacity', compare(single, inPool('cluster', 0.5))).verdict).toBe('better');
  });

  test('implied capacity needs three rounds as well', () => {
    const few = cellOfRounds('cluster', { rates: [9, 9], implied: [9000, 9000], by: 'generator' });
    expect(on('implied-capacity', compare(single, few))).toMatchObject({ verdict: 'inconclusive', ratio: null });
  });
});

describe('a cell without a result', () => {
  const [single, none] = [cellWith('single'), cellOfRounds('cluster', null)];

  test.each([
    ['the candidate', single, none, 'no valid figures for cluster'],
    ['the baseline', none, single, 'no valid figures for cluster'],
    ['both', cellOfRounds('single', null), none, 'no valid figures for single and cluster'],
  ])('as %s: invalid, and nothing beside it', (_, baseline, candidate, reason) => {
    expect(compare(baseline, candidate)).toEqual([
      {
        candidate: candidate.id,
        baseline: baseline.id,
        metric: 'throughput',
        ratio: null,
        verdict: 'invalid',
        reason,
        roundsToSettle: null,
        hint: expect.stringContaining('see why its trials failed'),
      },
    ]);
  });
});

test('every pair is compared exactly once, and the earlier cell is the baseline', () => {
  const models = ['single', 'cluster', 'fork-pool', 'worker-threads'];
  const cells = models.map((model, i) => cellWith(model, { by: i === 2 ? 'machine' : 'workers' }));
  const pairs = (metric: Comparison['metric']) =>
    compare(...cells)
      .filter((one) => one.metric === metric)
      .map(({ baseline, candidate }) => `${baseline.slice(4)} ${candidate.slice(4)}`);
  expect(pairs('throughput')).toEqual([
    'single cluster',
    'single fork-pool',
    'single worker-threads',
    'cluster fork-pool',
    'cluster worker-threads',
    'fork-pool worker-threads',
  ]);
  expect(pairs('cpu-per-request')).toEqual(pairs('throughput'));
  expect(pairs('peak-memory')).toEqual(pairs('throughput'));
  expect(pairs('implied-capacity')).toEqual(pairs('throughput').filter((pair) => pair.includes('fork-pool')));
});

test('one cell alone is compared with nothing', () => expect(compare(cellOfRounds('single', null))).toEqual([]));
