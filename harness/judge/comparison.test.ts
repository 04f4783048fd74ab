import { describe, expect, test } from 'vitest';
import { cell, result } from '../../reports/fixtures/build.ts';
import { compareCells } from './comparison.ts';
import type { CellSummary, Comparison, LimitedBy } from './summary-schema.ts';

type Range = readonly [median: number, min: number, max: number];

interface Figures {
  readonly rate: Range;
  readonly implied?: Range;
  readonly by?: LimitedBy['by'];
  readonly trials?: number;
}

function cellWith(model: string, { rate, implied = rate, by = 'workers', trials = 5 }: Figures): CellSummary {
  const one = result({ rate, implied, by, latency: [1, null, null, null, 2], cpu: 1, mib: 1 });
  const { requestsPerSec, impliedCapacity } = one;
  return cell('cpu', model, {
    ...one,
    requestsPerSec: { ...requestsPerSec, trials },
    impliedCapacity: { ...impliedCapacity, requestsPerSec: { ...impliedCapacity.requestsPerSec, trials } },
  });
}

const hintOf = ({ model, result: measured }: CellSummary): string | null =>
  measured?.limitedBy.by === 'generator' ? `give ${model} more --generators` : null;
const compare = (...cells: readonly CellSummary[]): readonly Comparison[] => compareCells(cells, hintOf);
/** The only comparison of a pair that both sides were the limit of. */
function judged(baseline: Figures, candidate: Figures): Comparison {
  const [comparison, ...rest] = compare(cellWith('single', baseline), cellWith('cluster', candidate));
  expect(rest).toEqual([]);
  if (comparison === undefined) throw new Error('the pair was not compared');
  return comparison;
}

test('reasons name the ways of using connections where there are both', () => {
  const kept = cellWith('cluster', { rate: [1000, 990, 1010] });
  const fresh: CellSummary = {
    ...cellWith('cluster', { rate: [300, 290, 310], by: 'connections' }),
    id: 'cpu/cluster/per-request',
    connectionMode: 'per-request',
  };
  expect(compare(kept, fresh)[0]?.reason).toBe('cluster with a connection per request: limited by the connections');
  expect(compare(kept, { ...fresh, result: null })[0]?.reason).toBe(
    'no valid figures of cluster with a connection per request',
  );
});

describe('two cells that the server itself limited', () => {
  test.each<[Comparison['verdict'], Range, Range]>([
    ['better', [1000, 990, 1010], [2000, 1900, 2100]],
    ['worse', [2000, 1900, 2100], [1000, 990, 1010]],
    ['better', [1000, 990, 1010], [1020, 1011, 1030]],
    ['worse', [1020, 1011, 1030], [1000, 990, 1010]],
  ])('%s when every trial of one is above every trial of the other', (verdict, baseline, candidate) => {
    expect(judged({ rate: baseline }, { rate: candidate })).toEqual({
      candidate: 'cpu/cluster',
      baseline: 'cpu/single',
      metric: 'throughput',
      ratio: candidate[0] / baseline[0],
      verdict,
      reason: 'every trial of one is above every trial of the other',
      hint: null,
    });
  });

  test.each<[string, Range, Range]>([
    ['overlap', [1000, 990, 1050], [1100, 1040, 1200]],
    ['overlap the other way round', [1100, 1040, 1200], [1000, 990, 1050]],
    ['touch in one trial', [1000, 990, 1040], [1100, 1040, 1200]],
    ['touch in one trial the other way round', [1100, 1040, 1200], [1000, 990, 1040]],
    ['lie within each other', [1000, 900, 1100], [1010, 1000, 1020]],
    ['are the same', [1000, 990, 1010], [1000, 990, 1010]],
  ])('inconclusive when the ranges %s', (_, baseline, candidate) => {
    expect(judged({ rate: baseline }, { rate: candidate })).toMatchObject({
      verdict: 'inconclusive',
      reason: 'the ranges overlap',
      ratio: candidate[0] / baseline[0],
    });
  });

  test.each([
    [2, 5],
    [5, 2],
    [1, 1],
  ])('inconclusive with %d and %d trials, however far apart', (before, after) => {
    const found = judged({ rate: [1, 1, 1], trials: before }, { rate: [9, 9, 9], trials: after });
    expect(found).toMatchObject({ verdict: 'inconclusive', ratio: 9, reason: 'fewer than 3 valid trials of each' });
  });

  test('three trials are enough', () => {
    expect(judged({ rate: [1, 1, 1], trials: 3 }, { rate: [9, 9, 9], trials: 3 }).verdict).toBe('better');
  });

  test('the front is the server too', () => {
    expect(judged({ rate: [1, 1, 1] }, { rate: [9, 9, 9], by: 'front' }).verdict).toBe('better');
  });

  test('capacity has no say, however different it is', () => {
    const found = judged({ rate: [1, 1, 1], implied: [9, 9, 9] }, { rate: [2, 2, 2], implied: [1, 1, 1] });
    expect(found).toMatchObject({ metric: 'throughput', verdict: 'better', ratio: 2 });
  });
});

