/** Makes the yardstick ready: loads its kernel, and finds what its replies must be. */
import { messageOf } from '../errors.ts';
import { YARDSTICK_KERNEL } from '../plan/schedule/yardstick.ts';
import type { ProcessRegistry } from './processes/registry.ts';
import type { Fingerprints } from './replies/verify.ts';
import { type LoadedScenario, loadScenario } from './scenario/load.ts';
import { moduleOpener } from './scenario/module.ts';
import { preflight } from './trial/preflight.ts';

export interface PreparedYardstick {
  readonly loaded: LoadedScenario;
  readonly expected: Fingerprints;
}

/** The yardstick, or why there is none: a run is worth something without it. Throws when the signal fires. */
export async function prepareYardstick(
  registry: ProcessRegistry,
  iterations: number,
  signal: AbortSignal,
): Promise<PreparedYardstick | string> {
  try {
    const loaded = await loadScenario(moduleOpener(registry), YARDSTICK_KERNEL.scenario, signal);
    const models = [{ name: YARDSTICK_KERNEL.model, style: 'alone' as const }];
    const { expected } = await preflight(registry, { loaded, iterations, models, workers: 1, keepAlive: true }, signal);
    return { loaded, expected };
  } catch (error) {
    signal.throwIfAborted();
    return messageOf(error);
  }
}
