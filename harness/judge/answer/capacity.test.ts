/** What is said of which measurements: the decision first, then how far the others are behind, at what cost, and what is not known. */
import { describe, expect, test } from 'vitest';
import { cellOfRounds, type Measured } from '../fixtures/contenders.ts';
import { answersOf } from '../models/answers.ts';
import { compareCells } from '../models/comparison.ts';
import { type Judging, rankOf } from '../models/judging.ts';
import type { Answer, Decision } from '../schema/answer.ts';
import type { CellSummary, LimitedBy } from '../schema/summary.ts';
import { type About, answer } from './capacity.ts';

const about: About = { margin: 0.03, ownModels: [], runtimes: [] };
const once: Judging = { margin: 0.03, looks: 'once' };
/** Rounds of one machine; a thousandth or so of each model up or down. */
const ROUNDS = [1, 0.9, 1.1, 1.05, 0.95];

/** Five rounds around this rate, which differ from those of others by so much; 50 MiB and 1 ms of CPU per request. */
function served(model: string, rate: number, measured: Partial<Measured> = {}, noise = 0.001): CellSummary {
  const own = [...model].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  const rates = ROUNDS.map((round, i) => rate * round * (1 + noise * Math.sin(own + 2 * i)));
  return cellOfRounds(model, { rates, ...measured });
}

function answerTo(cells: readonly CellSummary[], changes: Partial<About> = {}): string {
  const told = { ...about, ...changes };
  const decided = answersOf({ cells, latency: null }, once, rankOf(told));
  const comparisons = compareCells(cells, () => null, once);
  return answer({ cells, comparisons, latency: null, ...decided }, told);
}

const [single, cluster] = [
  served('single', 1000, { cpuMs: 10.1, mib: 58 }),
  served('cluster', 1980, { cpuMs: 10.2, mib: 89 }),
];

describe('a best model', () => {
  test('is to be taken, and the first sentence says so', () => {
    expect(answerTo([single, cluster])).toMatch(
      /^Take cluster: 1,9\d\d requests per second, the best\. single is 4\d% to 5\d% behind\. /,
    );
  });

  test('its costs are told beside those of the others', () => {
    expect(answerTo([single, cluster])).toContain(
      'It takes 89 MiB and 10.2 ms of CPU per request, against 58 MiB and 10.1 ms of single.',
    );
  });

  test('is the same in whatever order cells come', () => {
    expect(answerTo([cluster, single])).toBe(answerTo([single, cluster]));
  });

  test('what limited them is told only where it is not their workers', () => {
    expect(answerTo([single, cluster])).not.toContain('limited by');
    const front = served('fork-pool', 800, { by: 'front', frontMs: 1.2 });
    expect(answerTo([cluster, front])).toContain('cluster was limited by its workers, fork-pool by its front end.');
  });

  test('when another would be the answer is told once', () => {
    expect(answerTo([single, cluster])).toContain('The lead over single needs more than one CPU');
  });

  test('memory that was measured otherwise is not set against it', () => {
    const other = served('single', 1000, { cpuMs: 10.1, mib: 58, kind: 'rss' });
    expect(answerTo([other, cluster])).toContain('89 MiB and 10.2 ms of CPU per request, against 10.1 ms of single.');
  });

  test('names of models keep their letters at the start of a sentence', () => {
    expect(answerTo([single, cluster])).not.toMatch(/Single|Cluster/);
  });
});

