import { describe, expect, test } from 'vitest';
import { UserError } from '../../errors.ts';
import { presets } from './presets.ts';
import { type Choices, type RunRequest, resolveOptions } from './run.ts';
import { milliseconds } from './values.ts';

const cpus = (count: number): Choices['cpus'] => ({
  count,
  affinity: Array.from({ length: count }, (_, cpu) => cpu),
  siblings: null,
  canBind: () => true,
});
const choices: Choices = {
  models: ['single', 'cluster', 'fork-pool', 'cluster-shared-handle'],
  defaultModels: ['single', 'cluster', 'fork-pool'],
  defaultScenarios: ['hello', 'cpu'],
  cpus: cpus(3),
  seed: 7,
  openFiles: null,
};
const resolve = (request: RunRequest, changes: Partial<Choices> = {}) =>
  resolveOptions(request, { ...choices, ...changes });

test('nothing given: every default', () => {
  expect(resolve({})).toEqual({
    scenarios: ['hello', 'cpu'],
    services: [],
    given: {},
    externals: [],
    runtimes: [],
    models: ['single', 'cluster', 'fork-pool'],
    optionalModels: [],
    workers: 3,
    series: { workers: null, connections: null, parameters: [], breakEven: false },
    connections: null,
    connectionModes: ['keep-alive'],
    preset: 'standard',
    rounds: presets.standard.rounds,
    measureMs: presets.standard.measureMs,
    seed: 7,
    retries: 2,
    timeoutMs: null,
    placement: { kind: 'shared', generators: 1, why: 'few-cpus' },
    pinned: { kind: 'isolated', generators: 1, why: 'automatic', serverCpus: [0, 1], generatorCpus: [2] },
    budgetMs: presets.standard.budgetMs,
    margin: 0.03,
    rates: undefined,
    latency: {
      arrivals: 'poisson',
      rounds: presets.standard.rateRounds,
      measureMs: presets.standard.rateMeasureMs,
      mayStretch: true,
      mostConnections: 1000,
      sweep: false,
      equalWork: true,
      slo: null,
    },
    faults: null,
  });
});

test('everything given: nothing else', () => {
  const request = {
    scenario: ['cpu:ms=2'],
    model: ['fork-pool', 'single'],
    workers: 5,
    connections: 7,
    rounds: 9,
    margin: '5%',
    duration: '1.5s',
    preset: 'thorough',
    seed: 0,
    retries: 0,
    timeout: '1m',
    generators: 4,
    isolate: 1,
    rate: ['200', '75%'],
    arrivals: 'constant',
    connectionMode: ['per-request', 'keep-alive'],
    sweep: true,
    slo: 'p99=100ms',
    fault: ['crash*2'],
    restart: 'both',
  };
  expect(resolve(request)).toEqual({
    scenarios: ['cpu:ms=2'],
    services: [],
    given: {},
    externals: [],
    runtimes: [],
    models: ['fork-pool', 'single'],
    optionalModels: [],
    workers: 5,
    series: { workers: null, connections: null, parameters: [], breakEven: false },
    connections: 7,
    connectionModes: ['per-request', 'keep-alive'],
    preset: 'thorough',
    rounds: 9,
    budgetMs: null,
    margin: 0.05,
    measureMs: 1500,
    seed: 0,
    retries: 0,
    timeoutMs: 60_000,
    pinned: null,
    placement: { kind: 'isolated', generators: 4, why: 'asked', serverCpus: [0, 1], generatorCpus: [2] },
    rates: [
      { kind: 'number', requestsPerSec: 200 },
      { kind: 'share', share: 0.75 },
    ],
    latency: {
      arrivals: 'constant',
      rounds: 9,
      measureMs: 1500,
      mayStretch: false,
      mostConnections: 1000,
      sweep: true,
      equalWork: false,
      slo: {
        text: 'p99=100ms',
        limits: [{ requestClass: null, percentile: 'p99', limitMs: 100 }],
        errors: 0,
      },
    },
    faults: {
      faults: [{ kind: 'crash', lastsMs: null, times: 2, beforeMs: 1500 }],
      restarts: [true, false],
      reloads: [],
      rate: { kind: 'share', share: 0.5 },
      rounds: 9,
      eachMs: 1500,
      arrivals: 'constant',
      mostConnections: 1000,
    },
  });
});

test.each([
  [{}, true],
  [{ budget: '1m' }, true],
  [{ rate: ['none'] }, false],
  [{ rate: ['200'] }, false],
  [{ rounds: 3 }, false],
  [{ slo: 'p99=100ms' }, false],
])('%j measures the same work at a rate where it is needed: %s', (request, isWanted) => {
  expect(resolve(request).latency.equalWork).toBe(isWanted);
});

