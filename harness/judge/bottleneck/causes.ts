/** What may limit a trial: each cause is a function of what was recorded that returns its evidence in words when it applies. */
import { mean } from '../../stats/spread.ts';
import type { Cell, Environment, Limit, Manifest, Measurement, Placement, ScenarioPlan } from '../../store/schema.ts';
import type { LimitedBy } from '../schema/capacity.ts';
import { wholePercent } from '../words.ts';
import type { CpuShares } from './cpus.ts';

/** An event loop or thread that is active for a larger share of the time than this has nothing left to give. */
export const BUSY = 0.95;
/** A smaller idle share of the CPUs than this is none: something is always waiting for a CPU. */
const NO_IDLE = 0.08;
/** A generator that uses a larger share of the CPUs than this, while none are idle, takes them from the server. */
const GENERATOR_MATTERS = 0.1;
/** A larger share of the CPU time than this, used by neither server nor generator, was used by other programs. */
const OTHERS_MATTER = 0.15;
/** A thread pool whose threads are running, or ready to run, for a larger share of the time than this is full. */
const POOL_FULL = 0.9;
/** A process whose pool is in use for less than this does not answer with it, such as the front end of a pool of processes. */
const POOL_IN_USE = 0.1;
/** A service whose busiest thread is on a CPU for a larger share of the time than this is saturated. */
const SERVICE_BUSY = 0.9;

/** What a label is derived from, beside the measurement. */
export interface Circumstances {
  readonly limit: Limit | null;
  readonly connections: number;
  readonly available: Environment['availableCpus'];
  readonly placement: Placement;
  /** Another server was measured on the same CPUs at the same time, and the CPU time that it used is no disturbance. */
  readonly isDuet: boolean;
}

/** Of a cell and not of its run: a scenario may be placed differently from the others of its run. */
export function circumstancesOf(
  { connections, placement }: Pick<Cell, 'connections' | 'placement'>,
  { limit }: Pick<ScenarioPlan, 'limit'>,
  { environment, ab }: Pick<Manifest, 'environment' | 'ab'>,
): Circumstances {
  return { limit, connections, available: environment.availableCpus, placement, isDuet: ab?.duet === true };
}

/** One possible cause: its evidence when it applies, else null. */
export type Cause = (measurement: Measurement, cpus: CpuShares, circumstances: Circumstances) => string | null;

/**
 * What the use of CPUs tells under any load. The order matters, because each makes the next meaningless. A thread that was
 * on a CPU all the time was saturated whoever else wanted CPUs, so those come first. Event-loop utilisation also counts the
 * time in which a thread waited for a CPU, so it is used only when there was no contention for CPUs.
 */
export const CPU_CAUSES: readonly (readonly [LimitedBy['by'], Cause])[] = [
  [
    'workers',
    ({ server, windowMs }) => (server.workers === null ? null : saturated('workers', server.workers, windowMs)),
  ],
  ['server', busiestThread],
  [
    'front',
    ({ server, windowMs }) => (server.front === null ? null : saturated('the front end', [server.front], windowMs)),
  ],
  ['upstream', servicesFill],
  ['machine', contended],
  ['generator', ({ generators }) => busy(generatorsName(generators.length), generators)],
  ['workers', ({ server }) => (server.workers === null ? null : busy('workers', server.workers))],
  ['front', ({ server }) => (server.front === null ? null : busy('the front end', [server.front]))],
  ['workers', (measurement, cpus) => (measurement.server.workers === null ? null : serverFills(measurement, cpus))],
  ['server', (measurement, cpus) => (measurement.server.workers === null ? serverFills(measurement, cpus) : null)],
  ['thread-pool', poolFull],
];

function saturated(who: string, threads: readonly { readonly cpuMs: number | null }[], windowMs: number) {
  const shares = threads.flatMap(({ cpuMs }) => (cpuMs === null ? [] : [cpuMs / windowMs]));
  if (shares.length < threads.length || mean(shares) < BUSY) return null;
  return `${who} ${was(who)} on a CPU ${wholePercent(mean(shares))} of the time`;
}

function busy(who: string, loops: readonly { readonly utilisation: number }[]): string | null {
  const share = mean(loops.map(({ utilisation }) => utilisation));
  return share < BUSY ? null : `${who} ${was(who)} busy ${wholePercent(share)} of the time`;
}

