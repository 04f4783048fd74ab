/** More rounds of what is not answered, on servers that do not exist, with trials of known length. */
import { describe, expect, test } from 'vitest';
import {
  generatorOf,
  measurementOf,
  openMeasurementOf,
  repeated,
  serverOf,
  workerOf,
} from '../../fixtures/measurement.ts';
import {
  additionOf,
  cellOf,
  failedTrial,
  manifestOf,
  noRates,
  okTrial,
  planOf,
  rateCellOf,
} from '../../fixtures/run.ts';
import { aheadMs, spentMs } from '../../plan/schedule/outlook.ts';
import { seedFrom } from '../../stats/arrivals.ts';
import { normal } from '../../stats/fixtures/noise.ts';
import { lookAfter } from '../../stats/looks.ts';
import { randomStream } from '../../stats/random.ts';
import type { Addition, Cell, Manifest, Trial } from '../../store/schema.ts';
import { goOn, goOnInSteps, type Record, type Servers } from '../fixtures/simulated-run.ts';
import { latencySummary } from '../latency.ts';
import { summarise } from '../summary.ts';
import { further } from './further.ts';
import { settle, standingOf } from './settling.ts';

/** What every trial here takes. */
const TRIAL_MS = 1050;
const nothing: Record = { additions: [], trials: [] };
const single = cellOf('single');
const cluster = cellOf('cluster');
const pool = cellOf('fork-pool');
const threads = cellOf('worker-threads');

function manifestWith(changes: Partial<Manifest> = {}): Manifest {
  return manifestOf({ cells: [single, cluster, pool], budgetMs: 3_600_000, ...changes });
}

const busy = serverOf({ workers: [workerOf(1000, 0.99)] });
const served = (requestsPerSec: number) => measurementOf({ requestsPerSec, server: busy });
/** The generator was the limit. */
const heldBack = (requestsPerSec: number) =>
  measurementOf({
    requestsPerSec,
    generators: generatorOf(990, 0.99),
    server: serverOf({ workers: [workerOf(1000, 0.5)] }),
  });

/** Every model serves so much, give or take what differs from trial to trial. */
function serversOf(seed: number, speeds: Readonly<{ [model: string]: number }>, sd: number, fails = 0): Servers {
  return (cell, round, attempt) => {
    const random = randomStream(seedFrom(seed, cell.id, round, attempt));
    if (random() < fails) return failedTrial(cell, round, 'timeout', attempt);
    const speed = (speeds[cell.model] ?? 1000) * Math.exp(sd * normal(random)());
    return okTrial(cell, round, served(speed), attempt);
  };
}

const roundsOf = ({ trials }: Record, cell: Cell): number => trials.filter((trial) => trial.cell === cell.id).length;
const rateOf = ({ load }: Cell): number => (load.kind === 'rate' ? load.requestsPerSec : 0);
const isUnsettled = ({ why }: Addition): boolean => why.kind === 'unsettled';
const idsOf = (additions: readonly Addition[]): string[][] => additions.map(({ cells }) => cells.map(({ id }) => id));

