/** Everything about a run that touches the machine, behind one interface, so that the rest can be tested without one. */
import type { PlannedModel } from '../plan/cells.ts';
import type { Environment, Trial } from '../store/schema.ts';
import { type Calibration, calibrate } from './calibrate.ts';
import { readEnvironment } from './environment.ts';
import { Keeper } from './keeper.ts';
import type { LoadedScenario } from './load-scenario.ts';
import { type Preflight, type PreflightOptions, preflight } from './preflight.ts';
import { type OpenModule, openModule } from './scenario-module.ts';
import { runTrial, type TrialRequest } from './trial.ts';

export interface Measuring {
  environment(): Environment;
  /** Loads a scenario's module where nothing of it can touch the harness. */
  readonly openModule: OpenModule;
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
    options?: PreflightOptions,
  ): Promise<Preflight>;
  runTrial(request: TrialRequest, signal: AbortSignal): Promise<Trial>;
  /** Ends every process that is left. */
  close(): Promise<void>;
}

/** Measures on this machine. */
export function measureHere(): Measuring {
  const keeper = new Keeper();
  return {
    environment: readEnvironment,
    openModule: (module, ...rest) => openModule(keeper, module, ...rest),
    calibrate: (loaded, cpus, boundTo, signal) => calibrate(keeper, loaded, cpus, boundTo, signal),
    preflight: (loaded, iterations, models, workers, signal, options) =>
      preflight(keeper, loaded, iterations, models, workers, signal, options),
    runTrial: (request, signal) => runTrial(keeper, request, signal),
    close: () => keeper.close(),
  };
}