describe('both kinds of load', () => {
  test('have rounds and windows of their own by default', () => {
    const { rounds, measureMs, latency } = resolve({});
    expect(latency.rounds).not.toBe(rounds);
    expect(latency.measureMs).not.toBe(measureMs);
    expect(latency.mayStretch).toBe(true);
  });

  test('have the rounds that were asked for', () => {
    expect(resolve({ rounds: 1 })).toMatchObject({ rounds: 1, latency: { rounds: 1, mayStretch: true } });
  });

  test('have the windows that were asked for, and those are not stretched', () => {
    expect(resolve({ duration: '700ms' })).toMatchObject({
      measureMs: 700,
      latency: { measureMs: 700, mayStretch: false },
    });
  });
});

describe('rates', () => {
  test('thorough: half and four fifths of the capacity', () => {
    expect(resolve({ preset: 'thorough' }).rates).toEqual([0.5, 0.8].map((share) => ({ kind: 'share', share })));
  });

  test('quick leaves it to the scenario', () => {
    expect(resolve({ preset: 'quick' }).rates).toBeUndefined();
  });

  test('none is none, whatever the scenario', () => {
    expect(resolve({ preset: 'quick', rate: ['none'] }).rates).toEqual([]);
    expect(resolve({ rate: ['none'] }).rates).toEqual([]);
  });

  test('are those that were asked for, also when quick', () => {
    expect(resolve({ preset: 'quick', rate: ['30%'] }).rates).toEqual([{ kind: 'share', share: 0.3 }]);
  });

  test('may be as high as all generators can offer in every mode that was asked for', () => {
    expect(resolve({ rate: ['20000'] }).rates).toHaveLength(1);
    expect(resolve({ rate: ['60000'], generators: 3 }).rates).toHaveLength(1);
    expect(() => resolve({ rate: ['20001'] })).toThrow(/^--rate 20001: one generator can offer up to 20000 /);
    expect(() => resolve({ rate: ['4001'], connectionMode: ['per-request'] })).toThrow(/ up to 4000 /);
  });
});

describe('connections', () => {
  test('modes that are named twice are measured once', () => {
    expect(resolve({ connectionMode: ['per-request', 'per-request'] }).connectionModes).toEqual(['per-request']);
  });

  test('that an open loop may open follow from those that were asked for, and from open files', () => {
    expect(resolve({ connections: 800 }).latency.mostConnections).toBe(1600);
    expect(resolve({ connections: 66 }, { openFiles: 1024 }).latency.mostConnections).toBe(480);
  });
});

test('what is named twice is measured once, in the order given', () => {
  const { scenarios, models } = resolve({ scenario: ['cpu', 'io', 'cpu'], model: ['cluster', 'single', 'cluster'] });
  expect({ scenarios, models }).toEqual({ scenarios: ['cpu', 'io'], models: ['cluster', 'single'] });
});

test.each([
  [['all'], ['single', 'cluster', 'fork-pool', 'cluster-shared-handle'], choices.models],
  [['cluster*'], ['cluster', 'cluster-shared-handle'], ['cluster', 'cluster-shared-handle']],
  [['clust?r', './m*.js'], ['cluster', './m*.js'], ['cluster']],
  [['cluster', 'c*'], ['cluster', 'cluster-shared-handle'], ['cluster-shared-handle']],
])('%s: who is named must be able to run, who is only meant along with others need not', (model, models, optional) => {
  expect(resolve({ model })).toMatchObject({ models, optionalModels: optional });
});

test('a pattern of no model is a mistake, and what there is is said', () => {
  expect(() => resolve({ model: ['(thread*'] })).toThrow(
    new UserError(
      '--model (thread*: no model has a name like that; there are single, cluster, fork-pool, cluster-shared-handle',
    ),
  );
});

test('a list without a name in it is a mistake, not a wish for everything', () => {
  expect(() => resolve({ model: [] })).toThrow(new UserError('--model needs a name; give one, or leave the flag out'));
});

describe('a scenario whose load generation matters', () => {
  test('may be pinned where nothing was said about workers and CPUs', () => {
    expect(resolve({}, { cpus: cpus(2) }).pinned).toMatchObject({ serverCpus: [0], generatorCpus: [1] });
    expect(resolve({ workers: 2 }, { cpus: cpus(2) }).pinned).toBeNull();
    expect(resolve({ isolate: 0 }, { cpus: cpus(2) }).pinned).toBeNull();
    expect(resolve({}, { cpus: cpus(8) }).pinned).toBeNull();
  });
});

