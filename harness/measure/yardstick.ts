/** Makes the yardstick ready: loads its kernel, and finds what its replies must be. */
import { messageOf } from '../errors.ts';
import { YARDSTICK, YARDSTICK_KERNEL } from '../plan/schedule/yardstick.ts';
import type { ScenarioPlan } from '../store/schema.ts';
import { planOf } from './planned.ts';
import type { ProcessRegistry } from './processes/registry.ts';
import type { PreparedYardstick } from './run.ts';
import { loadScenario } from './scenario/load.ts';
import { moduleOpener } from './scenario/module.ts';
import { preflight } from './trial/preflight.ts';

export interface FoundYardstick extends PreparedYardstick {
  readonly plan: ScenarioPlan;
}

/** The yardstick, or why there is none: a run is worth something without it. Throws when the signal fires. */
export async function findYardstick(
  registry: ProcessRegistry,
  iterations: number,
  signal: AbortSignal,
): Promise<FoundYardstick | string> {
  try {
    const loaded = await loadScenario(moduleOpener(registry), YARDSTICK_KERNEL.scenario, signal);
    const models = [{ name: YARDSTICK_KERNEL.model, style: 'alone' as const }];
    const { expected } = await preflight(registry, { loaded, iterations, models, workers: 1, keepAlive: true }, signal);
    const plan = planOf(loaded, { iterations, calibration: null });
    return {
      loaded,
      expected,
      plan: { ...plan, id: YARDSTICK, inWords: 'the same work in every run', parameters: {} },
    };
  } catch (error) {
    signal.throwIfAborted();
    return messageOf(error);
  }
}
