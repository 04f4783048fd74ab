/** Turns CPU milliseconds into a fixed amount of work, and finds how much of it the CPUs can do at most. */
import { entryBeside } from '../../../scenarios/entry.ts';
import { limitOf } from '../../plan/schedule/cells.ts';
import type { Limit, ScenarioPlan } from '../../store/schema.ts';
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
}

/**
 * One process finds the number of iterations, unless it is known. Then one process per CPU times exactly that work, all at
 * the same time: with every CPU busy a core may be slower than alone, and the limit is what all of them can do together.
 */
export async function calibrate(
  registry: ProcessRegistry,
  loaded: LoadedScenario,
  { cpus, boundTo, iterations: known }: CalibrationSettings,
  signal: AbortSignal,
): Promise<Calibration> {
  const { kernel } = loaded;
  if (kernel === null) return { iterations: 1, calibration: null };
  const ask = (task: CalibrationCommand['task']): Promise<CalibrationResult> =>
    once(registry, loaded, task, boundTo, signal);
  const cpuMs = kernel.sizedBy === null ? undefined : loaded.parameters[kernel.sizedBy];
  const sized = async (ms: number): Promise<number> => (await ask({ kind: 'size', cpuMs: ms })).iterations;
  const iterations = known ?? (cpuMs === undefined ? 1 : await sized(cpuMs));
  const processes = Math.max(1, Math.ceil(cpus));
  const timed = await Promise.all(Array.from({ length: processes }, () => ask({ kind: 'time', iterations })));
  const perMs = timed.reduce((sum, one) => sum + 1 / one.cpuMs, 0);
  const samples = timed.reduce((sum, one) => sum + one.samples, 0);
  return { iterations, calibration: { kernelCpuMs: timed.length / perMs, samples, cpus: processes } };
}

/** The ceiling of a scenario, from the timing of its work. */
export function limitFor(
  one: LoadedScenario,
  calibration: ScenarioPlan['calibration'],
  cpus: number,
  connections: number,
): Limit | null {
  const kernelCpuMs = calibration && calibration.kernelCpuMs * (one.kernel?.share ?? 1);
  return limitOf({ kernelCpuMs, waitingMs: one.waitingMs }, cpus, connections);
}

async function once(
  registry: ProcessRegistry,
  { url, parameters, name }: LoadedScenario,
  task: CalibrationCommand['task'],
  boundTo: readonly number[] | null,
  signal: AbortSignal,
): Promise<CalibrationResult> {
  const owned = registry.fork(entryBeside(import.meta.url, 'process'), [], boundTo);
  try {
    const command: CalibrationCommand = { scenarioUrl: url, parameters, task };
    owned.child.send(command, () => {});
    const wait = { forWhat: `the calibration of ${name}`, limitMs: LIMIT_MS, signal };
    return await nextMessage(owned, calibrationResultSchema, (result) => result, wait);
  } finally {
    await owned.kill();
  }
}