function generatorsName(generators: number): string {
  return generators === 1 ? 'the generator' : `${generators} generators`;
}

function was(who: string): string {
  return who.startsWith('the ') ? 'was' : 'were';
}

function contended({ server, windowMs }: Measurement, cpus: CpuShares): string | null {
  if (cpus.others === null && server.workers !== null) {
    const queued = mean(server.workers.map(({ queuedMs }) => queuedMs ?? 0)) / windowMs;
    if (queued > OTHERS_MATTER) return `workers were ready to run but had no CPU ${wholePercent(queued)} of the time`;
  }
  if (cpus.idle >= NO_IDLE) return null;
  if (cpus.generators > GENERATOR_MATTERS) {
    return `no CPU was idle (${wholePercent(cpus.idle)}), and load generation used ${wholePercent(cpus.generators)} of the CPU time`;
  }
  const beside = cpus.generators + (cpus.others ?? 0);
  if (beside <= OTHERS_MATTER) return null;
  return `no CPU was idle, and load generation and other programs used ${wholePercent(beside)} of the CPU time`;
}

/** Includes threads beside the event loops, such as those of the thread pool. */
function serverFills({ server }: Measurement, cpus: CpuShares): string | null {
  if (cpus.idle >= NO_IDLE) return null;
  const used = 1 - cpus.idle - cpus.generators - (cpus.others ?? 0);
  const itself = `no CPU was idle, and the server itself used ${wholePercent(used)} of the CPU time`;
  if (server.workers === null) return itself;
  const loops = mean(server.workers.map(({ utilisation }) => utilisation));
  return `${itself}, with the event loops of its workers busy ${wholePercent(loops)} of the time`;
}

/** Of a server whose inside is not known: a thread that can do no more holds back what it is needed for. */
function busiestThread({ server: { workers, busiestThread: share } }: Measurement): string | null {
  if (workers !== null || share === null || share < BUSY) return null;
  return `a thread of the server was on a CPU ${wholePercent(share)} of the time`;
}

/** The thread pool of libuv, which does file access, DNS look-ups, compression and cryptography. */
function poolFull({ server }: Measurement, cpus: CpuShares): string | null {
  const used = (server.threadPools ?? []).filter(({ share }) => share >= POOL_IN_USE);
  const [first] = used;
  if (first === undefined) return null;
  const share = mean(used.map((pool) => pool.share));
  if (share < POOL_FULL) return null;
  const threads = first.size === 1 ? 'the one thread' : `the ${first.size} threads`;
  const pool = used.length === 1 ? 'the libuv pool' : 'each libuv pool';
  const were = first.size === 1 ? 'was' : 'were';
  return `${threads} of ${pool} ${were} busy ${wholePercent(share)} of the time, and ${wholePercent(cpus.idle)} of the CPU time was idle: raise UV_THREADPOOL_SIZE (--env), which is ${first.size}`;
}

/**
 * Of many processes, such as those of a database with one for each connection, none need be busy all the time when together they use
 * up the CPUs: those of everything, or those that are reserved for load generation and services.
 */
function servicesFill(
  { services, generators, windowMs }: Measurement,
  cpus: CpuShares,
  { available, placement }: Circumstances,
): string | null {
  const total = (all: readonly { readonly cpuMs: number }[]): number => all.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
  const isIsolated = placement.kind === 'isolated';
  // The server is at its own end then.
  if (isIsolated && cpus.idle < NO_IDLE) return null;
  const allMs = windowMs * (isIsolated ? placement.generatorCpus.length : available.capacity);
  const [used, load] = [total(services ?? []) / allMs, total(generators) / allMs];
  const idle = isIsolated ? 1 - used - load : cpus.idle;
  if (idle >= NO_IDLE || used <= GENERATOR_MATTERS || used < Math.max(load, cpus.others ?? 0)) return null;
  return `no CPU ${isIsolated ? 'beside those of the server ' : ''}was idle, and the service behind the handler used ${wholePercent(used)} of their time`;
}

export function upstreamBusy({ services }: Measurement): string | null {
  const share = Math.max(0, ...(services ?? []).map(({ busiestThread }) => busiestThread));
  return share < SERVICE_BUSY
    ? null
    : `the busiest thread of a service was on a CPU ${wholePercent(share)} of the time`;
}