describe('more rounds', () => {
  // single is far behind, and the others are much alike.
  const servers = serversOf(1, { single: 500, cluster: 1000, 'fork-pool': 1004 }, 0.02);
  const manifest = manifestWith();
  const whole = goOn(manifest, nothing, servers);

  test('are of the models that may be the best, and lead to the next look', () => {
    expect(whole.additions.length).toBeGreaterThan(1);
    expect(whole.additions.every(isUnsettled)).toBe(true);
    const [first] = whole.additions;
    expect(first).toMatchObject({ batch: 0, scenario: 'hello', rounds: [3, 4] });
    expect(whole.additions[1]?.rounds).toEqual([5, 6, 7]);
    expect(whole.additions.at(-1)?.cells).toEqual([cluster, pool]);
    expect(roundsOf(whole, single)).toBeLessThan(roundsOf(whole, cluster));
  });

  test('end when it is answered, and none are added then', () => {
    expect(standingOf({ manifest, ...whole })).toMatchObject({ settled: 1, hopeless: 0, of: 1 });
    expect(settle({ manifest, ...whole }, 9)).toEqual([]);
    expect(further({ manifest, ...whole })).toEqual([]);
    const looks = Array.from({ length: 12 }, (_, look) => lookAfter(look));
    expect(looks).toContain(roundsOf(whole, cluster));
  });

  test('are none when the number of rounds was given, whatever is open', () => {
    const fixed = manifestWith({ budgetMs: null });
    const run = goOn(fixed, nothing, servers);
    expect(run.additions).toEqual([]);
    expect(run.trials).toHaveLength(9);
    const { settled, of } = standingOf({ manifest: fixed, ...run });
    expect(settled).toBeLessThan(of);
  });

  test('go on while nothing was told yet, because too few trials were valid', () => {
    const once = manifestWith({ rounds: 1 });
    expect(goOn(once, nothing, servers).additions[0]).toMatchObject({ rounds: [1, 2] });
  });

  test('of a cell that was given up are none, and the others are answered without it', () => {
    const fails: Servers = (cell, round, attempt) =>
      cell.model === 'single' ? failedTrial(cell, round, 'timeout', attempt) : servers(cell, round, attempt);
    const run = goOn(manifest, nothing, fails);
    expect(idsOf(run.additions).flat()).not.toContain(single.id);
    expect(standingOf({ manifest, ...run })).toEqual({ settled: 1, hopeless: 0, unjudged: 0, of: 1 });
  });

  test('of several scenarios go first to the one whose answer is the nearest', () => {
    const other = [cellOf('cluster', { scenario: 'io' }), cellOf('fork-pool', { scenario: 'io' })];
    const two = manifestWith({
      budgetMs: 60 * TRIAL_MS,
      cells: [cluster, pool, ...other],
      scenarios: [planOf(), planOf({ id: 'io' })],
    });
    const [far, near] = [serversOf(7, {}, 0.2), serversOf(7, {}, 0.025)];
    const run = goOn(two, nothing, (cell, ...rest) => (cell.scenario === 'io' ? near : far)(cell, ...rest));
    const scenarios = run.additions.map(({ scenario }) => scenario);
    expect(scenarios[0]).toBe('io');
    // All of it comes before the other one has got anywhere, and each has numbers of its own.
    expect(scenarios.lastIndexOf('io')).toBeLessThan(scenarios.lastIndexOf('hello'));
    for (const id of ['io', 'hello'])
      expect(run.additions.find(({ scenario }) => scenario === id)?.rounds).toEqual([3, 4]);
    expect(standingOf({ manifest: two, ...run })).toMatchObject({ settled: 1, of: 2 });
  });
});

describe('the budget', () => {
  /** Alike, and so noisy that these few rounds do not tell. */
  const never = serversOf(2, {}, 0.2);
  const cells = [cluster, pool];

  test('holds for getting ready as well', () => {
    const budgetMs = 20 * TRIAL_MS;
    const readyAt = Date.parse(manifestWith().startedAt);
    const startedAt = new Date(readyAt - 8 * TRIAL_MS).toISOString();
    const slowly = goOn(manifestWith({ cells, budgetMs, startedAt }), nothing, never);
    expect(slowly.trials).toHaveLength(12);
    expect(goOn(manifestWith({ cells, budgetMs }), nothing, never).trials).toHaveLength(20);
  });

  test.each([6, 9, 20, 33])('of %d trials is not overspent, and hardly left over', (trials) => {
    const manifest = manifestWith({ cells, budgetMs: trials * TRIAL_MS });
    const run = goOn(manifest, nothing, never);
    expect(spentMs(run.trials)).toBeLessThanOrEqual(trials * TRIAL_MS);
    expect(run.trials).toHaveLength(trials - (trials % 2));
  });

  test('that ends between two looks ends the run: the next look was taken early', () => {
    const manifest = manifestWith({ cells, budgetMs: 14 * TRIAL_MS });
    const run = goOn(manifest, nothing, never);
    expect(run.additions.map(({ rounds }) => rounds)).toEqual([
      [3, 4],
      [5, 6],
    ]);
    // Though trials turn out to be shorter, so that there would be room for more.
    const shorter = run.trials.map((trial): Trial => ({ ...trial, phasesMs: { measure: 0.8 * TRIAL_MS } }));
    expect(settle({ manifest, ...run, trials: shorter }, 2)).toEqual([]);
    // With a budget that has room for a whole look it goes on.
    const longer = { ...manifest, budgetMs: 30 * TRIAL_MS };
    expect(settle({ manifest: longer, ...run }, 2)).toMatchObject([{ rounds: [7] }]);
  });

  test('that the planned rounds have overspent leaves nothing', () => {
    expect(goOn(manifestWith({ cells, budgetMs: TRIAL_MS }), nothing, never).additions).toEqual([]);
  });

  test('leaves time for the rates that are still to come', () => {
    const latency = { ...noRates, rounds: 2, measureMs: 1000 };
    const rates = [{ kind: 'share' as const, share: 0.5 }];
    const budgetMs = 40 * TRIAL_MS;
    const plain = manifestWith({ cells, budgetMs, latency });
    const manifest = manifestWith({ cells, budgetMs, latency, scenarios: [planOf({ rates })] });
    const rounds = Math.floor((budgetMs - aheadMs(manifest, [])) / (2 * TRIAL_MS));
    const run = goOn(manifest, nothing, never);
    expect(roundsOf(run, cluster)).toBe(rounds);
    expect(roundsOf(goOn(plain, nothing, never), cluster)).toBe(20);
    expect(rounds).toBeLessThan(20);
  });
});

