/** Who is compared in which figure of a scenario, and which model is to be taken. */
import { describe, expect, test } from 'vitest';
import { rateCellOf } from '../../fixtures/run.ts';
import { estimateOf } from '../../stats/estimate.ts';
import { cellOfRounds, type Measured } from '../fixtures/contenders.ts';
import type { Answer } from '../schema/answer.ts';
import type { RateCell, RateResult } from '../schema/rate.ts';
import type { CellSummary, LimitedBy } from '../schema/summary.ts';
import { answersOf, comparesThroughput, isAnswered, type Measured as Scenario } from './answers.ts';
import type { Judging } from './judging.ts';

const once: Judging = { margin: 0.03, looks: 'once' };
const RANKS = ['single', 'cluster', 'worker-threads', 'fork-pool'];
const rankOf = (model: string): number => RANKS.indexOf(model);

/** A thousandth up or down, of each model in an order of its own. */
const JITTER = [1, 1.001, 0.999, 1.0005, 0.9995];
const noisy = (value: number, shift: number): number[] =>
  JITTER.map((_, i) => value * (JITTER[(i + shift) % JITTER.length] ?? 1));
const served = (model: string, rate: number, measured: Partial<Measured> = {}): CellSummary =>
  cellOfRounds(model, { rates: noisy(rate, rankOf(model)), ...measured });

type Trial = NonNullable<CellSummary['result']>['trials'][number];
/** The trials of a cell with something else about some of them. */
function changed(cell: CellSummary, change: (trial: Trial) => Partial<Trial>): CellSummary {
  if (cell.result === null) throw new Error('no result');
  return { ...cell, result: { ...cell.result, trials: cell.result.trials.map((one) => ({ ...one, ...change(one) })) } };
}

const decided = (cells: readonly CellSummary[], judging = once, latency: Scenario['latency'] = null) =>
  answersOf({ cells, latency }, judging, rankOf);
function on(metric: Answer['metric'], answers: readonly Answer[], offeredPerSec: number | null = null): Answer {
  const found = answers.find((one) => one.metric === metric && one.offeredPerSec === offeredPerSec);
  if (found === undefined) throw new Error(`nothing is said of ${metric}`);
  return found;
}
const namesIn = ({ models }: Answer): string[] => models.map(({ cell }) => cell.replace('cpu/', ''));

describe('by requests per second', () => {
  test('each is compared whose server was the limit, however fast the others were', () => {
    const { answers, decision } = decided([
      served('single', 1000),
      served('cluster', 1900),
      served('fork-pool', 1800, { by: 'generator' }),
    ]);
    const throughput = on('throughput', answers);
    expect(namesIn(throughput)).toEqual(['single', 'cluster']);
    expect(throughput).toMatchObject({
      ...{ rounds: 5, best: ['cpu/cluster'], within: ['cpu/cluster'], roundsToAnswer: 0 },
      models: [
        { cell: 'cpu/single', atLeastBehind: expect.closeTo(0.47, 1), atMostBehind: expect.closeTo(0.48, 1) },
        { cell: 'cpu/cluster', atLeastBehind: 0, atMostBehind: 0 },
      ],
    });
    expect(decision).toEqual({
      ...{ take: 'cpu/cluster', metric: 'throughput', offeredPerSec: null, among: ['cpu/cluster'], why: 'only' },
    });
  });

  test('none is the best where one that was held back served more', () => {
    const { answers, decision } = decided([
      served('single', 1000),
      served('cluster', 1900),
      served('fork-pool', 2500, { by: 'generator' }),
    ]);
    expect(answers.map(({ metric }) => metric)).not.toContain('throughput');
    expect(decision).toBeNull();
  });

  test.each<[string, Partial<Trial>]>([
    ['was not warm', { steady: false }],
    ['something else limited', { limitedBy: { by: 'machine', evidence: '' } }],
  ])('a trial that %s does not count', (_, change) => {
    const odd = changed(served('cluster', 1900), ({ round }) =>
      round === 2 ? { ...change, requestsPerSec: 100 } : {},
    );
    expect(decided([served('single', 1000), odd]).decision).toMatchObject({ take: 'cpu/cluster' });
    const none = changed(served('cluster', 1900), () => change);
    expect(comparesThroughput([served('single', 1000), none])).toBe(false);
    expect(decided([served('single', 1000), none]).decision).toBeNull();
  });

  test('one that lacks rounds is waited for while there is time, and then left out', () => {
    const cells = [
      served('single', 1000),
      served('cluster', 1900),
      changed(served('fork-pool', 2500), ({ round }) => ({ steady: round < 2 })),
    ];
    const open = decided(cells, { ...once, looks: 'again' });
    expect(on('throughput', open.answers)).toMatchObject({ within: [], roundsToAnswer: 3 });
    expect(open.decision).toBeNull();
    expect(isAnswered({ cells, latency: null }, 0.03)).toBe(false);
    for (const looks of ['once', 'last'] as const) {
      const over = decided(cells, { ...once, looks });
      expect(namesIn(on('throughput', over.answers))).toEqual(['single', 'cluster']);
      expect(over.decision).toMatchObject({ take: 'cpu/cluster' });
    }
  });

  test('nothing is said of a single model, or without a result', () => {
    expect(decided([served('single', 1000), cellOfRounds('cluster', null)])).toEqual({ answers: [], decision: null });
  });

  test('nothing is decided where no model is known to be within the margin', () => {
    const wide = (model: string, rates: readonly number[]): CellSummary => cellOfRounds(model, { rates });
    const { answers, decision } = decided([wide('single', [90, 100, 120]), wide('cluster', [110, 95, 100])]);
    expect(on('throughput', answers)).toMatchObject({ within: [], best: [expect.any(String), expect.any(String)] });
    expect(on('throughput', answers).roundsToAnswer).toBeGreaterThan(0);
    expect(decision).toBeNull();
  });
});

