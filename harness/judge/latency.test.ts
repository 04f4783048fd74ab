import { describe, expect, test } from 'vitest';
import { measurementOf, openMeasurementOf, repeated } from '../fixtures/measurement.ts';
import {
  additionOf,
  cellOf,
  complete,
  failedTrial,
  manifestOf,
  noRates,
  okTrial,
  planOf,
  rateCellOf,
} from '../fixtures/run.ts';
import { parseSlo } from '../plan/options/slo.ts';
import type { Addition, Cell, Manifest, Rate, Run, Trial } from '../store/schema.ts';
import { summariseCells } from './cell/summary.ts';
import { latencySummary, toldLatency } from './latency.ts';
import { answersOf } from './models/answers.ts';
import { latencySummarySchema } from './schema/rate.ts';

const single = cellOf('single');
const cluster = cellOf('cluster');
const at = (rate: number): Cell[] => [rateCellOf('single', rate), rateCellOf('cluster', rate)];
const halves: readonly Rate[] = [0.5, 0.8].map((share) => ({ kind: 'share', share }));

type Common = Extract<Addition['why'], { kind: 'common' }>;
const basis: Common['basis'] = { cell: single.id, requestsPerSec: 987.654, ranked: true };
const why = (changes: Partial<Common> = {}): Common => ({ kind: 'common', basis, cappedAt: null, ...changes });
const common = (cells: readonly Cell[], changes: Partial<Common> = {}) =>
  additionOf(cells, { why: why(changes), rounds: [0, 1, 2] });

/** Three rounds with about this latency. */
const measured = (cell: Cell, ms: number): Trial[] =>
  [0, 1, 2].map((round) => okTrial(cell, round, openMeasurementOf(repeated(600, ms + round / 10))));

function summaryOf(
  additions: readonly Addition[],
  trials: readonly Trial[] = [],
  rates: readonly Rate[] = halves,
  latency: Partial<Manifest['latency']> = {},
) {
  const plan = planOf({ rates: [...rates] });
  const manifest = manifestOf({ scenarios: [plan], cells: [single, cluster], latency: { ...noRates, ...latency } });
  const run: Run = { manifest, additions, trials, end: complete };
  const untold = latencySummary(run, plan);
  if (untold === null) return null;
  const cells = summariseCells(run, plan);
  const { margin } = manifest;
  const { answers } = answersOf({ cells, latency: untold }, { margin, looks: 'once' }, () => 0);
  const summary = toldLatency(untold, { cells, answers });
  expect(latencySummarySchema.parse(JSON.parse(JSON.stringify(summary)))).toEqual(summary);
  return summary;
}

describe('there is none', () => {
  test('when no rate is planned', () => {
    expect(summaryOf([], [], [])).toBeNull();
  });

  test('and there is one, though empty, when some are', () => {
    expect(summaryOf([])).toEqual({
      arrivals: 'poisson',
      basis: null,
      cappedAt: null,
      common: [],
      cells: [],
      sweep: [],
      slo: null,
    });
    expect(summaryOf([], [], [], { sweep: true })).not.toBeNull();
    expect(summaryOf([], [], [], { slo: parseSlo('p99=100ms') })).not.toBeNull();
  });
});

