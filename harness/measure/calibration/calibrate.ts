/** Turns CPU milliseconds into a fixed amount of work, and finds how much of it the CPUs can do at most. */
import { entryBeside } from '../../../scenarios/entry.ts';
import { limitOf } from '../../plan/schedule/cells.ts';
import type { Environment, Limit, Placement, ScenarioPlan } from '../../store/schema.ts';
import { nextMessage } from '../processes/next-message.ts';
import type { ProcessRegistry } from '../processes/registry.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import { type CalibrationCommand, type CalibrationResult, calibrationResultSchema } from './messages.ts';

const LIMIT_MS = 300_000;

export type Calibration = Pick<ScenarioPlan, 'iterations' | 'calibration'>;

export interface CalibrationSettings {
  /** How many CPUs time the work at the same time. */
  readonly cpus: number;
  /** The CPUs to do it on; null for any. */
  readonly boundTo: readonly number[] | null;
  /** The amount of work, where it is known and only needs to be timed; else null. */
  readonly iterations: number | null;
  /** The Node.js binaries that servers run on, where that is not our own. */
  readonly binaries?: readonly string[];
}

/**
 * One process finds the number of iterations, unless it is known. Then one process per CPU times exactly that work, all at
 * the same time: with every CPU busy a core may be slower than alone, and the limit is what all of them can do together. Where servers
 * run on several Node.js binaries, it is that of the fastest.
 */
export async function calibrate(
  registry: ProcessRegistry,
  loaded: LoadedScenario,
  { cpus, boundTo, iterations: known, binaries = [] }: CalibrationSettings,
  signal: AbortSignal,
): Promise<Calibration> {
  const { kernel } = loaded;
  if (kernel === null) return { iterations: 1, calibration: null };
  const [first, ...others] = binaries;
  const ask = (task: CalibrationCommand['task'], execPath = first): Promise<CalibrationResult> =>
    once(registry, loaded, task, { boundTo, execPath }, signal);
  const cpuMs = kernel.sizedBy === null ? undefined : loaded.parameters[kernel.sizedBy];
  const sized = async (ms: number): Promise<number> => (await ask({ kind: 'size', cpuMs: ms })).iterations;
  const iterations = known ?? (cpuMs === undefined ? 1 : await sized(cpuMs));
  const processes = Math.max(1, Math.ceil(cpus));
  const timedOn = async (execPath: string | undefined) => {
    const task = { kind: 'time', iterations } as const;
    const timed = await Promise.all(Array.from({ length: processes }, () => ask(task, execPath)));
    const perMs = timed.reduce((sum, one) => sum + 1 / one.cpuMs, 0);
    const samples = timed.reduce((sum, one) => sum + one.samples, 0);
    return { kernelCpuMs: timed.length / perMs, samples, cpus: processes };
  };
  let calibration = await timedOn(first);
  for (const execPath of others) {
    const other = await timedOn(execPath);
    if (other.kernelCpuMs < calibration.kernelCpuMs) calibration = other;
  }
  return { iterations, calibration };
}

/** CPUs that can do its work at once: one for each worker, or all of the server where its libuv pool does it. */
export function cpusForWork(
  { kernel }: Pick<LoadedScenario, 'kernel'>,
  workers: number,
  placement: Placement,
  { availableCpus }: Pick<Environment, 'availableCpus'>,
): number {
  const cpus = placement.kind === 'isolated' ? placement.serverCpus.length : availableCpus.capacity;
  return kernel?.inPool === true ? cpus : Math.min(workers, cpus);
}

/** The ceiling of a scenario, from the timing of its work. */
export function limitFor(
  one: LoadedScenario,
  calibration: ScenarioPlan['calibration'],
  cpus: number,
  connections: number,
): Limit | null {
  const kernelCpuMs = calibration && calibration.kernelCpuMs * (one.kernel?.share ?? 1);
  return limitOf({ kernelCpuMs, waitingMs: one.waitingMs, inPool: one.kernel?.inPool === true }, cpus, connections);
}

async function once(
  registry: ProcessRegistry,
  { url, parameters, name }: LoadedScenario,
  task: CalibrationCommand['task'],
  { boundTo, execPath }: Pick<CalibrationSettings, 'boundTo'> & { readonly execPath: string | undefined },
  signal: AbortSignal,
): Promise<CalibrationResult> {
  const owned = registry.fork(entryBeside(import.meta.url, 'process'), [], boundTo, { execPath });
  try {
    const command: CalibrationCommand = { scenarioUrl: url, parameters, task };
    owned.child.send(command, () => {});
    const wait = { forWhat: `the calibration of ${name}`, limitMs: LIMIT_MS, signal };
    return await nextMessage(owned, calibrationResultSchema, (result) => result, wait);
  } finally {
    await owned.kill();
  }
}
