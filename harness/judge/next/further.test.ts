import { describe, expect, test } from 'vitest';
import { generatorOf, measurementOf, serverOf, workerOf } from '../../fixtures/measurement.ts';
import { cellOf, failedTrial, manifestOf, noRates, okTrial, planOf, shared } from '../../fixtures/run.ts';
import { parseSlo } from '../../plan/options/slo.ts';
import { cellsOf } from '../../plan/schedule/cells.ts';
import { SWEEP_POINTS } from '../../plan/schedule/rates.ts';
import { givenUp, remaining } from '../../plan/schedule/remaining.ts';
import { visitsOf } from '../../plan/schedule/visits.ts';
import { seedFrom } from '../../stats/arrivals.ts';
import { randomStream } from '../../stats/random.ts';
import type { Addition, Cell, Manifest, Rate, Trial } from '../../store/schema.ts';
import { goOn, goOnInSteps, type Record, serversOf } from '../fixtures/simulated-run.ts';
import { latencySummary } from '../latency.ts';
import { further } from './further.ts';

const halves: readonly Rate[] = [0.5, 0.8].map((share) => ({ kind: 'share', share }));
const number = (requestsPerSec: number): Rate => ({ kind: 'number', requestsPerSec });
const single = cellOf('single');
const cluster = cellOf('cluster');
const pool = cellOf('fork-pool');

function manifestWith(
  latency: Partial<Manifest['latency']>,
  rates: readonly Rate[] = [],
  changes: Partial<Manifest> = {},
): Manifest {
  return manifestOf({
    cells: [single, cluster],
    rounds: 2,
    scenarios: [planOf({ rates: [...rates] })],
    latency: { ...noRates, rounds: 3, measureMs: 2000, mayStretch: true, ...latency },
    ...changes,
  });
}
/** Both rounds of a cell at this throughput. */
const served = (cell: Cell, requestsPerSec: number, changes = {}): Trial[] =>
  [0, 1].map((round) => okTrial(cell, round, measurementOf({ requestsPerSec, ...changes })));
const lost = (cell: Cell): Trial[] => [0, 1, 2].map((attempt) => failedTrial(cell, 0, 'timeout', attempt));
/** Held back by the generator, so that it is not to be ranked. */
const unranked = (cell: Cell, requestsPerSec: number): Trial[] =>
  served(cell, requestsPerSec, {
    generators: generatorOf(990, 0.99),
    server: serverOf({ workers: [workerOf(1000, 0.5)] }),
  });
const both = [...served(single, 1000), ...served(cluster, 1900)];
const asked = (manifest: Manifest, trials: readonly Trial[], additions: readonly Addition[] = []) =>
  further({ manifest, additions, trials });
const ids = (additions: readonly Addition[]): string[] => additions.flatMap(({ cells }) => cells.map(({ id }) => id));