describe('of several within the margin', () => {
  const cluster = served('cluster', 1900, { cpuMs: noisy(1, 1), mib: noisy(80, 1) });
  const other = (cpuMs: number, mib: number): CellSummary =>
    served('fork-pool', 1895, { cpuMs: noisy(cpuMs, 2), mib: noisy(mib, 2) });

  test.each<[string, CellSummary, string, string]>([
    ['less CPU time per request', other(0.9, 200), 'cpu/fork-pool', 'cpu-per-request'],
    ['less memory, where CPU does not differ by more than the margin', other(0.99, 70), 'cpu/fork-pool', 'peak-memory'],
    ['the least effort, where costs do not', other(0.99, 79), 'cpu/cluster', 'simplest'],
  ])('the one to take is the one with %s', (_, fork, take, why) => {
    const among = ['cpu/cluster', 'cpu/fork-pool'];
    expect(decided([cluster, fork]).decision).toMatchObject({ take, why, among });
  });

  test('memory decides between those that CPU leaves', () => {
    const threads = served('worker-threads', 1890, { cpuMs: noisy(1.2, 3), mib: noisy(20, 3) });
    expect(decided([cluster, other(1, 60), threads]).decision).toMatchObject({
      ...{ take: 'cpu/fork-pool', why: 'peak-memory' },
      among: expect.arrayContaining(['cpu/worker-threads']),
    });
  });

  test('memory of two kinds decides nothing', () => {
    const rss = served('fork-pool', 1895, { cpuMs: noisy(1, 2), mib: noisy(20, 2), kind: 'rss' });
    expect(decided([cluster, rss]).decision).toMatchObject({ take: 'cpu/cluster', why: 'simplest' });
  });
});