describe('rates', () => {
  const rates = [{ kind: 'share' as const, share: 0.5 }];
  const manifest = manifestWith({
    cells: [cluster, pool],
    scenarios: [planOf({ rates })],
    latency: { ...noRates, rounds: 2, sweep: true },
  });
  const run = goOn(manifest, nothing, serversOf(3, { 'fork-pool': 1200 }, 0.05));

  test('are decided when all is answered, and of all the rounds', () => {
    const kinds = run.additions.map(({ why }) => why.kind);
    expect(kinds.filter((kind) => kind === 'unsettled').length).toBeGreaterThan(0);
    expect(kinds.slice(kinds.lastIndexOf('unsettled') + 1)).toEqual(['common', 'sweep']);
    const trials = run.trials.filter(({ cell }) => cell === cluster.id);
    const [summary] = summarise({ manifest, ...run, end: null }).scenarios;
    const common = run.additions.find(({ why }) => why.kind === 'common');
    expect(common?.why).toMatchObject({
      basis: { requestsPerSec: summary?.cells.find(({ id }) => id === cluster.id)?.result?.requestsPerSec.point },
    });
    expect(trials.length).toBeGreaterThan(3);
  });

  test('are all that is said about latency: cells of capacity that were added again are none of them', () => {
    const [plan = planOf()] = manifest.scenarios;
    const summary = latencySummary({ manifest, ...run, end: null }, plan);
    expect(summary?.cells.length).toBeGreaterThan(2);
    expect(summary?.cells.every(({ id }) => id.includes('@'))).toBe(true);
  });

  test('once added, are not followed by more rounds of capacity', () => {
    const additions = [additionOf([rateCellOf('cluster', 100)])];
    const trials = [0, 1, 2].flatMap((round) => [cluster, pool].map((cell) => okTrial(cell, round)));
    expect(further({ manifest, additions, trials }).some(isUnsettled)).toBe(false);
  });
});

describe('a cell whose trials disagree on what limited them', () => {
  const manifest = manifestWith({ cells: [single, cluster] });
  /** The generator was the limit in these rounds of cluster. */
  const oddIn = (isOdd: (round: number) => boolean): Servers => {
    const speeds = serversOf(4, {}, 0.001);
    return (cell, round, attempt) =>
      cell.model === 'cluster' && isOdd(round)
        ? okTrial(cell, round, heldBack(2000))
        : speedOf(speeds(cell, round, attempt), cell);
  };
  const speedOf = (trial: Trial, cell: Cell): Trial =>
    trial.outcome.status === 'failed' || cell.model === 'single'
      ? trial
      : { ...trial, outcome: { status: 'ok', measurement: served(2 * trial.outcome.measurement.requestsPerSec) } };
  const decisionOf = (run: Record) => summarise({ manifest, ...run, end: null }).scenarios[0]?.decision;

  test('is measured again until one odd trial is seen to be odd', () => {
    const run = goOn(
      manifest,
      nothing,
      oddIn((round) => round === 1),
    );
    expect(roundsOf(run, cluster)).toBe(5);
    expect(decisionOf(run)).toMatchObject({ take: cluster.id, metric: 'throughput' });
  });

  test('is measured eight times at most', () => {
    const run = goOn(
      manifest,
      nothing,
      oddIn((round) => round % 3 === 1),
    );
    expect(roundsOf(run, cluster)).toBe(8);
    expect(decisionOf(run)).toBeNull();
    expect(standingOf({ manifest, ...run })).toEqual({ settled: 0, hopeless: 1, unjudged: 1, of: 1 });
  });

  test('keeps others from being answered without it: it may be the best', () => {
    const three = manifestWith({ cells: [single, pool, cluster] });
    const slow = serversOf(4, { single: 500 }, 0.001);
    const odd = oddIn((round) => round === 1);
    const run = goOn(three, nothing, (cell, ...rest) => (cell.model === 'cluster' ? odd : slow)(cell, ...rest));
    expect(run.additions.map(({ rounds }) => rounds)).toEqual([[3, 4]]);
    expect(idsOf(run.additions)[0]).toEqual(expect.arrayContaining([pool.id, cluster.id]));
    expect(summarise({ manifest: three, ...run, end: null }).scenarios[0]?.decision).toMatchObject({
      take: cluster.id,
    });
  });

  test('is not measured again where most of them agree that it was held back', () => {
    const run = goOn(
      manifest,
      nothing,
      oddIn((round) => round !== 1),
    );
    expect(run.additions).toEqual([]);
    expect(decisionOf(run)).toBeNull();
  });
});

const facts = ({ trials }: Record): string[] =>
  trials.map(({ cell, round, attempt, outcome }) => `${cell} ${round} ${attempt} ${outcome.status}`);

