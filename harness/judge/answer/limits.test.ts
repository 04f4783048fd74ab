import { describe, expect, test } from 'vitest';
import { cellOfRounds, type Measured, verdictOn } from '../fixtures/contenders.ts';
import type { CellSummary, Comparison } from '../schema/summary.ts';
import { type Contender, relationsOf } from './contender.ts';
import { changeSentences, limitSentence } from './limits.ts';

function contender(model: string, measured: Partial<Measured> = {}, changes: Partial<CellSummary> = {}): Contender {
  const cell = cellOfRounds(model, { rates: [1000, 1000, 1000], ...measured }, changes);
  if (cell.result === null) throw new Error('no result');
  return { id: cell.id, name: model, cell, result: cell.result, effort: null };
}

const [single, cluster, pool, threads] = ['single', 'cluster', 'fork-pool', 'worker-threads'].map((model) =>
  contender(model),
);
if (single === undefined || cluster === undefined || pool === undefined || threads === undefined)
  throw new Error('none');
const frontOf = (model: string, frontMs?: number): Contender =>
  contender(model, { by: 'front', ...(frontMs === undefined ? {} : { frontMs }) });

function change(
  one: Contender,
  behind: readonly Contender[],
  comparisons: readonly Comparison[] = [],
  margin = 0.03,
  most = 2,
) {
  return changeSentences(one, behind, { cpu: relationsOf(comparisons, 'cpu-per-request') }, margin, most);
}

describe('what limited each', () => {
  test.each<[string, readonly Contender[]]>([
    ['It was limited by its worker.', [single]],
    ['It was limited by its workers.', [cluster]],
    ['It was limited by its front end.', [frontOf('fork-pool')]],
    ['It was limited by its libuv thread pool (UV_THREADPOOL_SIZE).', [contender('single', { by: 'thread-pool' })]],
    ['Both were limited by their workers.', [single, cluster]],
    ['All were limited by their workers.', [single, cluster, pool]],
    ['Both were limited by their front ends.', [frontOf('fork-pool'), frontOf('worker-threads')]],
    ['single was limited by its worker, fork-pool by its front end.', [single, frontOf('fork-pool')]],
    [
      'cluster and single were limited by their workers, fork-pool and worker-threads by their front ends.',
      [cluster, frontOf('fork-pool'), frontOf('worker-threads'), single],
    ],
  ])('%s', (expected, contenders) => {
    expect(limitSentence(contenders)).toBe(expected);
  });
});

describe('a lead over one process', () => {
  test.each<[Comparison['verdict'] | null, string]>([
    ['better', 'cluster would still be ahead'],
    ['worse', 'single would be ahead'],
    ['equivalent', 'single would be equivalent, and is simpler'],
    ['inconclusive', 'either may be ahead'],
    [null, 'either may be ahead'],
  ])('on one CPU, with a CPU time that is %s', (verdict, then) => {
    const comparisons = verdict === null ? [] : [verdictOn('cpu-per-request', ['cluster', 'single'], verdict)];
    expect(change(cluster, [single], comparisons)).toBe(
      `The lead over single needs more than one CPU: on a single CPU, where CPU time per request decides, ${then}.`,
    );
  });

  test('is not that over one process with other connections', () => {
    expect(change(cluster, [contender('single', {}, { connectionMode: 'per-request' })])).toBe('');
  });

  test('is not there without one behind', () => {
    expect(change(cluster, [])).toBe('');
    expect(change(cluster, [pool])).toBe('');
  });
});

describe('a lead of one process', () => {
  test('may go with more CPUs', () => {
    expect(change(single, [cluster, pool])).toBe(
      'single has one event loop; with more CPUs and workers, cluster and fork-pool may serve more.',
    );
  });

  test('but not to models whose front is the limit already', () => {
    expect(change(single, [frontOf('fork-pool')])).toBe(
      'fork-pool stays at that rate regardless of the number of workers, because its front end is a single thread.',
    );
  });

  test('alone is nothing', () => {
    expect(change(single, [])).toBe('');
  });
});