describe('of several that are as good', () => {
  const alike = (measured: Partial<Measured> = {}): CellSummary[] => [
    cluster,
    served('fork-pool', 1975, { cpuMs: 10.2, mib: 89, ...measured }),
  ];

  test.each<[string, Partial<Measured>, string]>([
    ['the one that needs less CPU', { cpuMs: 9 }, 'Take fork-pool: .+ fork-pool needs the least CPU per request'],
    ['the one that needs less memory', { mib: 70 }, 'Take fork-pool: .+ fork-pool needs the least memory'],
    ['CPU before memory', { cpuMs: 9, mib: 200 }, 'Take fork-pool'],
    [
      'the simpler, where costs are within the margin',
      { cpuMs: 10.1, mib: 88 },
      'Take cluster: .+ cluster is the simpler',
    ],
  ])('%s is taken', (_, measured, expected) => {
    expect(answerTo(alike(measured))).toMatch(new RegExp(`^${expected}`, 'u'));
  });

  test('how far each may be behind is told, and that it does not matter', () => {
    expect(answerTo(alike({ mib: 70 }))).toMatch(/cluster is (?:at most )?[\d.]+% .*behind, which is within 3%/);
  });

  test('a model of the user has the place that it gives itself, and comes last without one', () => {
    const cells = [served('own', 1980, { cpuMs: 10.2, mib: 89 }), cluster];
    const own = { name: 'own', path: './own.js', sha256: '', effort: { rank: 0, why: 'it is there already' } };
    expect(answerTo(cells, { ownModels: [own] })).toMatch(/^Take own: .+\(it is there already\)/);
    expect(answerTo(cells, { ownModels: [{ ...own, effort: null }] })).toMatch(/^Take cluster/);
  });
});

describe('where it is open', () => {
  const noisy = (model: string, rates: readonly number[]): CellSummary => cellOfRounds(model, { rates });
  const [some, others] = [
    [2000, 1850, 2250, 2050, 1900],
    [1950, 1900, 2100, 2200, 1800],
  ];

  test('those that may be the best are named, what is out is told, and what it would take', () => {
    const text = answerTo([noisy('cluster', some), noisy('fork-pool', others), served('single', 1000)]);
    expect(text).toMatch(
      /^Not decided yet\. The best may be \S+ \(at most [\d.]+% behind\) or \S+ \(at most [\d.]+% behind\)\. /,
    );
    expect(text).toMatch(/Out: single is \d+% to \d+% behind\. /);
    expect(text).toMatch(
      /About \d+ more rounds? would probably decide it\.|More rounds would probably not decide it\./,
    );
    expect(text).not.toMatch(/^Take/);
  });

  test('two rounds decide nothing', () => {
    const few = (model: string, rate: number) => cellOfRounds(model, { rates: [rate, rate] });
    expect(answerTo([few('cluster', 2000), few('single', 1000)])).toContain('it takes 3 rounds in which all are valid');
  });
});

describe('what something other than the server limited', () => {
  const held = (model: string, by: LimitedBy['by'], cpuMs: number, rate = 900): CellSummary =>
    served(model, rate, { by, cpuMs });

  test('does not take part, and that is said with the reason', () => {
    const text = answerTo([single, cluster, held('fork-pool', 'generator', 1)]);
    expect(text).toMatch(/^Take cluster/);
    expect(text).toContain('Not compared: fork-pool, because the load generator was the limit, not the server.');
  });

  test('and served more than all the others leaves no best', () => {
    const text = answerTo([single, cluster, held('fork-pool', 'generator', 1, 5000)]);
    expect(text).not.toMatch(/^Take/);
    expect(text).toContain(
      'Requests per second do not decide here: fork-pool served the most, although the load generator was the limit, not the server.',
    );
  });

  test('leaves one alone that was limited by itself', () => {
    expect(answerTo([single, held('cluster', 'machine', 1.2)])).toContain(
      'Requests per second do not decide here: only single was limited by its worker; the CPUs were used up by more than the server (cluster).',
    );
  });

  test.each<LimitedBy['by']>(['connections', 'upstream'])('where all met the same limit, cost decides: %s', (by) => {
    const text = answerTo([held('single', by, 1), held('cluster', by, 1.2)]);
    expect(text).toMatch(/^Take single: it needs 1 ms of CPU per request, the least\. cluster needs .*20% more/);
  });

  test.each<LimitedBy['by']>(['generator', 'machine', 'unclear'])(
    'of others cost is told, and decides nothing: %s',
    (by) => {
      const text = answerTo([held('single', by, 1), held('cluster', by, 1.2)]);
      expect(text).not.toMatch(/take single/i);
      expect(text).toContain('single needs 1 ms of CPU per request, the least');
    },
  );
});