describe('where requests per second tell nothing of the server', () => {
  const manifest = manifestWith({ latency: { ...noRates, rounds: 3, equalWork: true } });
  const cpuMs: Readonly<{ [model: string]: number }> = { single: 1, cluster: 1.02, 'fork-pool': 1.5 };
  const servers: Servers = (cell, round, attempt) => {
    const noise = Math.exp(0.02 * normal(randomStream(seedFrom(8, cell.id, round, attempt)))());
    if (cell.load.kind === 'capacity') return okTrial(cell, round, heldBack(1000 * noise), attempt);
    const server = serverOf({ cpuMsPerRequest: (cpuMs[cell.model] ?? 1) * noise, workers: [workerOf(500, 0.5)] });
    return okTrial(cell, round, openMeasurementOf(repeated(500, 2), {}, { server }), attempt);
  };
  const whole = goOn(manifest, nothing, servers);

  test('all are offered half of what the slowest served, and CPU time per request is settled there', () => {
    const [first, ...more] = whole.additions;
    expect(first).toMatchObject({
      why: { kind: 'common', cappedAt: null, basis: { ranked: false } },
      rounds: [0, 1, 2],
    });
    expect(first?.cells.map(({ model }) => model)).toEqual(['single', 'cluster', 'fork-pool']);
    expect(more.length).toBeGreaterThan(0);
    expect(more.every((one) => isUnsettled(one) && one.cells.every(({ load }) => load.kind === 'rate'))).toBe(true);
    expect(more[0]?.rounds).toEqual([3, 4]);
    // The dearest is out.
    expect(more.at(-1)?.cells.map(({ model }) => model)).toEqual(['single', 'cluster']);
    expect(standingOf({ manifest, ...whole })).toMatchObject({ settled: 1, of: 1 });
    expect(further({ manifest, ...whole })).toEqual([]);
    expect(summarise({ manifest, ...whole, end: null }).scenarios[0]?.decision).toMatchObject({
      ...{ take: single.id, metric: 'cpu-per-request', offeredPerSec: first?.cells.map(rateOf)[0] },
    });
  });

  test('a run that is stopped after every trial takes the same way', () => {
    const resumed = goOnInSteps(manifest, servers, 1);
    expect(facts(resumed)).toEqual(facts(whole));
    expect(resumed.additions).toEqual(whole.additions);
  });

  test('waits for an answer that is nearer, and not for the budget', () => {
    const near = [cellOf('single', { scenario: 'cpu' }), cellOf('cluster', { scenario: 'cpu' })];
    const two = { ...manifest, rounds: 2, budgetMs: 13 * TRIAL_MS, cells: [...manifest.cells, ...near] };
    const scenarios = [planOf(), planOf({ id: 'cpu' })];
    const own = serversOf(8, { single: 500 }, 0.01);
    const run = goOn({ ...two, scenarios }, nothing, (cell, ...rest) =>
      (cell.scenario === 'cpu' ? own : servers)(cell, ...rest),
    );
    expect(run.additions.map(({ scenario, why, rounds }) => [scenario, why.kind, rounds])).toEqual([
      ['cpu', 'unsettled', [2]],
      ['hello', 'common', [0, 1, 2]],
    ]);
  });

  test('or nothing is, where that was not wanted', () => {
    const without = manifestWith();
    const run = goOn(without, nothing, servers);
    expect(run.additions).toEqual([]);
    expect(standingOf({ manifest: without, ...run })).toMatchObject({ settled: 0, unjudged: 1 });
  });
});

describe('a run that is resumed', () => {
  const runs = [0, 1, 2].map((seed) => {
    const other = [cellOf('single', { scenario: 'io' }), cellOf('cluster', { scenario: 'io' })];
    const rates = seed === 1 ? [{ kind: 'share' as const, share: 0.5 }] : [];
    const manifest = manifestWith({
      seed,
      cells: [single, cluster, pool, threads, ...other],
      scenarios: [planOf({ rates }), planOf({ id: 'io' })],
      latency: { ...noRates, rounds: 2 },
      budgetMs: 90 * TRIAL_MS,
    });
    const servers = serversOf(seed, { single: 990, 'fork-pool': 1004, 'worker-threads': 900 }, 0.03, 0.1);
    return { manifest, servers, whole: goOn(manifest, nothing, servers) };
  });

  test('has several batches of more rounds, or this shows nothing', () => {
    for (const { whole } of runs) expect(whole.additions.filter(isUnsettled).length).toBeGreaterThan(2);
  });

  test.each([1, 4])('takes the same way as one that was not stopped, also after every %i trials', (each) => {
    for (const { manifest, servers, whole } of runs) {
      const resumed = goOnInSteps(manifest, servers, each);
      expect(facts(resumed)).toEqual(facts(whole));
      expect(resumed.additions).toEqual(whole.additions);
    }
  });
});
