/** The load of one trial, from the cell that it measures. */
import type { RequestClass } from '../../../scenarios/scenario.ts';
import { timeoutSecOf, type Work } from '../../plan/schedule/time-outs.ts';
import type { Cell, ScenarioPlan } from '../../store/schema.ts';
import type { LoadTarget } from '../generator/generator.ts';
import type { GeneratorLoad } from '../generator/messages.ts';
import type { Fingerprints } from '../replies/verify.ts';
import type { LoadedScenario } from '../scenario/load.ts';

/** Requests under way per worker during the warm-up of an open loop. Many are served faster, */
const WARM_UP_PER_WORKER = 16;
/** but slow requests must be few, because the last of them are waited for. */
const WARM_UP_SLOW = { fromMs: 20, perWorker: 2 } as const;

/** What hangs is lost to whoever waits for it, and a window with faults must end. */
const MOST_UNDER_FAULTS_SEC = 5;

export interface LoadSettings {
  readonly cell: Cell;
  readonly plan: ScenarioPlan;
  readonly loaded: Pick<LoadedScenario, 'waitingMs'>;
  readonly expected: Fingerprints;
  /** Of the schedule of an open loop. */
  readonly seed: number;
  readonly timeoutSec?: number;
}

export function loadTarget(settings: LoadSettings, url: string, classes: readonly RequestClass[]): LoadTarget {
  const { cell, expected } = settings;
  // In a closed loop a request waits for those of all other connections. In an open loop that would be the overload that is to be measured.
  const inTurn = cell.load.kind === 'capacity' ? cell.connections : 1;
  const timeoutSec = settings.timeoutSec ?? timeoutSecOf(workOf(settings), inTurn);
  return {
    url,
    classes,
    expected,
    connections: cell.connections,
    connectionMode: cell.connectionMode,
    load: generatorLoad(settings),
    seed: settings.seed,
    timeoutSec: cell.load.kind === 'fault' ? Math.min(timeoutSec, MOST_UNDER_FAULTS_SEC) : timeoutSec,
  };
}

/** What its requests take. */
export function workOf({ plan, loaded }: Pick<LoadSettings, 'plan' | 'loaded'>): Work {
  return { kernelCpuMs: plan.calibration?.kernelCpuMs ?? 0, waitingMs: loaded.waitingMs ?? 0 };
}

function generatorLoad({ cell, plan, seed }: LoadSettings): GeneratorLoad {
  const { load } = cell;
  switch (load.kind) {
    case 'capacity':
      return { kind: 'capacity' };
    case 'rate':
    case 'fault':
      return {
        kind: 'rate',
        stream: { kind: load.arrivals, requestsPerSec: load.requestsPerSec, index: 0, of: 1, seed },
        mostConnections: load.mostConnections,
        warmUpRequests: Math.min(cell.connections, warmUpPerWorker(plan) * (cell.workers ?? 1)),
        countErrors: load.kind === 'fault' || load.countErrors,
        trace: load.kind === 'fault',
      };
    default:
      return load satisfies never;
  }
}

function warmUpPerWorker({ calibration }: ScenarioPlan): number {
  return (calibration?.kernelCpuMs ?? 0) > WARM_UP_SLOW.fromMs ? WARM_UP_SLOW.perWorker : WARM_UP_PER_WORKER;
}
