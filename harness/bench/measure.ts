/** Trials for benchmarks: the protocol of a run, over any servers, interleaved in random rounds. */

import { entryBeside } from '../../scenarios/entry.ts';
import { calibrate } from '../measure/calibration/calibrate.ts';
import { GeneratorPool } from '../measure/generator/pool.ts';
import { availableCpus } from '../measure/host/available-cpus.ts';
import { readTrialEnvironment } from '../measure/host/environment.ts';
import type { ProcessRegistry } from '../measure/processes/registry.ts';
import { loadScenario } from '../measure/scenario/load.ts';
import { moduleOpener } from '../measure/scenario/module.ts';
import { preflight } from '../measure/trial/preflight.ts';
import { runTrial } from '../measure/trial/trial.ts';
import { limitOf } from '../plan/schedule/cells.ts';
import { schedule } from '../plan/schedule/visits.ts';
import type { Cell, Measurement, Placement, ScenarioPlan, Trial } from '../store/schema.ts';

export interface Benchmark {
  /** As on the command line. */
  readonly scenario: string;
  /** Registered models, or those of the host of benchmarks. */
  readonly servers: readonly string[];
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
  const loaded = await loadScenario(moduleOpener(registry), what.scenario, signal);
  const cpus = availableCpus();
  const { iterations, calibration } = await calibrate(
    registry,
    loaded,
    { cpus: cpus.capacity, boundTo: null, iterations: null },
    signal,
  );
  const models = [{ name: 'single', style: 'alone' }] as const;
  const { expected } = await preflight(registry, { loaded, iterations, models, workers: 1 }, signal);
  const share = loaded.kernel?.share ?? 1;
  const work = { kernelCpuMs: calibration && calibration.kernelCpuMs * share, waitingMs: null };
  const plan: ScenarioPlan = {
    id: loaded.id,
    name: loaded.name,
    source: loaded.source,
    question: '',
    parameters: loaded.parameters,
    requestClasses: [],
    iterations,
    calibration,
    limit: limitOf(work, cpus.capacity, what.connections),
    rates: [],
  };
  const cells = what.servers.map(
    (server): Cell => ({
      id: server,
      scenario: plan.id,
      model: server,
      style: 'offload',
      workers: cpus.count,
      connections: what.connections,
      connectionMode: 'keep-alive',
      load: what.load ?? { kind: 'capacity' },
      placement: what.placement ?? { kind: 'shared', generators: 1, why: 'asked' },
      unable: null,
    }),
  );
  const pool = new GeneratorPool(registry);
  const trials = new Map<string, Trial[]>(cells.map(({ id }) => [id, []]));
  for (const { cell, round } of schedule(cells, what.rounds, SEED)) {
    const host = Object.hasOwn(models, cell.model) ? {} : { host: entryBeside(import.meta.url, 'host') };
    const { measureMs } = what;
    const request = {
      cell,
      round,
      attempt: 0,
      seed: 0,
      plan,
      loaded,
      expected,
      measureMs,
      environment: readTrialEnvironment(),
      repeatedFor: [],
      ...host,
    };
    const trial = await runTrial(registry, pool, request, signal);
    if (trial.outcome.status === 'failed') throw new Error(`${plan.id}/${cell.id}: ${trial.outcome.reason.message}`);
    trials.get(cell.id)?.push(trial);
  }
  await pool.close();
  const measurements = new Map(
    [...trials].map(([id, list]) => [
      id,
      list.flatMap(({ outcome }) => (outcome.status === 'ok' ? [outcome.measurement] : [])),
    ]),
  );
  return { plan, trials, measurements };
}