describe('common rates', () => {
  test('are shares of the slowest model, offered to every model in all rounds', () => {
    expect(asked(manifestWith({}, halves), both)).toEqual([
      {
        type: 'addition',
        batch: 0,
        scenario: 'hello',
        why: {
          kind: 'common',
          basis: { cell: 'hello/single', requestsPerSec: expect.closeTo(1000), ranked: true },
          cappedAt: null,
        },
        cells: [
          expect.objectContaining({ id: 'hello/single@500' }),
          expect.objectContaining({ id: 'hello/cluster@500' }),
          expect.objectContaining({ id: 'hello/single@800' }),
          expect.objectContaining({ id: 'hello/cluster@800' }),
        ],
        rounds: [0, 1, 2],
      },
    ]);
  });

  const whyOf = (additions: readonly Addition[]) => additions[0]?.why;

  test('are of the slowest that can be ranked, and not of one that something else held back', () => {
    const manifest = manifestWith({}, halves, { cells: [single, cluster, pool] });
    const trials = [...unranked(single, 100), ...served(cluster, 1900), ...served(pool, 1500)];
    expect(whyOf(asked(manifest, trials))).toMatchObject({ basis: { cell: 'hello/fork-pool', ranked: true } });
    // The one that cannot be ranked is offered them as well.
    expect(ids(asked(manifest, trials))).toContain('hello/single@750');
  });

  test('are of the slowest when none can be ranked, and say so', () => {
    expect(
      whyOf(asked(manifestWith({}, halves), [...unranked(single, 1000), ...unranked(cluster, 900)])),
    ).toMatchObject({
      basis: { cell: 'hello/cluster', requestsPerSec: expect.closeTo(900), ranked: false },
    });
  });

  test('are lowered to what the generators can offer, and say so', () => {
    const added = asked(manifestWith({}, halves), [...served(single, 8000), ...served(cluster, 9000)]);
    expect(whyOf(added)).toMatchObject({ cappedAt: 5000 });
    expect(ids(added)).toEqual(['hello/single@4000', 'hello/cluster@4000', 'hello/single@5000', 'hello/cluster@5000']);
  });

  test('are lowered by the mode that can be offered less, for all modes alike', () => {
    const ground = { workers: 2, connections: 64, placement: shared };
    const cells = cellsOf(
      [{ id: 'hello', ground }],
      [{ name: 'single', style: 'alone' }],
      ['keep-alive', 'per-request'],
    );
    const trials = cells.flatMap((cell) => served(cell, cell.connectionMode === 'keep-alive' ? 9000 : 4000));
    expect(ids(asked(manifestWith({}, halves, { cells }), trials))).toEqual([
      'hello/single@1000',
      'hello/single/per-request@1000',
    ]);
  });

  test('that are numbers have no basis', () => {
    const added = asked(manifestWith({}, [number(50)]), both);
    expect(whyOf(added)).toEqual({ kind: 'common', basis: null, cappedAt: null });
    expect(ids(added)).toEqual(['hello/single@50', 'hello/cluster@50']);
  });

  test('are not offered to a model that was given up, and are not of it', () => {
    const added = asked(manifestWith({}, halves), [...lost(single), ...served(cluster, 1900)]);
    expect(whyOf(added)).toMatchObject({ basis: { cell: 'hello/cluster' } });
    expect(ids(added)).toEqual(['hello/cluster@950', 'hello/cluster@1520']);
  });

  test('are none when nothing could be measured, and the run ends', () => {
    const manifest = manifestWith({ sweep: true, slo: parseSlo('p99=100ms') }, [...halves, number(50)]);
    const trials = [...lost(single), ...lost(cluster)];
    const added = asked(manifest, trials);
    expect(ids(added)).toEqual([]);
    expect(added.map(({ why }) => why)).toEqual([{ kind: 'common', basis: null, cappedAt: null }, { kind: 'sweep' }]);
    expect(asked(manifest, trials, added)).toEqual([]);
  });

  test('are added once', () => {
    const manifest = manifestWith({}, halves);
    expect(asked(manifest, both, asked(manifest, both))).toEqual([]);
  });

  test('none were asked for: nothing is added', () => {
    expect(asked(manifestWith({}), both)).toEqual([]);
  });
});

test('what rates were measured for leaves open goes on when there is more time', () => {
  const manifest = manifestWith({}, [number(500)], { rounds: 3, budgetMs: 1 });
  const noisy = (cell: Cell, rates: readonly number[]): Trial[] =>
    rates.map((requestsPerSec, round) => okTrial(cell, round, measurementOf({ requestsPerSec })));
  const capacity = [...noisy(single, [1000, 1040, 980]), ...noisy(cluster, [1030, 990, 1050])];
  const rates = asked(manifest, capacity);
  expect(rates.map(({ why }) => why.kind)).toEqual(['common']);
  const open = measurementOf({});
  const trials = [
    ...capacity,
    ...rates.flatMap(({ cells, rounds }) => cells.flatMap((cell) => rounds.map((round) => okTrial(cell, round, open)))),
  ];
  expect(asked(manifest, trials, rates)).toEqual([]);
  const longer = asked({ ...manifest, budgetMs: 3_600_000 }, trials, rates);
  expect(longer.map(({ why }) => why.kind)).toEqual(['unsettled']);
  expect(ids(longer)).toEqual(['hello/single', 'hello/cluster']);
});

