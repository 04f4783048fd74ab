/** Everything of a run that touches the machine, behind one interface, so that the rest can be tested without it. */
import { PLAIN_NODE, type ServerNode } from '../plan/options/server-node.ts';
import type { CommonGround } from '../plan/schedule/cells.ts';
import type { Environment, FaultTrial, Trial } from '../store/schema.ts';
import { type Calibration, type CalibrationSettings, calibrate } from './calibration/calibrate.ts';
import { commonGround, type GroundSettings } from './calibration/common-ground.ts';
import { runFaultTrial } from './faults/trial.ts';
import { GeneratorPool } from './generator/pool.ts';
import { readEnvironment } from './host/environment.ts';
import { ProcessRegistry } from './processes/registry.ts';
import type { LoadedScenario } from './scenario/load.ts';
import { moduleOpener, type OpenModule } from './scenario/module.ts';
import { type DescribeModel, modelDescriber } from './server/models.ts';
import { type Preflight, type PreflightRequest, preflight } from './trial/preflight.ts';
import { type Profiled, ProfileRecorder } from './trial/profiles.ts';
import type { TrialRequest } from './trial/request.ts';
import { runTrial } from './trial/trial.ts';
import { type PreparedYardstick, prepareYardstick } from './yardstick.ts';

export interface Measuring {
  environment(): Environment;
  readonly describeModel: DescribeModel;
  /** Loads a scenario's module outside the process of the harness. */
  readonly openModule: OpenModule;
  calibrate(loaded: LoadedScenario, settings: CalibrationSettings, signal: AbortSignal): Promise<Calibration>;
  preflight(request: PreflightRequest, signal: AbortSignal): Promise<Preflight>;
  /** Where a scenario is measured, with how many workers and over how many connections. */
  commonGround(settings: GroundSettings, signal: AbortSignal): Promise<CommonGround>;
  /** The yardstick with so much work; null where there is none, or the reason why it cannot be measured. */
  yardstick(iterations: number, signal: AbortSignal): Promise<PreparedYardstick | string | null>;
  runTrial(request: TrialRequest, signal: AbortSignal): Promise<Trial>;
  /** One of a cell with faults. */
  runFaultTrial(request: TrialRequest, signal: AbortSignal): Promise<FaultTrial>;
  /** One of a server that is profiled, for no figure of the run. */
  profileTrial(request: TrialRequest, signal: AbortSignal): Promise<ProfiledTrial>;
  /** Ends every process that is left. */
  close(): Promise<void>;
}

export interface ProfiledTrial {
  readonly trial: Trial;
  /** Null when it failed. */
  readonly profiled: Profiled | null;
}

/** Measures on this machine, with servers that are started in this way. */
export function measureHere(servers: ServerNode = PLAIN_NODE): Measuring {
  const registry = new ProcessRegistry(servers);
  const pool = new GeneratorPool(registry);
  const trial: Measuring['runTrial'] = (request, signal) => runTrial(registry, pool, request, signal);
  return {
    environment: () => readEnvironment(servers),
    describeModel: modelDescriber(registry),
    openModule: moduleOpener(registry),
    calibrate: (loaded, settings, signal) => calibrate(registry, loaded, settings, signal),
    preflight: (request, signal) => preflight(registry, request, signal),
    yardstick: (iterations, signal) => prepareYardstick(registry, iterations, signal),
    commonGround: (settings, signal) => commonGround(trial, settings, signal),
    runTrial: trial,
    runFaultTrial: (request, signal) => runFaultTrial(registry, pool, request, signal),
    profileTrial: async (request, signal) => {
      const recorder = new ProfileRecorder(await registry.makeFolder());
      try {
        return { trial: await trial({ ...request, recorder }, signal), profiled: recorder.taken };
      } finally {
        await registry.deleteFolder(recorder.folder);
      }
    },
    close: () => registry.close(),
  };
}