describe('at a rate that all were offered', () => {
  const held = ['single', 'cluster', 'fork-pool'].map((model) => served(model, 900, { by: 'machine' }));
  const [least = '', other = '', far = ''] = held.map(({ id }) => id);
  const toldOf = (atMost: number, decision: Decision | null): string => {
    const standing = (cell: string, atLeastBehind: number, atMostBehind: number) => ({
      ...{ cell, atLeastBehind, atMostBehind },
    });
    const cpu: Answer = {
      ...{ metric: 'cpu-per-request', offeredPerSec: 450, rounds: 3, best: [least, other], within: [least] },
      level: false,
      models: [standing(least, 0, atMost), standing(other, 0, atMost), standing(far, 0.2, 0.25)],
      roundsToAnswer: decision === null ? 2 : 0,
    };
    return answer({ cells: held, comparisons: [], latency: null, answers: [cpu], decision }, about);
  };

  test('the one that needs the least CPU is to be taken', () => {
    const about = { metric: 'cpu-per-request', offeredPerSec: 450 } as const;
    expect(toldOf(0.02, { ...about, take: least, among: [least, other], why: 'peak-memory' })).toMatch(
      /^Take single: at 450 requests per second each it needs 1 ms of CPU per request, the least or at most 2% more\. cluster needs at most 2% more, which is within 3%: of these single needs the least memory\. fork-pool needs 20% to 25% more\. Requests per second do not decide here: /,
    );
  });

  test('or it is open, with what it would take', () => {
    expect(toldOf(0.08, null)).toMatch(
      /^Not decided yet\. At 450 requests per second each single needs 1 ms .+ the least or at most 8% more\. cluster needs at most 8% more; fork-pool 20% to 25% more\. About 2 more rounds would/,
    );
  });
});

describe('code that was not warm', () => {
  const cold = (cell: CellSummary, from = 0): CellSummary =>
    cell.result === null
      ? cell
      : {
          ...cell,
          result: {
            ...cell.result,
            trials: cell.result.trials.map((trial, i) => ({ ...trial, steady: i < from })),
          },
        };

  test('is not compared, however fast it was', () => {
    const text = answerTo([single, cluster, cold(served('fork-pool', 5000), 2)]);
    expect(text).toMatch(/^Take cluster/);
    expect(text).toMatch(/ Not compared: fork-pool, because too few trials were warm\.$/);
    expect(answerTo([cold(single), cold(cluster)])).toBe(
      'Requests per second do not decide here: too few trials were warm (single and cluster).',
    );
  });

  test('in some trials leaves the others, and is told', () => {
    const text = answerTo([single, cold(cluster, 4)]);
    expect(text).toMatch(/^Take cluster/);
    expect(text).toContain('cluster was not yet warm in some trials, so its figures may still change.');
  });
});

test('one model alone is told, not compared', () => {
  expect(answerTo([cluster])).toMatch(/^cluster served 1,9\d\d requests per second\. It takes 89 MiB/);
  expect(answerTo([served('single', 9, { by: 'generator' })])).toMatch(
    /^single served .+ The load generator was the limit, not the server\.$/,
  );
});

test('models without a valid trial, or that were given up, are told', () => {
  const failed = cellOfRounds('fork-pool', null);
  const givenUp = cellOfRounds('worker-threads', null, { givenUp: { kind: 'timeout', message: 'no reply' } });
  const text = answerTo([single, cluster, failed, givenUp]);
  expect(text).toContain('worker-threads kept failing and was given up.');
  expect(text).toContain('fork-pool had no valid trial.');
  expect(answerTo([failed])).toBe('No trial was valid, so there is no result.');
});