describe('common rates', () => {
  const trials = [
    ...at(494).flatMap((cell, i) => measured(cell, 5 + i / 50)),
    ...at(790).flatMap((cell, i) => measured(cell, 12 + 128 * i)),
  ];

  test('are told one by one, with the share that they were asked for as', () => {
    const summary = summaryOf([common([...at(494), ...at(790)])], trials);
    expect(summary?.basis).toEqual({ model: 'single', requestsPerSec: 987.654, ranked: true });
    expect(summary?.common).toEqual([
      {
        offeredPerSec: 494,
        share: 0.5,
        sentence: expect.stringMatching(
          /^single and cluster are level: their p99 is about 5\.\d\d ms, and none is more than \d(?:\.\d)?% longer/,
        ),
        cells: ['hello/single@494', 'hello/cluster@494'],
      },
      {
        offeredPerSec: 790,
        share: 0.8,
        sentence: expect.stringMatching(
          /^The p99 of single is 12\.\d ms, the shortest\. cluster takes 11 to 12 times as long\.$/,
        ),
        cells: ['hello/single@790', 'hello/cluster@790'],
      },
    ]);
  });

  test('are of a model that could not be ranked, and say so', () => {
    const notRanked = { cell: cluster.id, requestsPerSec: 987.654, ranked: false };
    expect(summaryOf([common(at(494), { basis: notRanked })])?.basis).toEqual({
      model: 'cluster',
      requestsPerSec: 987.654,
      ranked: false,
    });
  });

  test('that were lowered have no share, and what they were lowered to is told', () => {
    const most = { basis: { cell: single.id, requestsPerSec: 9000, ranked: true }, cappedAt: 5000 };
    const summary = summaryOf([common([...at(4500), ...at(5000)], most)]);
    expect(summary?.cappedAt).toBe(5000);
    expect(summary?.common.map(({ offeredPerSec, share }) => [offeredPerSec, share])).toEqual([
      [4500, 0.5],
      [5000, null],
    ]);
  });

  test('that were asked for as numbers have neither share nor basis', () => {
    const summary = summaryOf([common(at(200), { basis: null })], [], [{ kind: 'number', requestsPerSec: 200 }]);
    expect(summary).toMatchObject({ basis: null, common: [{ offeredPerSec: 200, share: null }] });
  });

  test('before any trial say nothing but that', () => {
    expect(summaryOf([common(at(494))])?.common[0]?.sentence).toBe('single and cluster had no valid trial.');
  });
});

describe('cells', () => {
  test('are those of all additions, by model in the order of the plan, then by rate, and each once', () => {
    const probe = { ...rateCellOf('single', 300), id: 'hello/single@300/slo' };
    const slo = (batch: number, rounds: number[]) => additionOf([probe], { batch, why: { kind: 'slo' }, rounds });
    const summary = summaryOf([common(at(494)), additionOf(at(99)), slo(1, [0]), slo(2, [1])]);
    expect(summary?.cells.map(({ id }) => id)).toEqual([
      'hello/single@99',
      'hello/single@300/slo',
      'hello/single@494',
      'hello/cluster@99',
      'hello/cluster@494',
    ]);
  });

  test('count their trials, and have no result when given up', () => {
    const [first, second] = at(494);
    if (first === undefined || second === undefined) throw new Error('no cells');
    const lost = [0, 1, 2].map((attempt) => failedTrial(second, 2, 'timeout', attempt));
    const trials = [...measured(first, 5), failedTrial(first, 1), ...measured(second, 5).slice(0, 2), ...lost];
    const summary = summaryOf([common(at(494))], trials);
    expect(summary?.cells).toMatchObject([
      { trialsOk: 3, trialsFailed: 1, givenUp: null, offeredPerSec: 494, result: { requests: 1800, keptUp: true } },
      { trialsOk: 2, trialsFailed: 3, givenUp: { kind: 'timeout' }, result: null },
    ]);
    expect(summary?.common[0]?.sentence).toMatch(/^The p99 is 5\.\d\d ms for single\. cluster had no valid trial\.$/);
  });

  test('are not those of another scenario', () => {
    const other = additionOf([rateCellOf('single', 100, { scenario: 'io' })], { why: why() });
    expect(summaryOf([other])).toMatchObject({ basis: null, common: [], cells: [] });
  });
});

describe('an SLO', () => {
  const slo = { slo: parseSlo('p99=100ms') };
  const capacity = [single, cluster].map((cell) => okTrial(cell, 0, measurementOf({ requestsPerSec: 500 })));

  test('of which the search was not finished is untold, not missed', () => {
    const summary = summaryOf([], capacity, [], slo);
    expect(summary?.slo?.models).toEqual(
      ['single', 'cluster'].map((model) => ({
        cell: `hello/${model}`,
        model,
        connectionMode: 'keep-alive',
        trials: 0,
        outcome: { kind: 'untold', metPerSec: null, why: 'the search was not finished' },
      })),
    );
    expect(summary?.slo?.sentence).toContain('There is no result for single and cluster: the search was not finished.');
  });

  test('of a model whose capacity is not known is untold', () => {
    const summary = summaryOf([], capacity.slice(0, 1), [], slo);
    expect(summary?.slo?.models[1]?.outcome).toEqual({
      kind: 'untold',
      metPerSec: null,
      why: 'its capacity is not known, so the search had no starting point',
    });
  });
});
