/** Everything about a run that touches the machine, behind one interface, so that the rest can be tested without one. */
import type { CommonGround, PlannedModel } from '../plan/schedule/cells.ts';
import type { Environment, Trial } from '../store/schema.ts';
import { type Calibration, type CalibrationSettings, calibrate } from './calibration/calibrate.ts';
import { commonGround, type GroundSettings } from './calibration/common-ground.ts';
import { GeneratorPool } from './generator/pool.ts';
import { readEnvironment } from './host/environment.ts';
import { Keeper } from './processes/keeper.ts';
import type { LoadedScenario } from './scenario/load.ts';
import { type OpenModule, openModule } from './scenario/module.ts';
import { type DescribeModel, describeModel } from './server/models.ts';
import { type Preflight, type PreflightOptions, preflight } from './trial/preflight.ts';
import { runTrial, type TrialRequest } from './trial/trial.ts';

export interface Measuring {
  environment(): Environment;
  readonly describeModel: DescribeModel;
  /** Loads a scenario's module where nothing of it can touch the harness. */
  readonly openModule: OpenModule;
  calibrate(loaded: LoadedScenario, settings: CalibrationSettings, signal: AbortSignal): Promise<Calibration>;
  preflight(
    loaded: LoadedScenario,
    iterations: number,
    models: readonly PlannedModel[],
    workers: number,
    signal: AbortSignal,
    options?: PreflightOptions,
  ): Promise<Preflight>;
  /** Where a scenario is measured, with how many workers and over how many connections. */
  commonGround(settings: GroundSettings, signal: AbortSignal): Promise<CommonGround>;
  runTrial(request: TrialRequest, signal: AbortSignal): Promise<Trial>;
  /** Ends every process that is left. */
  close(): Promise<void>;
}

/** Measures on this machine. */
export function measureHere(): Measuring {
  const keeper = new Keeper();
  const pool = new GeneratorPool(keeper);
  const trial: Measuring['runTrial'] = (request, signal) => runTrial(keeper, pool, request, signal);
  return {
    environment: readEnvironment,
    describeModel: (file, signal) => describeModel(keeper, file, signal),
    openModule: (module, ...rest) => openModule(keeper, module, ...rest),
    calibrate: (loaded, settings, signal) => calibrate(keeper, loaded, settings, signal),
    preflight: (loaded, iterations, models, workers, signal, options) =>
      preflight(keeper, loaded, iterations, models, workers, signal, options),
    commonGround: (settings, signal) => commonGround(trial, settings, signal),
    runTrial: trial,
    close: () => keeper.close(),
  };
}
