/** Trials for benchmarks: the protocol of a run, with any servers, interleaved in random rounds. */
import { entryBeside } from '../../scenarios/entry.ts';
import { models as registered } from '../../servers/index.ts';
import { measurementsOf } from '../judge/cell/summary.ts';
import { calibrate, limitFor } from '../measure/calibration/calibrate.ts';
import { GeneratorPool } from '../measure/generator/pool.ts';
import { availableCpus } from '../measure/host/available-cpus.ts';
import { readTrialEnvironment } from '../measure/host/environment.ts';
import { planOf } from '../measure/planned.ts';
import type { ProcessRegistry } from '../measure/processes/registry.ts';
import { type LoadedScenario, loadScenario } from '../measure/scenario/load.ts';
import { moduleOpener } from '../measure/scenario/module.ts';
import { BUILT_IN } from '../measure/server/launch.ts';
import { preflight } from '../measure/trial/preflight.ts';
import { runTrial } from '../measure/trial/trial.ts';
import type { Launch } from '../plan/schedule/cells.ts';
import { schedule } from '../plan/schedule/visits.ts';
import type { Cell, Measurement, Placement, ScenarioPlan, Trial } from '../store/schema.ts';

export interface Benchmark {
  /** As on the command line, or loaded. */
  readonly scenario: string | LoadedScenario;
  /** Built-in models, modules of this folder, or names of what is started otherwise. */
  readonly servers: readonly string[];
  /** What is started otherwise, by name. */
  readonly launches?: Readonly<Record<string, Launch>>;
  readonly connections: number;
  readonly rounds: number;
  readonly measureMs: number;
  /** Capacity when left out. */
  readonly load?: Cell['load'];
  /** The CPUs of the server when left out. */
  readonly placement?: Placement;
}

export interface Outcome {
  readonly plan: ScenarioPlan;
  readonly trials: ReadonlyMap<string, readonly Trial[]>;
  readonly measurements: ReadonlyMap<string, readonly Measurement[]>;
}

const SEED = 1;
const { signal } = new AbortController();

/** Runs the benchmark on all available CPUs. A failed trial throws: a benchmark of a broken server says nothing. */
export async function benchmark(registry: ProcessRegistry, what: Benchmark): Promise<Outcome> {
  const { scenario, launches = {} } = what;
  const loaded = typeof scenario === 'string' ? await loadScenario(moduleOpener(registry), scenario, signal) : scenario;
  const cpus = availableCpus();
  const settings = { cpus: cpus.capacity, boundTo: null, iterations: null };
  const sized = await calibrate(registry, loaded, settings, signal);
  const models = [{ name: 'single', style: 'alone' }] as const;
  const request = { loaded, iterations: sized.iterations, models, workers: 1 };
  const { expected } = await preflight(registry, request, signal);
  const limit = limitFor(loaded, sized.calibration, cpus.capacity, what.connections);
  const plan: ScenarioPlan = { ...planOf(loaded, sized), limit };
  const cells = what.servers.map((server) => cellOf(server, loaded.id, cpus.count, what));
  const pool = new GeneratorPool(registry);
  const trials = new Map<string, Trial[]>(cells.map(({ id }) => [id, []]));
  for (const { cell, round } of schedule(cells, what.rounds, SEED)) {
    const trial = await runTrial(
      registry,
      pool,
      {
        ...{ cell, round, plan, loaded, expected, attempt: 0, seed: 0, repeatedFor: [] },
        measureMs: what.measureMs,
        environment: readTrialEnvironment(),
        launch: launches[cell.model] ?? launchOf(cell.model),
      },
      signal,
    );
    if (trial.outcome.status === 'failed') throw new Error(`${plan.id}/${cell.id}: ${trial.outcome.reason.message}`);
    trials.get(cell.id)?.push(trial);
  }
  await pool.close();
  const measurements = new Map([...trials].map(([id, list]) => [id, measurementsOf(list)]));
  return { plan, trials, measurements };
}

function launchOf(server: string): Launch {
  return Object.hasOwn(registered, server)
    ? BUILT_IN
    : { kind: 'hosted', modelUrl: entryBeside(import.meta.url, server).href };
}

function cellOf(server: string, scenario: string, workers: number, what: Benchmark): Cell {
  return {
    id: server,
    scenario,
    model: server,
    style: 'offload',
    workers,
    connections: what.connections,
    connectionMode: 'keep-alive',
    load: what.load ?? { kind: 'capacity' },
    placement: what.placement ?? { kind: 'shared', generators: 1, why: 'asked' },
    unable: null,
  };
}