test.each<[RunRequest, string]>([
  [{ workers: 0 }, '--workers 0: give a whole number from 1 to 64'],
  [{ workers: 1.5 }, '--workers 1.5: give a whole number from 1 to 64'],
  [{ workers: 1025 }, '--workers 1025: give a whole number from 1 to 64'],
  [{ workers: Number.NaN }, '--workers NaN: give a whole number from 1 to 64'],
  [{ connections: 0 }, '--connections 0: give a whole number from 1 to 20000'],
  [{ connections: 20_001 }, '--connections 20001: give a whole number from 1 to 20000'],
  [{ rounds: 0 }, '--rounds 0: give a whole number from 1 to 10000'],
  [{ rounds: 10_001 }, '--rounds 10001: give a whole number from 1 to 10000'],
  [{ rounds: -3 }, '--rounds -3: give a whole number from 1 to 10000'],
  [{ seed: -1 }, '--seed -1: give a whole number from 0 to 4294967295'],
  [{ seed: 2 ** 32 }, '--seed 4294967296: give a whole number from 0 to 4294967295'],
  [{ seed: Number.POSITIVE_INFINITY }, '--seed Infinity: give a whole number from 0 to 4294967295'],
  [{ retries: -1 }, '--retries -1: give a whole number from 0 to 10'],
  [{ retries: 11 }, '--retries 11: give a whole number from 0 to 10'],
  [{ retries: 0.5 }, '--retries 0.5: give a whole number from 0 to 10'],
  [{ generators: 65 }, '--generators 65: give a whole number from 1 to 64'],
  [{ isolate: 3 }, '--isolate 3: 3 CPUs are available, and the server needs one; give at most 2, or 0 to share'],
  [{ duration: '5' }, '--duration 5: give a time from 100ms to 10m, for example 5s'],
  [{ duration: '99ms' }, '--duration 99ms: give a time from 100ms to 10m, for example 5s'],
  [{ duration: '11m' }, '--duration 11m: give a time from 100ms to 10m, for example 5s'],
  [{ duration: '-5s' }, '--duration -5s: give a time from 100ms to 10m, for example 5s'],
  [{ duration: '5 hours' }, '--duration 5 hours: give a time from 100ms to 10m, for example 5s'],
  [{ rate: [] }, '--rate needs a value; give 200, 50% or none'],
  [{ rate: ['none', '50%'] }, '--rate none,50%: none cannot be combined with other rates'],
  [{ rate: ['half'] }, '--rate half: give requests per second such as 200, a share of capacity such as 50%, or none'],
  [{ arrivals: 'poison' }, "--arrivals poison: unknown value. Did you mean 'poisson'?"],
  [{ arrivals: '' }, '--arrivals : unknown value. Known: poisson, constant.'],
  [{ connectionMode: ['keepalive'] }, "--connection-mode keepalive: unknown value. Did you mean 'keep-alive'?"],
  [{ connectionMode: [] }, '--connection-mode needs a name; give one, or leave the flag out'],
  [{ preset: 'quik' }, "--preset quik: unknown preset. Did you mean 'quick'?"],
  [{ preset: 'constructor' }, '--preset constructor: unknown preset. Known: quick, standard, thorough.'],
  [
    { model: ['single', 'clutser'] },
    "--model clutser: unknown model. Did you mean 'cluster'? A file of yours needs a path: ./clutser.js",
  ],
  [
    { model: ['goroutines'] },
    '--model goroutines: unknown model. Known: single, cluster, fork-pool, cluster-shared-handle. A file of yours needs a path: ./goroutines.js',
  ],
])('%j is refused', (request, message) => {
  expect(() => resolve(request)).toThrow(new UserError(message));
});

test('an SLO that cannot be read is refused with its flag', () => {
  expect(() => resolve({ slo: 'fast' })).toThrow(UserError);
  expect(() => resolve({ slo: 'fast' })).toThrow(/^--slo fast: /);
});

describe('times', () => {
  test.each([
    ['100ms', 100],
    ['5s', 5000],
    ['0.5s', 500],
    ['1.5m', 90_000],
    ['10m', 600_000],
    [' 2s ', 2000],
  ])('%s', (text, expected) => {
    expect(milliseconds('--duration', text)).toBe(expected);
  });
});

describe('series', () => {
  test('several workers, connections and values of a parameter', () => {
    const options = resolve({ workers: '1..4', connections: '8,16', scenario: ['cpu:ms=1,10', 'hello'] });
    expect(options).toMatchObject({ workers: 4, connections: 16, scenarios: ['cpu:ms=1', 'cpu:ms=10', 'hello'] });
    expect(options.series).toEqual({
      workers: [1, 2, 4],
      connections: [8, 16],
      parameters: [
        {
          name: 'ms',
          points: [
            { argument: 'cpu:ms=1', value: 1 },
            { argument: 'cpu:ms=10', value: 10 },
          ],
        },
      ],
      breakEven: false,
    });
  });

  test('what takes long must be asked for twice', () => {
    const request = { workers: '1..64x50', scenario: ['cpu:ms=0.1..10x50'] };
    expect(() => resolve(request)).toThrow(
      /^--workers 1\.\.64x50: [\d,]+ cells take \d+ h at least, with 3 rounds each; give fewer values or models, or --yes/u,
    );
    expect(resolve({ ...request, yes: true }).scenarios).toHaveLength(50);
  });

  test('a break-even takes a range, and a model beside single', () => {
    expect(() => resolve({ breakEven: true })).toThrow(/^--break-even needs a range of work per request; write for/u);
    const alone = { breakEven: true, scenario: ['cpu:ms=1,2'], model: ['cluster'] };
    expect(() => resolve(alone)).toThrow(/^--break-even compares models with single/u);
  });
});

