/** A run that nobody measured, as large as is asked for: what reports are timed on. The same seed gives the same run. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomStream, shuffled } from '../stats/random.ts';
import { RUN_FILE } from '../store/run-file.ts';
import {
  type Addition,
  type Cell,
  type Line,
  type Manifest,
  type Measurement,
  RULES,
  SCHEMA_VERSION,
  type ScenarioPlan,
  type Trial,
} from '../store/schema.ts';
import { recordings } from './synthetic-measurement.ts';

interface Size {
  readonly trials: number;
  /** Three when left out; one is the scenario for which every chart has something to draw. */
  readonly scenarios?: 1 | 3;
  readonly seed: number;
}

/** A scenario and what its models serve, in requests per second. */
interface Subject {
  readonly plan: ScenarioPlan;
  readonly capacities: readonly number[];
}

const AT = '2026-01-15T09:30:00.000Z';
const RATE_MS = 2000;
const COMMON_SHARES = [0.5, 0.8];
const SWEEP_SHARES = [0.3, 0.95];
const MODELS = [
  { model: 'single', style: 'alone', workers: 1 },
  { model: 'cluster', style: 'replicated', workers: 4 },
  { model: 'fork-pool', style: 'offload', workers: 4 },
  { model: 'worker-threads', style: 'offload', workers: 4 },
] as const;
const SUBJECTS: readonly Subject[] = [
  { plan: planOf('hello', {}, ['hello']), capacities: [9000, 30_000, 14_000, 16_000] },
  { plan: planOf('cpu', { ms: 10 }, ['cpu']), capacities: [98, 380, 360, 365] },
  { plan: planOf('mixed', { heavy: 0.05 }, ['light', 'heavy']), capacities: [800, 2900, 2400, 2500] },
];

/** Every line of the run, in order: scenarios with four models each, at capacity and at four rates. */
export function* syntheticRun({ trials, seed, scenarios = 3 }: Size): Generator<Line> {
  const random = randomStream(seed);
  const subjects = SUBJECTS.slice(-scenarios);
  const capacity = subjects.map(({ plan }) => MODELS.map((_, i) => cellOf(plan, i)));
  const common = subjects.map((subject) => ratesOf(subject, COMMON_SHARES, Math.min(...subject.capacities)));
  const sweeps = subjects.map((subject) =>
    subject.capacities.map((own, i) => ratesOf(subject, SWEEP_SHARES, own, [i])),
  );
  const cells = [...capacity, ...common, ...sweeps.flat()].flat();
  const rounds = Math.ceil(trials / cells.length);
  yield manifestOf(capacity.flat(), seed, rounds, subjects);
  const numbers = Array.from({ length: rounds }, (_, round) => round);
  for (const [i, { plan, capacities }] of subjects.entries()) {
    const about = { type: 'addition', batch: 0, scenario: plan.id, rounds: numbers } as const;
    const slowest = Math.min(...capacities);
    const basis = { cell: `${plan.id}/single`, requestsPerSec: slowest, ranked: true };
    yield { ...about, why: { kind: 'common', basis, cappedAt: null }, cells: common[i] ?? [] };
    yield { ...about, why: { kind: 'sweep' }, cells: (sweeps[i] ?? []).flat() } satisfies Addition;
  }
  const recorded = new Map(cells.map((cell) => [cell.id, recordings(cell, random, capacityOf(cell), classesOf(cell))]));
  for (let trial = 0, order: Cell[] = []; trial < trials; trial++) {
    if (order.length === 0) order = shuffled(cells, random);
    const cell = order.pop();
    const next = cell && recorded.get(cell.id);
    if (next) yield trialOf(cell, Math.floor(trial / cells.length), next);
  }
  yield { type: 'end', at: AT, reason: 'complete' };
}

/** Writes the run file into a folder, and returns its path. */
export function writeSyntheticRun(folder: string, size: Size): string {
  const path = join(folder, RUN_FILE);
  const lines = [...syntheticRun(size)].map((line) => `${JSON.stringify(line)}\n`);
  writeFileSync(path, lines.join(''));
  return path;
}

function trialOf({ id }: Cell, round: number, next: () => Measurement): Trial {
  const about = { type: 'trial', cell: id, round, attempt: 0, startedAt: AT, clockStepMs: 0 } as const;
  return { ...about, phasesMs: { spawn: 90, measure: 4000 }, outcome: { status: 'ok', measurement: next() } };
}

