/** What may hold a trial back: each cause a function of what was recorded, with its evidence in words when it applies. */
import type { Environment, Limit, Measurement, Placement } from '../../store/schema.ts';
import type { LimitedBy } from '../schema/capacity.ts';
import type { CpuShares } from './cpu-shares.ts';

/** A loop that is active for more of the time than this has nothing left to give. */
export const BUSY = 0.95;
/** Less idle CPU than this is none: something always waits for its turn. */
const NO_IDLE = 0.08;
/** A generator that uses more of the CPUs than this, while none are idle, takes them from the server. */
const GENERATOR_MATTERS = 0.1;
/** More of the CPU time than this, used by neither server nor generator, was used by somebody else. */
const OTHERS_MATTER = 0.15;
/** The threads of a pool that are at work, or ready to be, for more of the time than this have nothing left to give; */
const POOL_FULL = 0.9;
/** and a process whose pool is at work for less than this does not answer with it, as the front of a pool of processes. */
const POOL_IN_USE = 0.1;
/** A service whose busiest thread is on a CPU for more of the time than this is at its end. */
const SERVICE_BUSY = 0.9;

/** What the labels are derived from. */
export interface Circumstances {
  readonly limit: Limit | null;
  readonly connections: number;
  readonly available: Environment['availableCpus'];
  readonly placement: Placement;
  /** Another server was measured on the same CPUs at the same time, and what it used is no disturbance. */
  readonly isDuet?: boolean;
}

/** One possible cause: its evidence when it applies, else null. */
export type Cause = (measurement: Measurement, cpus: CpuShares, circumstances: Circumstances) => string | null;

function saturated(who: string, threads: readonly { readonly cpuMs: number | null }[], windowMs: number) {
  const shares = threads.flatMap(({ cpuMs }) => (cpuMs === null ? [] : [cpuMs / windowMs]));
  if (shares.length < threads.length || mean(shares) < BUSY) return null;
  return `${who} ${verb(who)} on a CPU ${percent(mean(shares))} of the time`;
}

function busy(who: string, loops: readonly { readonly utilisation: number }[]): string | null {
  const share = mean(loops.map(({ utilisation }) => utilisation));
  return share < BUSY ? null : `${who} ${verb(who)} busy ${percent(share)} of the time`;
}

function contended({ server, windowMs }: Measurement, cpus: CpuShares): string | null {
  if (cpus.others === null) {
    const queued = mean(server.workers.map(({ queuedMs }) => queuedMs ?? 0)) / windowMs;
    if (queued > OTHERS_MATTER) return `workers were ready to run and had no CPU ${percent(queued)} of the time`;
  }
  if (cpus.idle >= NO_IDLE) return null;
  if (cpus.generators > GENERATOR_MATTERS) {
    return `no CPU was idle (${percent(cpus.idle)}), and load generation used ${percent(cpus.generators)} of them`;
  }
  const beside = cpus.generators + (cpus.others ?? 0);
  if (beside <= OTHERS_MATTER) return null;
  return `no CPU was idle, and ${percent(beside)} of the CPU time went to load generation and others`;
}

/** Threads beside the event loops count here, such as those of the thread pool. */
function serverFills({ server }: Measurement, cpus: CpuShares): string | null {
  if (cpus.idle >= NO_IDLE) return null;
  const loops = mean(server.workers.map(({ utilisation }) => utilisation));
  const used = 1 - cpus.idle - cpus.generators - (cpus.others ?? 0);
  return `no CPU was idle, and the server itself used ${percent(used)} of them, its workers' loops being busy ${percent(loops)} of the time`;
}

/** The pool of threads of libuv, on which files, DNS look-ups, compression and cryptography are done. */
function poolFull({ server }: Measurement, cpus: CpuShares): string | null {
  const used = (server.threadPools ?? []).filter(({ share }) => share >= POOL_IN_USE);
  const share = mean(used.map((pool) => pool.share));
  const [first] = used;
  if (first === undefined || share < POOL_FULL) return null;
  const threads = first.size === 1 ? 'the one thread' : `the ${first.size} threads`;
  const where = used.length === 1 ? 'of the libuv pool were' : 'of each libuv pool were';
  const were = first.size === 1 ? where.replace('were', 'was') : where;
  return `${threads} ${were} busy ${percent(share)} of the time, and ${percent(cpus.idle)} of the CPU time was idle: raise UV_THREADPOOL_SIZE, which is ${first.size}`;
}

export function upstreamBusy({ services }: Measurement): string | null {
  const share = Math.max(0, ...(services ?? []).map(({ busiestThread }) => busiestThread));
  return share < SERVICE_BUSY ? null : `the busiest thread of a service was on a CPU ${percent(share)} of the time`;
}

function generatorsName(generators: number): string {
  return generators === 1 ? 'the generator' : `${generators} generators`;
}

function verb(who: string): string {
  return who.startsWith('the ') ? 'was' : 'were';
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/**
 * What the use of CPUs tells, under any load, in the order in which they are asked, because each makes the next meaningless. A thread that was on a CPU all the time
 * was at its end whoever else wanted CPUs, so those come first; event-loop utilisation also counts the time in which a
 * thread waited for a CPU, so it is asked only when the CPUs were not contended for.
 */
export const CPU_CAUSES: readonly (readonly [LimitedBy['by'], Cause])[] = [
  ['workers', ({ server, windowMs }) => saturated('workers', server.workers, windowMs)],
  [
    'front',
    ({ server, windowMs }) => (server.front === null ? null : saturated('the front', [server.front], windowMs)),
  ],
  ['machine', contended],
  ['generator', ({ generators }) => busy(generatorsName(generators.length), generators)],
  ['workers', ({ server }) => busy('workers', server.workers)],
  ['front', ({ server }) => (server.front === null ? null : busy('the front', [server.front]))],
  ['workers', serverFills],
  ['thread-pool', poolFull],
];