describe('a sweep', () => {
  const sweep = { sweep: true };

  test('is of the capacity of each model, in three rounds', () => {
    const [added, ...more] = asked(manifestWith(sweep), both);
    expect(more).toEqual([]);
    expect(added).toMatchObject({ why: { kind: 'sweep' }, rounds: [0, 1, 2] });
    expect(added?.cells).toHaveLength(2 * SWEEP_POINTS);
    expect(added?.cells.map(({ id }) => id)).toContain('hello/single@1050');
    expect(added?.cells.map(({ id }) => id)).toContain('hello/cluster@2000');
  });

  test('is not lowered as shares are: it goes on to what the generators may be asked for', () => {
    const added = asked(manifestWith(sweep), [...served(single, 8000), ...served(cluster, 30_000)]);
    expect(ids(added)).toContain('hello/single@8400');
    expect(ids(added)).toContain('hello/cluster@19500');
    expect(ids(added)).not.toContain('hello/cluster@24000');
  });

  test("goes on beyond a capacity that is not the server's own", () => {
    const added = ids(asked(manifestWith(sweep), [...unranked(single, 1000), ...served(cluster, 1900)]));
    expect(added).toContain('hello/single@3000');
    expect(added).not.toContain('hello/cluster@5700');
  });

  test('is of one round when one was asked for', () => {
    expect(asked(manifestWith({ ...sweep, rounds: 1 }), both)[0]?.rounds).toEqual([0]);
  });

  test('leaves out a model that was given up', () => {
    expect(ids(asked(manifestWith(sweep), [...lost(single), ...served(cluster, 1900)]))).toHaveLength(SWEEP_POINTS);
  });

  test('is in one batch with the common rates, and has no cell of theirs again', () => {
    const added = asked(manifestWith(sweep, halves), both);
    expect(added.map(({ batch, why }) => [batch, why.kind])).toEqual([
      [0, 'common'],
      [0, 'sweep'],
    ]);
    // The slowest model's half is the half of its own capacity.
    expect(ids(added.slice(0, 1))).toContain('hello/single@500');
    expect(ids(added.slice(1))).not.toContain('hello/single@500');
    expect(new Set(ids(added)).size).toBe(ids(added).length);
  });
});

describe('two scenarios', () => {
  const other = [cellOf('single', { scenario: 'io' }), cellOf('cluster', { scenario: 'io' })];
  const manifest = manifestWith({ sweep: true, slo: parseSlo('p99=100ms') }, halves, {
    scenarios: [planOf({ rates: [...halves] }), planOf({ id: 'io', rates: [number(30)] })],
    cells: [single, cluster, ...other],
  });
  const trials = [...both, ...other.flatMap((cell) => served(cell, 200))];

  test('are in one batch, each with rates of its own', () => {
    const added = asked(manifest, trials);
    expect(added.map(({ batch, scenario, why }) => [batch, scenario, why.kind])).toEqual([
      [0, 'hello', 'common'],
      [0, 'hello', 'sweep'],
      [0, 'io', 'common'],
      [0, 'io', 'sweep'],
    ]);
    expect(added[2]?.cells.map(({ id }) => id)).toEqual(['io/single@30', 'io/cluster@30']);
  });

  test('are searched together, one rate for each model, when that is done', () => {
    const added = asked(manifest, trials);
    const steps = asked(manifest, trials, added);
    expect(
      steps.map(({ batch, why, cells, rounds }) => [batch, why.kind, cells[0]?.id.replace(/@.*/, ''), rounds]),
    ).toEqual(['hello/single', 'hello/cluster', 'io/single', 'io/cluster'].map((cell) => [1, 'slo', cell, [0]]));
    expect(ids(steps).every((id) => id.endsWith('/slo'))).toBe(true);
  });

  test('are not searched before what is missing of the rates has been added', () => {
    // Killed between two lines of one batch.
    const added = asked(manifest, trials);
    const rest = asked(manifest, trials, added.slice(0, 2));
    expect(rest.map(({ batch, scenario, why }) => [batch, scenario, why.kind])).toEqual([
      [1, 'io', 'common'],
      [1, 'io', 'sweep'],
    ]);
  });
});