describe('costs at full load', () => {
  const held = (by: LimitedBy['by'], cheap = 1) => [
    served('single', 900, { by, cpuMs: noisy(cheap, 0) }),
    served('cluster', 900, { by, cpuMs: noisy(1.2, 1) }),
  ];

  test('are compared in any case, by how much more each needs', () => {
    const { answers } = decided(held('generator'));
    expect(answers.map(({ metric }) => metric)).toEqual(['cpu-per-request', 'start-up', 'peak-memory']);
    expect(on('cpu-per-request', answers).models[1]).toEqual({
      ...{ cell: 'cpu/cluster', atLeastBehind: expect.closeTo(0.2, 1), atMostBehind: expect.closeTo(0.2, 1) },
    });
  });

  test.each<LimitedBy['by']>(['connections', 'upstream'])('decide where the load was the same for all: %s', (by) => {
    expect(decided(held(by)).decision).toMatchObject({ take: 'cpu/single', metric: 'cpu-per-request', why: 'only' });
  });

  test.each<LimitedBy['by']>(['generator', 'machine', 'unclear'])('and nothing otherwise: %s', (by) => {
    expect(decided(held(by)).decision).toBeNull();
  });

  test('of code that was not warm are not compared, but for memory and start-up', () => {
    const cold = held('connections').map((cell) => changed(cell, () => ({ steady: false })));
    expect(decided(cold).answers.map(({ metric }) => metric)).toEqual(['start-up', 'peak-memory']);
  });
});

const RATE = 450;
/** At that rate, with this CPU time per request. */
function atRate(model: string, cpuMs: number, p99Ms: number | null, changes: Partial<RateResult> = {}): RateCell {
  const { id, style, workers, connections, connectionMode } = rateCellOf(model, RATE, { scenario: 'cpu' });
  const one = estimateOf([1, 1, 1]);
  const limitedBy = { by: 'offered-rate', evidence: '' } as const;
  const trials = noisy(1, rankOf(model)).map((factor, round) => ({
    ...{ round, servedPerSec: RATE, p50Ms: 1, p99Ms, steady: true, limitedBy },
    ofFirstClass: { p50Ms: factor, p99Ms: p99Ms === null ? null : p99Ms * factor },
    cpuMsPerRequest: cpuMs * factor,
  }));
  const about = { id, model, style, workers, connections, connectionMode, offeredPerSec: RATE };
  return {
    ...about,
    ...{ trialsOk: 5, trialsFailed: 0, trialsDisturbed: 0, givenUp: null },
    result: {
      ...{ requests: 3000, servedPerSec: one, keptUp: true, classes: [], unfinished: 0, errors: 0 },
      latency: { p50: null, p90: null, p99: null, p999: null, maxMs: 0 },
      serviceMs: { p50: 1, p99: 1 },
      sendDelayMs: { p50: 0, p99: 0 },
      connections: { most: 64, waited: 0 },
      backlog: { start: 0, end: 0 },
      ...{ cpuMsPerRequest: one, workerShares: [1], fairness: 1, limitedBy, trials },
      lostShare: null,
      utilisation: { front: null, workers: 0.5 },
      ...changes,
    },
  };
}

describe('where sessions can be lost', () => {
  test('those that keep them are compared, whatever the others serve', () => {
    const { answers, decision } = decided([
      served('single', 1000, { lostShare: 0 }),
      served('cluster', 1900, { lostShare: 0 }),
      served('fork-pool', 2500, { lostShare: 0.5 }),
      served('worker-threads', 2600, { lostShare: 0.51, by: 'generator' }),
    ]);
    for (const one of answers) expect(namesIn(one)).toEqual(['single', 'cluster']);
    expect(decision).toMatchObject({ take: 'cpu/cluster', metric: 'throughput' });
  });

  test('a single one that keeps them all is taken', () => {
    const cells = [served('single', 1000, { lostShare: 0 }), served('cluster', 1900, { lostShare: 0.5 })];
    const { answers, decision } = decided(cells);
    expect(answers).toEqual([]);
    expect(decision).toMatchObject({ take: 'cpu/single', among: ['cpu/single'], why: 'only' });
  });

  test('where none keeps them, all are compared: what one of them loses less may be chance', () => {
    const cells = [
      served('cluster', 1000, { lostShare: 0.507 }),
      served('fork-pool', 1000, { lostShare: 0.499 }),
      served('worker-threads', 1900, { lostShare: 0.503 }),
    ];
    expect(decided(cells).decision).toMatchObject({ take: 'cpu/worker-threads', metric: 'throughput' });
  });
});

