/** Turns CPU milliseconds into a fixed amount of work, and finds what the CPUs can do with it at the most. */
import { entryBeside } from '../../../scenarios/entry.ts';
import { limitOf } from '../../plan/schedule/cells.ts';
import type { Limit, ScenarioPlan } from '../../store/schema.ts';
import { nextMessage } from '../processes/conversation.ts';
import type { Keeper } from '../processes/keeper.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import { type CalibrationNotice, type CalibrationOrder, calibrationNoticeSchema } from '../server/messages.ts';

const LIMIT_MS = 300_000;

export type Calibration = Pick<ScenarioPlan, 'iterations' | 'calibration'>;

export interface CalibrationSettings {
  /** On which the work is timed at the same time. */
  readonly cpus: number;
  /** The CPUs to do it on; null for any. */
  readonly boundTo: readonly number[] | null;
  /** The amount of work when it has been settled, so that it is only timed. */
  readonly iterations: number | null;
}

/**
 * One process finds the iteration count, unless it is given. Then one process per CPU times exactly that work, all at the same time: with
 * every CPU busy a core may be slower than alone, and the limit must be what all of them can do together.
 */
export async function calibrate(
  keeper: Keeper,
  loaded: LoadedScenario,
  { cpus, boundTo, iterations: settled }: CalibrationSettings,
  signal: AbortSignal,
): Promise<Calibration> {
  const { kernel } = loaded;
  if (kernel === null) return { iterations: 1, calibration: null };
  const ask = (task: CalibrationOrder['task']): Promise<CalibrationNotice> =>
    once(keeper, loaded, task, boundTo, signal);
  const cpuMs = kernel.sizedBy === null ? undefined : loaded.parameters[kernel.sizedBy];
  const sized = async (ms: number): Promise<number> => (await ask({ kind: 'size', cpuMs: ms })).iterations;
  const iterations = settled ?? (cpuMs === undefined ? 1 : await sized(cpuMs));
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
  keeper: Keeper,
  { url, parameters, name }: LoadedScenario,
  task: CalibrationOrder['task'],
  boundTo: readonly number[] | null,
  signal: AbortSignal,
): Promise<CalibrationNotice> {
  const kept = keeper.fork(entryBeside(import.meta.url, 'process'), [], boundTo);
  try {
    const order: CalibrationOrder = { scenarioUrl: url, parameters, task };
    kept.child.send(order, () => {});
    const wait = { forWhat: `the calibration of ${name}`, limitMs: LIMIT_MS, signal };
    return await nextMessage(kept, calibrationNoticeSchema, (notice) => notice, wait);
  } finally {
    await kept.kill();
  }
}