function planOf(name: string, parameters: Readonly<Record<string, number>>, requestClasses: string[]): ScenarioPlan {
  const [parameter] = Object.entries(parameters);
  return {
    id: parameter === undefined ? name : `${name}:${parameter.join('=')}`,
    name,
    source: { kind: 'built-in' },
    inWords: null,
    given: null,
    parameters,
    requestClasses: requestClasses.map((name) => ({ name, weight: 1 })),
    iterations: 1,
    calibration: null,
    limit: name === 'cpu' ? { kind: 'cpu', requestsPerSec: 400, cpus: 4, kernelCpuMs: 10 } : null,
    rates: COMMON_SHARES.map((share) => ({ kind: 'share', share })),
  };
}

function cellOf(plan: ScenarioPlan, model: number): Cell {
  const { style, workers, model: name } = MODELS[model % MODELS.length] ?? MODELS[0];
  return {
    id: `${plan.id}/${name}`,
    scenario: plan.id,
    ...{ model: name, style, workers },
    connections: 64,
    connectionMode: 'keep-alive',
    load: { kind: 'capacity' },
    placement: { kind: 'shared', generators: 1, why: 'asked' },
    unable: null,
  };
}

function ratesOf({ plan }: Subject, shares: readonly number[], of: number, models = [0, 1, 2, 3]): Cell[] {
  return shares.flatMap((share) =>
    models.map((model): Cell => {
      const requestsPerSec = Number((share * of).toPrecision(3));
      const cell = cellOf(plan, model);
      const load = { kind: 'rate', requestsPerSec, arrivals: 'poisson', mostConnections: 1000 } as const;
      return {
        ...cell,
        id: `${cell.id}@${requestsPerSec}`,
        load: { ...load, measureMs: RATE_MS, countErrors: false },
      };
    }),
  );
}

function capacityOf(cell: Cell): number {
  const subject = SUBJECTS.find(({ plan }) => plan.id === cell.scenario);
  return subject?.capacities[MODELS.findIndex(({ model }) => model === cell.model)] ?? 1000;
}

function classesOf(cell: Cell): readonly string[] {
  return SUBJECTS.find(({ plan }) => plan.id === cell.scenario)?.plan.requestClasses.map(({ name }) => name) ?? [];
}

function manifestOf(cells: readonly Cell[], seed: number, rounds: number, subjects: readonly Subject[]): Manifest {
  return {
    type: 'manifest',
    tool: 'fourways',
    schema: SCHEMA_VERSION,
    rules: RULES,
    version: '0.0.0',
    startedAt: AT,
    preset: 'standard',
    ...{ seed, rounds, cells },
    budgetMs: null,
    margin: 0.03,
    retries: 2,
    timeoutMs: null,
    measureMs: 2000,
    scenarios: subjects.map(({ plan }) => plan),
    ownModels: [],
    externals: [],
    runtimes: [],
    latency: {
      arrivals: 'poisson',
      rounds,
      measureMs: RATE_MS,
      mayStretch: false,
      mostConnections: 1000,
      sweep: true,
      equalWork: false,
      slo: null,
    },
    faults: null,
    environment: {
      ...{ node: '22.12.0', v8: '12.4.254.21-node.21', uv: '1.49.1', platform: 'linux', arch: 'x64', kernel: '6.1.0' },
      ...{ cpuModel: 'Synthetic CPU', physicalCpus: 8, smt: false, affinity: [0, 1, 2, 3, 4, 5, 6, 7] },
      availableCpus: { count: 8, capacity: 8, host: 8, decidedBy: 'host' },
      ...{ quotaCpus: null, governor: null, virtualisation: null, clockSource: 'tsc', loadBefore: 0.1 },
      ...{
        memoryBytes: 16 * 2 ** 30,
        uvThreadpoolSize: null,
        servers: { nodeArgs: [], env: [], nodeOptions: null, runtimes: [] },
        openFiles: 1_048_576,
        git: null,
      },
    },
    placement: {
      kind: 'isolated',
      generators: 1,
      why: 'automatic',
      serverCpus: [0, 1, 2, 3],
      generatorCpus: [4, 5, 6, 7],
    },
    series: [],
    breakEven: false,
    failAbove: null,
    yardstick: null,
    ab: null,
  };
}