describe('a search', () => {
  const slo = parseSlo('p99=100ms');
  const capacityPerSec = { single: 300, cluster: 550 };
  const never = () => 0;

  test('goes on batch by batch until every model has its answer', () => {
    const manifest = manifestWith({ slo });
    const { additions, trials } = goOn(
      manifest,
      { additions: [], trials: [] },
      serversOf({ seed: 1, capacityPerSec, fails: never }),
    );
    expect(additions.map(({ batch }) => batch)).toEqual(additions.map(({ batch }) => batch).toSorted((a, b) => a - b));
    expect(additions.every(({ why, cells }) => why.kind === 'slo' && cells.length === 1)).toBe(true);
    const [plan] = manifest.scenarios;
    const summary = plan && latencySummary({ manifest, additions, trials, end: null }, plan);
    const outcomes = summary?.slo?.models.map(({ outcome }) => outcome) ?? [];
    expect(outcomes).toHaveLength(2);
    for (const [i, outcome] of outcomes.entries()) {
      // 2 ms ÷ (1 - load) is 100 ms at 98% of the capacity.
      const truth = 0.98 * (i === 0 ? 300 : 550);
      expect(outcome.kind === 'found' && Math.abs(outcome.estimate / truth - 1)).toBeLessThan(0.06);
    }
  });

  test('visits a rate again in rounds that it has not had', () => {
    const manifest = manifestWith({ slo }, [], { cells: [single] });
    const { additions } = goOn(
      manifest,
      { additions: [], trials: [] },
      serversOf({ seed: 2, capacityPerSec, fails: never }),
    );
    const roundsOf = new Map<string, number[]>();
    for (const { cells, rounds } of additions) {
      for (const { id } of cells) roundsOf.set(id, [...(roundsOf.get(id) ?? []), ...rounds]);
    }
    expect(Math.max(...[...roundsOf.values()].map((rounds) => rounds.length))).toBeGreaterThan(1);
    for (const rounds of roundsOf.values()) expect(rounds).toEqual(rounds.map((_, i) => i));
  });

  test("goes far beyond a capacity that was not the server's own", () => {
    const manifest = manifestWith({ slo }, [], { cells: [single] });
    const servers = serversOf({ seed: 5, capacityPerSec: { single: 600 }, fails: never });
    const run = goOn(manifest, { additions: [], trials: unranked(single, 150) }, servers);
    const [plan] = manifest.scenarios;
    const [model] = (plan && latencySummary({ manifest, ...run, end: null }, plan)?.slo?.models) ?? [];
    expect(model?.outcome.kind === 'found' && Math.abs(model.outcome.estimate / (0.98 * 600) - 1)).toBeLessThan(0.06);
  });

  test('has windows with as many requests as its percentile takes', () => {
    const windowOf = (text: string): number => {
      const [load] = asked(manifestWith({ slo: parseSlo(text) }), [...served(single, 50), ...served(cluster, 50)]).map(
        ({ cells }) => cells[0]?.load,
      );
      return load?.kind === 'rate' ? (load.measureMs * load.requestsPerSec) / 1000 : 0;
    };
    expect(windowOf('p90=100ms')).toBeLessThan(100);
    expect(windowOf('p99=100ms')).toBeGreaterThan(500);
    expect(windowOf('p50=20ms,p99=100ms')).toBe(windowOf('p99=100ms'));
  });

  test('of a model without capacity is none, and the others have theirs', () => {
    const manifest = manifestWith({ slo });
    expect(ids(asked(manifest, [...lost(single), ...served(cluster, 550)]))).toEqual([
      expect.stringMatching(/^hello\/cluster@/),
    ]);
    expect(asked(manifest, [...lost(single), ...lost(cluster)])).toEqual([]);
    const [plan] = manifest.scenarios;
    const run = { manifest, additions: [], trials: [...lost(single), ...lost(cluster)], end: null };
    expect(plan && latencySummary(run, plan)?.slo?.models.map(({ outcome }) => outcome.kind)).toEqual([
      'untold',
      'untold',
    ]);
  });

  test.each([0, 1, 2])('ends when every trial of it fails, with %i retries', (retries) => {
    const manifest = manifestWith({ slo }, [], { retries });
    const fails = ({ load }: Cell): number => (load.kind === 'rate' ? 1 : 0);
    const { additions, trials } = goOn(
      manifest,
      { additions: [], trials: [] },
      serversOf({ seed: 3, capacityPerSec, fails }),
    );
    const probed = ids(additions);
    expect(new Set(probed).size, 'a rate that was given up is not tried again').toBe(probed.length);
    expect(probed).toHaveLength(2 * 3);
    expect(trials).toHaveLength(4 + 6 * (retries + 1));
    const [plan] = manifest.scenarios;
    const models = plan && latencySummary({ manifest, additions, trials, end: null }, plan)?.slo?.models;
    expect(models?.map(({ outcome }) => outcome.kind)).toEqual(['untold', 'untold']);
  });

  test('ends when rates above some height fail', () => {
    const fails = ({ load }: Cell): number => (load.kind === 'rate' && load.requestsPerSec > 200 ? 1 : 0);
    const manifest = manifestWith({ slo });
    const { additions } = goOn(manifest, { additions: [], trials: [] }, serversOf({ seed: 4, capacityPerSec, fails }));
    expect(additions.length).toBeLessThanOrEqual(2 * 24);
  });
});

