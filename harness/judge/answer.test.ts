import { describe, expect, test } from 'vitest';
import { cell, givenUpCell, result } from '../../reports/fixtures/build.ts';
import { answer } from './answer.ts';
import type { CellSummary, LimitedBy } from './summary-schema.ts';

type Rate = readonly [median: number, min: number, max: number];

function served(model: string, rate: Rate, by: LimitedBy['by'] = 'workers', trials = 5): CellSummary {
  const measured = result({ rate, latency: [1, null, null, null, 2], cpu: 1, mib: 1, by });
  return cell('cpu', model, { ...measured, requestsPerSec: { ...measured.requestsPerSec, trials } });
}

const failed = (model: string): CellSummary => cell('cpu', model, null);

describe('models that can be told apart', () => {
  test('a clear winner, and by how much', () => {
    expect(answer([served('single', [1000, 990, 1010]), served('cluster', [1950, 1900, 2000])])).toBe(
      'cluster served the most, 1,950 requests per second: 1.9 times the rate of single.',
    );
  });

  test('the order is that of the rates, not of the cells', () => {
    const cells = [
      served('single', [1000, 990, 1010]),
      served('worker-threads', [1900, 1890, 1910]),
      served('cluster', [2000, 1990, 2010]),
    ];
    expect(answer(cells)).toBe(
      'cluster served the most, 2,000 requests per second: 5% above that of worker-threads and 2.0 times the rate of single.',
    );
    expect(answer(cells.toReversed())).toBe(answer(cells));
  });

  test('three or four trials are an indication', () => {
    const cells = [
      served('single', [1000, 990, 1010], 'workers', 5),
      served('cluster', [1950, 1900, 2000], 'workers', 4),
    ];
    expect(answer(cells)).toBe(
      'cluster served the most, 1,950 requests per second: 1.9 times the rate of single. ' +
        'With 4 trials of each that is an indication, not proof.',
    );
  });

  test('few requests keep their digits', () => {
    expect(answer([served('single', [1.234, 1.2, 1.25]), served('cluster', [2.468, 2.4, 2.5])])).toContain(
      'cluster served the most, 2.47 requests per second',
    );
  });
});

test('a model that is measured in both ways of using connections is told apart from itself', () => {
  const kept = served('cluster', [3100, 3000, 3200]);
  const fresh = (one: CellSummary): CellSummary => ({ ...one, connectionMode: 'per-request' });
  expect(answer([kept, fresh(served('cluster', [1000, 990, 1010]))])).toBe(
    'cluster served the most, 3,100 requests per second: 3.1 times the rate of cluster with a connection per request.',
  );
  expect(answer([kept, fresh(failed('cluster'))])).toContain(
    'cluster with a connection per request had no valid trial.',
  );
  expect(answer([fresh(kept)])).toBe('cluster served 3,100 requests per second.');
});

describe('models whose trials overlap', () => {
  const level = [served('cluster', [2000, 1950, 2050]), served('fork-pool', [1980, 1940, 2010])];

  test('are level', () => {
    expect(answer(level)).toBe(
      'cluster and fork-pool are level at about 2,000 requests per second; the trials do not tell them apart.',
    );
  });

  test('are named together before those behind them', () => {
    expect(answer([served('single', [1000, 990, 1010]), ...level])).toBe(
      'cluster and fork-pool are level at about 2,000 requests per second: 2.0 times the rate of single.',
    );
  });

  test('may touch in a single trial', () => {
    expect(answer([served('a', [100, 90, 110]), served('b', [80, 70, 90])])).toContain('level');
    expect(answer([served('a', [100, 90, 110]), served('b', [80, 70, 89])])).not.toContain('level');
  });
});

