/** Puts the faults of a trial into its server, each at its moment. */
import { setTimeout } from 'node:timers/promises';
import { seedFrom } from '../../stats/arrivals.ts';
import { randomStream } from '../../stats/random.ts';
import type { Cell, FaultRecord } from '../../store/schema.ts';
import { monotonicMs } from '../generator/load.ts';
import type { ProcessRegistry } from '../processes/registry.ts';
import { killAll } from '../processes/tree.ts';
import type { ThreadTable } from '../readings/threads.ts';
import type { TrialRequest } from '../trial/request.ts';
import { awaitedLater } from '../trial/steps.ts';
import type { FaultedServer } from './faulted-server.ts';
import { type Poison, sendPoison } from './poison.ts';
import { chosen, handlersOf } from './victim.ts';

type Injected = FaultRecord['injected'][number];
type Fate = Pick<Injected, 'poison' | 'overMs'>;
export type FaultLoad = Extract<Cell['load'], { kind: 'fault' }>;

/** Faults come so much later than they could, at most, so that they do not always meet what else is regular. */
const MOST_JITTER_MS = 250;
const JITTER_SHARE = 0.25;
/** So long before a process is killed, the server is asked for those that it has. */
const READING_MS = 200;
/** Number of the first request with a fault, where requests differ: no other request of a trial has it. */
const FIRST_POISON = 9_000;
const NO_FATE: Fate = { poison: null, overMs: null };

export interface Injecting {
  readonly registry: ProcessRegistry;
  readonly request: TrialRequest;
  readonly load: FaultLoad;
  readonly server: FaultedServer;
  /** First processes of the services that were started for the scenario. */
  readonly services: readonly number[];
  /** When the window begins, on the monotonic clock. */
  readonly startMs: number;
  /** The threads of the server at that time. */
  readonly threads: ThreadTable;
}

/** When each fault is put in, from the start of the window: the same for every model. */
export function momentsOf({ beforeMs, eachMs, fault }: FaultLoad, seed: number): readonly number[] {
  const mostMs = Math.min(MOST_JITTER_MS, JITTER_SHARE * eachMs);
  return Array.from(
    { length: fault.times },
    (_, nth) => beforeMs + nth * eachMs + mostMs * random(seed, 'moment', nth),
  );
}

/**
 * Resolves when the last fault has been put in, with what becomes of each; it is known when the signal has fired at the latest. A server
 * that is gone gets no more faults. Rejects with a FailedTrial where the fault cannot be put in.
 */
export async function injectAll(injecting: Injecting, signal: AbortSignal): Promise<readonly Promise<Injected>[]> {
  const { load, request, server, startMs } = injecting;
  const all: Promise<Injected>[] = [];
  for (const [nth, momentMs] of momentsOf(load, request.seed).entries()) {
    await until(startMs + momentMs - READING_MS, signal);
    const victim = load.fault.kind === 'kill' ? await victimOf(injecting, nth, signal) : null;
    await until(startMs + momentMs, signal);
    if (server.end !== null) break;
    const atMs = monotonicMs() - startMs;
    const fate = injected(injecting, nth, victim, signal);
    all.push(awaitedLater(fate.then((one) => ({ atMs, ...one }))));
  }
  return all;
}

async function injected(
  { registry, request, load, server, services, startMs }: Injecting,
  nth: number,
  victim: number | null,
  signal: AbortSignal,
): Promise<Fate> {
  const { fault } = load;
  switch (fault.kind) {
    case 'kill':
      if (victim !== null) killAll([victim]);
      return NO_FATE;
    case 'upstream-stall': {
      const resume = services.map((pid) => registry.suspend(pid));
      try {
        await setTimeout(fault.lastsMs ?? 0, undefined, { signal }).catch(() => {});
      } finally {
        for (const one of resume) one();
      }
      return NO_FATE;
    }
    case 'reload':
      try {
        await server.reload(request.reload ?? null, signal);
        return { poison: null, overMs: signal.aborted ? null : monotonicMs() - startMs };
      } catch (error) {
        if (signal.aborted || server.end !== null) return NO_FATE;
        throw error;
      }
    case 'crash':
    case 'block':
    case 'loop':
    case 'oom':
    case 'leak':
      return { poison: await sendPoison(poisonOf(server.url, request, nth), fault, signal), overMs: null };
    default:
      return fault.kind satisfies never;
  }
}

/** One of the processes that run handler code; null where the server is gone. */
async function victimOf(
  { request, server, threads }: Injecting,
  nth: number,
  signal: AbortSignal,
): Promise<number | null> {
  if (server.end !== null) return null;
  try {
    return chosen(handlersOf(await server.read(signal), threads), random(request.seed, 'victim', nth));
  } catch (error) {
    if (signal.aborted) throw error;
    return null; // It is about to be gone, of the fault before.
  }
}

function poisonOf(url: string, { loaded, expected }: TrialRequest, nth: number): Poison {
  const [requestClass] = loaded.classes;
  if (requestClass === undefined) throw new Error(`${loaded.id} has no requests`);
  return { url, requestClass, n: FIRST_POISON + nth, status: expected.get(requestClass.name)?.status ?? 200 };
}

function random(seed: number, what: string, nth: number): number {
  return randomStream(seedFrom(seed, what, nth))();
}

async function until(atMs: number, signal: AbortSignal): Promise<void> {
  await setTimeout(Math.max(0, atMs - monotonicMs()), undefined, { signal });
}