describe('a whole run, with trials that fail at random', () => {
  const slo = parseSlo('p99=50ms');
  const RUNS = 8;
  const facts = ({ trials }: Record): string[] =>
    trials.map(({ cell, round, attempt, outcome }) => `${cell} ${round} ${attempt} ${outcome.status}`);
  const nothing: Record = { additions: [], trials: [] };

  const runs = Array.from({ length: RUNS }, (_, seed) => {
    const random = randomStream(seedFrom('run', seed));
    const chance = 0.3 * random();
    const manifest = manifestWith({ sweep: seed % 4 === 3, slo: seed % 2 === 0 ? slo : null, rounds: 2 }, [], {
      seed,
      retries: seed % 3,
      cells: [single, cluster, cellOf('single', { scenario: 'io' })],
      scenarios: [planOf({ rates: [...halves] }), planOf({ id: 'io', rates: seed % 3 === 0 ? [] : [number(40)] })],
    });
    const capacityPerSec = { single: 100 + 300 * random(), cluster: 300 + 500 * random() };
    const servers = serversOf({ seed, capacityPerSec, fails: () => chance });
    return { manifest, servers, whole: goOn(manifest, nothing, servers) };
  });

  test('has cells that are given up and searches that go on, or this shows nothing', () => {
    const lostIn = runs.map(({ manifest, whole }) =>
      ids(whole.additions).filter((id) => givenUp(id, whole.trials, manifest.retries) !== null),
    );
    expect(lostIn.some((lostCells) => lostCells.length > 0)).toBe(true);
    expect(Math.max(...runs.map(({ whole }) => whole.additions.length))).toBeGreaterThan(20);
  });

  test('measures every visit once, in the end nothing is due and nothing is to be added', () => {
    for (const { manifest, whole } of runs) {
      const ok = whole.trials
        .filter(({ outcome }) => outcome.status === 'ok')
        .map(({ cell, round }) => `${cell} ${round}`);
      expect(new Set(ok).size).toBe(ok.length);
      expect(remaining(visitsOf(manifest, whole.additions), whole.trials, manifest.retries)).toEqual([]);
      expect(further({ manifest, ...whole })).toEqual([]);
    }
  });

  test('begins with all of capacity, then the rates, then the searches', () => {
    for (const { whole } of runs) {
      const phases = whole.trials.map(({ cell }) => (cell.endsWith('/slo') ? 2 : cell.includes('@') ? 1 : 0));
      expect(phases).toEqual(phases.toSorted());
    }
  });

  test('stopped after any trial and gone on with, takes the same way', () => {
    for (const [i, { manifest, servers, whole }] of runs.entries()) {
      const resumed = goOnInSteps(manifest, servers, 1 + (i % 4));
      expect(facts(resumed)).toEqual(facts(whole));
      expect(resumed.additions).toEqual(whole.additions);
    }
  });

  test('killed between the additions of one batch, measures the same in the end, if in another order', () => {
    for (const { manifest, servers, whole } of runs.slice(0, 4)) {
      const atFirst = { additions: [], trials: whole.trials.filter(({ cell }) => !cell.includes('@')) };
      const [first, ...more] = further({ manifest, ...atFirst });
      if (first === undefined || more.length === 0) continue;
      const resumed = goOn(manifest, { ...atFirst, additions: [first] }, servers);
      expect(facts(resumed).toSorted()).toEqual(facts(whole).toSorted());
    }
  });
});