describe('at a rate that all were offered', () => {
  const cells = ['single', 'cluster', 'fork-pool'].map((model) => served(model, 900, { by: 'machine' }));
  const latencyOf = (rates: readonly RateCell[]): NonNullable<Scenario['latency']> => ({
    cells: rates,
    common: [{ offeredPerSec: RATE, cells: rates.map(({ id }) => id) }],
  });
  const rates = [atRate('single', 1, 20), atRate('cluster', 1.2, 10), atRate('fork-pool', 1.3, 15)];

  test('CPU time per request decides, and latencies are compared too', () => {
    const { answers, decision } = decided(cells, once, latencyOf(rates));
    expect(decision).toMatchObject({ take: 'cpu/single', metric: 'cpu-per-request', offeredPerSec: RATE, why: 'only' });
    expect(on('latency-p99', answers, RATE)).toMatchObject({ best: ['cpu/cluster'], within: ['cpu/cluster'] });
    expect(on('latency-p50', answers, RATE).within).toHaveLength(3);
  });

  test('requests per second come first, where they tell', () => {
    const ranked = [served('single', 1000), served('cluster', 1900)];
    expect(decided(ranked, once, latencyOf(rates)).decision).toMatchObject({
      ...{ take: 'cpu/cluster', metric: 'throughput' },
    });
  });

  test('rounds there are fixed where requests per second tell, so that one look may spend all', () => {
    const p99Of = (looks: Judging['looks'], by: LimitedBy['by']) => {
      const those = ['single', 'cluster', 'fork-pool'].map((model) => served(model, 900, { by }));
      return on('latency-p99', decided(those, { ...once, looks }, latencyOf(rates)).answers, RATE);
    };
    expect(p99Of('again', 'workers')).toEqual(p99Of('once', 'workers'));
    expect(p99Of('again', 'machine')).not.toEqual(p99Of('once', 'machine'));
  });

  test.each<[string, Partial<RateResult>, readonly string[], readonly string[]]>([
    ['did not keep up', { keptUp: false }, ['cluster', 'fork-pool'], ['cluster', 'fork-pool']],
    [
      'had a late generator',
      { limitedBy: { by: 'generator', evidence: '' } },
      ['single', 'cluster', 'fork-pool'],
      ['cluster', 'fork-pool'],
    ],
    [
      'was not warm',
      { trials: (atRate('single', 1, 20).result?.trials ?? []).map((trial) => ({ ...trial, steady: false })) },
      ['cluster', 'fork-pool'],
      ['cluster', 'fork-pool'],
    ],
  ])('one that %s', (_, changes, cpu, latency) => {
    const { answers } = decided(cells, once, latencyOf([atRate('single', 1, 20, changes), ...rates.slice(1)]));
    expect(namesIn(on('cpu-per-request', answers, RATE))).toEqual(cpu);
    expect(namesIn(on('latency-p99', answers, RATE))).toEqual(latency);
  });

  test('a percentile that no trial has is not compared', () => {
    const few = decided(cells, once, latencyOf([atRate('single', 1, null), atRate('cluster', 1.2, null)]));
    expect(few.answers.map(({ metric }) => metric)).not.toContain('latency-p99');
  });
});

describe('what a look may spend', () => {
  /** Further than a third of the error reaches after three rounds, and not as far as all of it. */
  const cells = [
    cellOfRounds('single', { rates: [1000, 1000, 1000], cpuMs: [1, 1, 1] }),
    cellOfRounds('cluster', { rates: [1002, 1014, 1005], cpuMs: [1.1, 1.15, 1.08] }),
  ];
  const atMost = (looks: Judging['looks']): number =>
    on('cpu-per-request', decided(cells, { ...once, looks }).answers).models.find(({ cell }) => cell === 'cpu/cluster')
      ?.atMostBehind ?? Number.NaN;

  test('is a part while measuring goes on, and all that is left at the last', () => {
    expect(atMost('again')).toBeGreaterThan(atMost('last'));
    // Of three rounds that is all of it.
    expect(atMost('last')).toBeCloseTo(atMost('once'), 9);
  });

  test('follows from whether the answer ended the run, or its budget', () => {
    expect(isAnswered({ cells, latency: null }, 0.3)).toBe(true);
    expect(isAnswered({ cells, latency: null }, 0.001)).toBe(false);
    expect(isAnswered({ cells: [], latency: null }, 0.03)).toBe(false);
  });
});