describe('a pair in which something else was the limit', () => {
  const single = cellWith('single', { rate: [1000, 990, 1010], implied: [1000, 990, 1010] });
  const held = (by: LimitedBy['by'], implied: Range): CellSummary =>
    cellWith('cluster', { rate: [9000, 8990, 9010], implied, by });

  test.each<LimitedBy['by']>(['generator', 'machine', 'connections', 'upstream', 'unclear'])(
    'is invalid: %s; the implied capacity stands beside it',
    (by) => {
      expect(compare(single, held(by, [2000, 1990, 2010]))).toEqual([
        {
          candidate: 'cpu/cluster',
          baseline: 'cpu/single',
          metric: 'throughput',
          ratio: null,
          verdict: 'invalid',
          reason: by === 'unclear' ? 'cluster: unclear what limited it' : `cluster: limited by the ${by}`,
          hint: by === 'generator' ? 'give cluster more --generators' : null,
        },
        {
          candidate: 'cpu/cluster',
          baseline: 'cpu/single',
          metric: 'implied-capacity',
          ratio: 2,
          verdict: 'better',
          reason: 'every trial of one is above every trial of the other',
          hint: null,
        },
      ]);
    },
  );

  test('says of each of the two what held it, and the first hint that there is', () => {
    const [throughput] = compare(cellWith('single', { rate: [1, 1, 1], by: 'unclear' }), held('generator', [2, 2, 2]));
    expect(throughput).toMatchObject({
      reason: 'single: unclear what limited it, cluster: limited by the generator',
      hint: 'give cluster more --generators',
    });
  });

  test('is invalid too when it is the baseline', () => {
    const [throughput] = compare(held('generator', [2, 2, 2]), single);
    expect(throughput).toMatchObject({
      baseline: 'cpu/cluster',
      verdict: 'invalid',
      reason: 'cluster: limited by the generator',
    });
  });

  test.each<[Comparison['verdict'], Range, string]>([
    ['inconclusive', [1500, 1490, 1510], 'nearer than the 50% to which implied capacity is known'],
    ['better', [1501, 1490, 1510], 'every trial of one is above every trial of the other'],
    ['inconclusive', [667, 660, 670], 'nearer than the 50% to which implied capacity is known'],
    ['worse', [666, 660, 670], 'every trial of one is above every trial of the other'],
    ['inconclusive', [2000, 1005, 3000], 'the ranges overlap'],
  ])('implied capacity is %s at %j against 1000', (verdict, implied, reason) => {
    const [, second] = compare(single, held('machine', implied));
    expect(second).toMatchObject({ metric: 'implied-capacity', verdict, reason, ratio: implied[0] / 1000 });
  });

  test('implied capacity does not tell models apart whose work is done in a thread pool', () => {
    const cluster = held('unclear', [3000, 2990, 3010]);
    const { result } = cluster;
    if (result === null) throw new Error('no result');
    const helpers = result.cpuMsPerRequest.point * 0.6;
    const inPool = { ...cluster, result: { ...result, cpuByRole: { ...result.cpuByRole, helpers } } };
    expect(compare(single, inPool)[1]).toMatchObject({ verdict: 'inconclusive', ratio: 3 });
    expect(compare(single, inPool)[1]?.reason).toContain('helper threads');
  });

  test('implied capacity needs three trials as well', () => {
    const few = cellWith('cluster', { rate: [9, 9, 9], by: 'generator', trials: 2 });
    expect(compare(single, few)[1]).toMatchObject({ metric: 'implied-capacity', verdict: 'inconclusive' });
  });
});

describe('a cell without a result', () => {
  const [single, none] = [cellWith('single', { rate: [1, 1, 1] }), cell('cpu', 'cluster', null)];

  test.each([
    ['the candidate', single, none, 'no valid figures of cluster'],
    ['the baseline', none, single, 'no valid figures of cluster'],
    ['both', cell('cpu', 'single', null), none, 'no valid figures of single and cluster'],
  ])('as %s: invalid, and nothing beside it', (_, baseline, candidate, reason) => {
    expect(compare(baseline, candidate)).toEqual([
      {
        candidate: candidate.id,
        baseline: baseline.id,
        metric: 'throughput',
        ratio: null,
        verdict: 'invalid',
        reason,
        hint: expect.stringContaining('read why its trials failed'),
      },
    ]);
  });
});

test('every pair is compared exactly once, and the earlier cell is the baseline', () => {
  const models = ['single', 'cluster', 'fork-pool', 'worker-threads'];
  const cells = models.map((model, i) =>
    cellWith(model, { rate: [i + 1, i + 1, i + 1], by: i === 2 ? 'machine' : 'workers' }),
  );
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
  expect(pairs('implied-capacity')).toEqual(pairs('throughput').filter((pair) => pair.includes('fork-pool')));
});

test('one cell alone is compared with nothing', () => expect(compare(cell('cpu', 'single', null))).toEqual([]));