describe('workers', () => {
  test('are the CPUs that the server has', () => {
    expect(resolve({}, { cpus: cpus(8) })).toMatchObject({ workers: 6, connections: null });
    expect(resolve({ isolate: 0 }, { cpus: cpus(8) })).toMatchObject({ workers: 8, connections: null });
    expect(resolve({ isolate: 7 }, { cpus: cpus(8) }).workers).toBe(1);
  });

  test('may be more, up to what the CPUs of the server can bear', () => {
    expect(resolve({ workers: 96 }, { cpus: cpus(8) }).workers).toBe(96);
    expect(() => resolve({ workers: 97 }, { cpus: cpus(8) })).toThrow('--workers 97: give a whole number from 1 to 96');
  });
});

describe('generators', () => {
  test('are no more than the connections that were asked for', () => {
    expect(() => resolve({ generators: 8, connections: 7 })).toThrow(/^--generators 8: 7 connections cannot be split/);
    expect(resolve({ generators: 7, connections: 7 }).placement.generators).toBe(7);
  });

  test('a wrong number of connections is named before them', () => {
    expect(() => resolve({ generators: 8, connections: 0 })).toThrow(/^--connections 0/);
  });
});

describe('files that a process may hold open', () => {
  test.each<[RunRequest, number]>([
    [{ connections: 960 }, 1024],
    [{ connections: 20_000 }, 20_064],
    [{}, 130],
  ])('%j fits into %d', (request, openFiles) => {
    expect(resolve(request, { openFiles }).connections).toBe(request.connections ?? null);
  });

  test.each<[RunRequest, number, string]>([
    [
      { connections: 961 },
      1024,
      '--connections 961: a process may open only 1024 files here; raise the limit with ulimit -n, or give at most --connections 960',
    ],
    [
      {},
      129,
      '--connections 66: a process may open only 129 files here; raise the limit with ulimit -n, or give at most --connections 65',
    ],
    [{ connections: 1 }, 64, '--connections 1: a process may open only 64 files here; raise the limit with ulimit -n'],
  ])('%j does not fit into %d', (request, openFiles, message) => {
    expect(() => resolve(request, { openFiles })).toThrow(new UserError(message));
  });
});

describe('a run ends', () => {
  test.each(['quick', 'standard', 'thorough'] as const)('by the budget of the preset: %s', (preset) => {
    expect(resolve({ preset }).budgetMs).toBe(presets[preset].budgetMs);
  });

  test.each([
    ['1h', 3_600_000],
    ['90s', 90_000],
    ['1.5m', 90_000],
    ['24h', 86_400_000],
  ])('by the budget that was given: %s', (budget, ms) => {
    expect(resolve({ budget })).toMatchObject({ budgetMs: ms, rounds: presets.standard.rounds });
  });

  test('by the number of rounds that was given', () => {
    expect(resolve({ rounds: 7 })).toMatchObject({ budgetMs: null, rounds: 7 });
  });

  test.each<[RunRequest, string]>([
    [{ budget: '1m', rounds: 3 }, '--budget and --rounds exclude each other; give one of them'],
    [{ budget: '25h' }, '--budget 25h: give a time from 100ms to 24h, for example 5s'],
    [{ budget: '5' }, '--budget 5: give a time from 100ms to 24h, for example 5s'],
    [{ budget: '0s' }, '--budget 0s: give a time from 100ms to 24h, for example 5s'],
    [{ budget: '-1m' }, '--budget -1m: give a time from 100ms to 24h, for example 5s'],
    [{ duration: '1h' }, '--duration 1h: give a time from 100ms to 10m, for example 5s'],
  ])('%j is refused', (request, message) => {
    expect(() => resolve(request)).toThrow(new UserError(message));
  });
});

describe('the margin', () => {
  test('is what was given', () => {
    expect(resolve({ margin: '5%' }).margin).toBeCloseTo(0.05, 12);
  });

  test.each(['0', '-3%', 'abc', '200%'])('%s is refused', (margin) => {
    expect(() => resolve({ margin })).toThrow(
      new UserError(`--margin ${margin}: give a share above 0 and up to 100%, for example 3%`),
    );
  });
});