describe('what is never ranked', () => {
  test.each<[LimitedBy['by'], string]>([
    ['generator', 'the load generator was at its end before the server'],
    ['machine', 'server and load generator shared CPUs that had no time left'],
    ['connections', 'the number of connections decided, not the server'],
    ['upstream', 'the service behind the handler decided, not the server'],
    ['unclear', 'it is unclear what held it back'],
  ])('a cell held back by: %s', (by, why) => {
    const cells = [
      served('single', [1000, 990, 1010]),
      served('fork-pool', [1500, 1490, 1510]),
      served('cluster', [9000, 8990, 9010], by),
    ];
    expect(answer(cells)).toBe(
      'Of the models that can be ranked, fork-pool served the most, 1,500 requests per second: 1.5 times the rate of single. ' +
        `cluster: not ranked, because ${why}. ` +
        'Going by CPU time per request alone, with the load generator elsewhere, these CPUs would serve about ' +
        '9,000 (cluster), 1,500 (fork-pool) and 1,000 (single) requests per second.',
    );
  });

  test('models held back by the same thing are named together, and others apart', () => {
    const cells = [
      served('single', [1, 1, 1], 'generator'),
      served('fork-pool', [2, 2, 2], 'machine'),
      served('cluster', [3, 3, 3], 'generator'),
    ];
    expect(answer(cells)).toMatch(
      /^single and cluster: not ranked, because the load generator .+ server\. fork-pool: not ranked, because server and/,
    );
  });

  test('fewer than three trials', () => {
    const cells = [served('single', [1000, 990, 1010], 'workers', 2), served('cluster', [1950, 1900, 2000])];
    expect(answer(cells)).toBe('With fewer than 3 valid trials of each model, the figures are not ranked.');
  });
});

describe('implied capacity', () => {
  const withCapacity = (one: CellSummary, capacity: number): CellSummary => {
    if (one.result === null) return one;
    const { impliedCapacity } = one.result;
    const requestsPerSec = { ...impliedCapacity.requestsPerSec, median: capacity };
    return { ...one, result: { ...one.result, impliedCapacity: { ...impliedCapacity, requestsPerSec } } };
  };
  const [single, cluster] = [served('single', [1000, 990, 1010]), served('cluster', [1200, 1190, 1210], 'generator')];

  test('is told in two digits, the largest first, whatever was measured', () => {
    const cells = [withCapacity(single, 12_345), withCapacity(cluster, 9876)];
    expect(answer(cells)).toContain('would serve about 12,000 (single) and 9,900 (cluster) requests per second.');
  });

  test('is not told when every model can be ranked', () => {
    expect(answer([single, served('cluster', [2000, 1990, 2010], 'front')])).not.toContain('CPU time per request');
  });
});

describe('one model, or none', () => {
  const givenUp = (model: string): CellSummary => givenUpCell('cpu', model, 'no reply');

  test('one that was measured is not compared', () => {
    expect(answer([served('single', [1000, 990, 1010])])).toBe('single served 1,000 requests per second.');
  });

  test('a model without a valid trial is named', () => {
    expect(answer([served('single', [1000, 990, 1010]), failed('cluster'), failed('fork-pool')])).toBe(
      'single served 1,000 requests per second. cluster and fork-pool had no valid trial.',
    );
  });

  test('one that was given up is told apart from one that was not measured', () => {
    expect(answer([served('single', [1000, 990, 1010]), givenUp('cluster'), failed('fork-pool')])).toBe(
      'single served 1,000 requests per second. cluster kept failing and was given up. fork-pool had no valid trial.',
    );
  });

  test('nothing valid at all', () => {
    expect(answer([failed('single'), failed('cluster')])).toBe('No trial was valid, so there is nothing to say.');
  });

  test('all given up: that no trial was valid may not be true', () => {
    expect(answer([givenUp('single'), givenUp('cluster')])).toBe('single and cluster kept failing and were given up.');
    expect(answer([givenUp('single'), failed('cluster')])).toBe(
      'single kept failing and was given up. cluster had no valid trial.',
    );
  });
});
