/** Services of scenarios: started for one trial, or kept for all that ask for the same. */
import { z } from 'zod';
import type { Service } from '../../../scenarios/scenario.ts';
import { nextMessage } from '../processes/next-message.ts';
import type { OwnedProcess, ProcessRegistry } from '../processes/registry.ts';
import type { AskedService } from './module.ts';

/** A database creates its files first. */
const START_LIMIT_MS = 45_000;
/** For one that is kept to end in order, such as a database with processes of its own. */
const END_LIMIT_MS = 5_000;

/** The first message of a service: it listens, or it cannot. */
const firstSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), port: z.int().min(1).max(65_535), url: z.string().nullable().default(null) }),
  z.object({ type: z.literal('failed'), message: z.string() }),
]);

export interface RunningService extends Service {
  readonly owned: OwnedProcess;
  /** Until the registry is closed. */
  readonly isKept: boolean;
}

const kept = new WeakMap<ProcessRegistry, Map<string, Promise<RunningService>>>();

/** Starts a service; one that is to be kept is started only if the same does not run already on the same CPUs. */
export async function startOrGet(
  registry: ProcessRegistry,
  asked: AskedService,
  cpus: readonly number[] | null,
  signal: AbortSignal,
): Promise<RunningService> {
  if (!asked.keep) return start(registry, asked, cpus, signal);
  const all = kept.get(registry) ?? new Map<string, Promise<RunningService>>();
  kept.set(registry, all);
  const key = JSON.stringify([asked.entry, asked.args, cpus]);
  const found = all.get(key);
  if (found !== undefined) return found;
  const started = start(registry, asked, cpus, signal);
  all.set(key, started);
  const forget = (): void => void all.delete(key);
  started.then(({ owned }) => owned.exited.then(forget), forget);
  return started;
}

async function start(
  registry: ProcessRegistry,
  { entry, args, keep }: AskedService,
  cpus: readonly number[] | null,
  signal: AbortSignal,
): Promise<RunningService> {
  const owned = registry.fork(new URL(entry), args, cpus, { endLimitMs: keep ? END_LIMIT_MS : 0 });
  try {
    const wait = { forWhat: 'starting a service', limitMs: START_LIMIT_MS, signal };
    const first = await nextMessage(owned, firstSchema, (message) => message, wait);
    if (first.type === 'failed') throw new Error(first.message);
    return { port: first.port, url: first.url, owned, isKept: keep };
  } catch (error) {
    await owned.kill();
    throw error;
  }
}
