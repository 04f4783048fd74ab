/** Everything about a run that touches the machine, behind one interface, so that the rest can be tested without one. */
import type { PlannedModel } from '../plan/cells.ts';
import type { Environment, Trial } from '../store/schema.ts';
import { type Calibration, calibrate } from './calibrate.ts';
import { readEnvironment } from './environment.ts';
import { GeneratorPool } from './generator-pool.ts';
import { Keeper } from './keeper.ts';
import type { LoadedScenario } from './load-scenario.ts';
import { preflight } from './preflight.ts';
import { runTrial, type TrialRequest } from './trial.ts';
import type { Fingerprints } from './verify.ts';

export interface Measuring {
  environment(): Environment;
  /** Times the kernel on `cpus` CPUs at once, among those of `boundTo` where there is a list. */
  calibrate(
    loaded: LoadedScenario,
    cpus: number,
    boundTo: readonly number[] | null,
    signal: AbortSignal,
  ): Promise<Calibration>;
  preflight(
    loaded: LoadedScenario,
    iterations: number,
    models: readonly PlannedModel[],
    workers: number,
    signal: AbortSignal,
    /** Another Node.js than our own for the servers. */
    execPath?: string,
  ): Promise<Fingerprints>;
  runTrial(request: TrialRequest, signal: AbortSignal): Promise<Trial>;
  /** Ends every process that is left. */
  close(): Promise<void>;
}

/** Measures on this machine. */
export function measureHere(): Measuring {
  const keeper = new Keeper();
  const pool = new GeneratorPool(keeper);
  return {
    environment: readEnvironment,
    calibrate: (loaded, cpus, boundTo, signal) => calibrate(keeper, loaded, cpus, boundTo, signal),
    preflight: (loaded, iterations, models, workers, signal, execPath) =>
      preflight(keeper, loaded, iterations, models, workers, signal, execPath),
    runTrial: (request, signal) => runTrial(keeper, pool, request, signal),
    close: () => keeper.close(),
  };
}