describe('a front', () => {
  test('of the best is its end, until requests take as long as keeps all workers busy', () => {
    expect(change(frontOf('worker-threads', 0.21), [])).toBe(
      'More workers would not help worker-threads, because its front end is a single thread, unless a request takes more than about 0.42 ms of CPU time in a worker.',
    );
    expect(change(frontOf('worker-threads'), [])).toBe(
      'More workers would not help worker-threads, because its front end is a single thread.',
    );
  });

  test('of others is theirs, until the first of them', () => {
    expect(change(cluster, [frontOf('fork-pool', 0.16), frontOf('worker-threads', 0.141)])).toBe(
      'fork-pool and worker-threads stay at that rate regardless of the number of workers, because their front ends are single threads; ' +
        'the answer may change when a request takes more than about 0.28 ms of CPU time in a worker.',
    );
    expect(change(cluster, [frontOf('fork-pool', 0.16)])).toBe(
      'fork-pool stays at that rate regardless of the number of workers, because its front end is a single thread; ' +
        'the answer may change when a request takes more than about 0.32 ms of CPU time in a worker.',
    );
  });

  test('of others is told without that where it is not known', () => {
    expect(change(cluster, [frontOf('fork-pool', 0.16), frontOf('worker-threads')])).toBe(
      'fork-pool and worker-threads stay at that rate regardless of the number of workers, because their front ends are single threads.',
    );
  });

  test('that is not the limit yet will be with more workers', () => {
    expect(change(contender('fork-pool', { frontMs: 0.3, workersMs: 2.5 }), [])).toBe(
      'With more than about 8 workers its front end would be the bottleneck, at about 3,300 requests per second.',
    );
  });

  test.each<[string, Measured]>([
    ['never in practice', { rates: [1], frontMs: 0.1, workersMs: 10 }],
    ['already, by the figures, which is not what was seen', { rates: [1], frontMs: 1, workersMs: 1.9 }],
    ['nobody knows when', { rates: [1], workersMs: 1.9 }],
    ['nobody knows when, for another reason', { rates: [1], frontMs: 1 }],
    ['that takes no time', { rates: [1], frontMs: 0, workersMs: 1 }],
  ])('or not: %s', (_, measured) => {
    expect(change(contender('fork-pool', measured), [])).toBe('');
  });

  test('of a cluster hands over connections, not requests', () => {
    expect(change(contender('cluster', { frontMs: 0.3, workersMs: 2.5 }), [])).toBe('');
  });
});

describe('handing requests over', () => {
  const costly = [contender('fork-pool', { cpuMs: 1.24 }), contender('worker-threads', { cpuMs: 1.18 })];
  const [dear, less] = costly;
  if (dear === undefined || less === undefined) throw new Error('none');
  const more = (model: string, than = 'cluster') => verdictOn('cpu-per-request', [model, than], 'worse');

  test('matters less the longer a request takes', () => {
    expect(change(cluster, [dear], [more('fork-pool')])).toBe(
      'Passing a request to a worker costs fork-pool 0.24 ms of CPU time, which is within 3% once a request takes more than about 8 ms.',
    );
    expect(change(cluster, [dear], [more('fork-pool')], 0.1)).toContain(
      'within 10% once a request takes more than about 2.4 ms.',
    );
  });

  test('is told of those whose CPU time is told apart, by the dearest', () => {
    expect(change(cluster, costly, [more('fork-pool'), more('worker-threads')])).toBe(
      'Passing a request to a worker costs fork-pool and worker-threads up to 0.24 ms of CPU time, which is within 3% once a request takes more than about 8 ms.',
    );
    expect(change(cluster, costly, [more('worker-threads')])).toContain('costs worker-threads 0.18 ms');
    expect(change(cluster, costly, [])).toBe('');
  });

  test('is not what holds a model back whose front is at its end', () => {
    expect(change(cluster, [frontOf('fork-pool')], [more('fork-pool')])).not.toContain('Handing');
  });

  test('is what another pool does as well', () => {
    expect(change(less, [dear], [more('fork-pool', 'worker-threads')])).toBe('');
  });

  test('is not told when the figures do not follow the verdict', () => {
    expect(change(cluster, [contender('fork-pool', { cpuMs: 0.9 })], [more('fork-pool')])).toBe('');
  });
});

test('there are as many sentences as are asked for at most, the weightiest first', () => {
  const costly = contender('worker-threads', { cpuMs: 1.2 });
  const behind = [single, frontOf('fork-pool'), costly];
  const dearer = verdictOn('cpu-per-request', ['worker-threads', 'cluster'], 'worse');
  const lead = /^The lead over single .+ may be ahead\./.source;
  expect(change(cluster, behind, [dearer], 0.03, 1)).toMatch(new RegExp(`${lead}$`));
  expect(change(cluster, behind, [dearer], 0.03, 2)).toMatch(
    new RegExp(`${lead} fork-pool stays at that rate .+ a single thread\\.$`),
  );
});
