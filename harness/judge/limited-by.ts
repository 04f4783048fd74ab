/** What held a trial back. A pure function of what was recorded, so that it can be argued about afterwards. */
import type { Environment, Limit, Measurement, Placement } from '../store/schema.ts';
import { type CpuShares, cpuShares } from './cpu-shares.ts';
import type { LimitedBy } from './result-schema.ts';

/** A loop that is active for more of the time than this has nothing left to give. */
const BUSY = 0.95;
/** Less idle CPU than this is none: something always waits for its turn. */
const NO_IDLE = 0.08;
/** A generator that uses more of the CPUs than this, while none are idle, takes them from the server. */
const GENERATOR_MATTERS = 0.1;
/** More of the CPU time than this, used by neither server nor generator, was used by somebody else. */
const OTHERS_MATTER = 0.15;
/** A service whose busiest thread is on a CPU for more of the time than this is at its end. */
const SERVICE_BUSY = 0.9;
/**
 * A closed loop this close to connections ÷ waiting time waits for most of it, with nothing busy: it lacks connections.
 * The rest is the time that the request spends in the server and on its way.
 */
const NEAR_LIMIT = 0.7;
/** Of all requests under way, so many were being worked on; so few were in a queue. The rest are wake-ups and wires. */
const MOST_WORKED_ON = 0.6;
/** Of all requests under way, so many waited in handler code. */
const MOST_WAIT = 0.7;
/** The idlest worker below this, while another is busy: the work is not where the workers are. */
const UNEVEN = 0.8;

/** What the labels are derived from. */
export interface Circumstances {
  readonly limit: Limit | null;
  readonly connections: number;
  readonly available: Environment['availableCpus'];
  readonly placement: Placement;
}

/** One possible cause: its evidence when it applies, else null. */
type Cause = (measurement: Measurement, cpus: CpuShares, circumstances: Circumstances) => string | null;

/**
 * In the order in which they are asked, because each makes the next meaningless. A thread that was on a CPU all the time
 * was at its end whoever else wanted CPUs, so those come first; event-loop utilisation also counts the time in which a
 * thread waited for a CPU, so it is asked only when the CPUs were not contended for.
 */
const CAUSES: readonly (readonly [LimitedBy['by'], Cause])[] = [
  ['workers', ({ server, windowMs }) => saturated('workers', server.workers, windowMs)],
  [
    'front',
    ({ server, windowMs }) => (server.front === null ? null : saturated('the front', [server.front], windowMs)),
  ],
  ['machine', contended],
  ['generator', ({ generators }) => busy(name(generators.length), generators)],
  ['workers', ({ server }) => busy('workers', server.workers)],
  ['front', ({ server }) => (server.front === null ? null : busy('the front', [server.front]))],
  ['workers', serverFills],
  ['upstream', upstreamBusy],
  ['connections', tooFewConnections],
  ['connections', unevenConnections],
  ['upstream', upstreamSlow],
];

/** The first cause that applies. `unclear` says that nothing was busy and nobody knows why. */
export function limitedBy(measurement: Measurement, circumstances: Circumstances): LimitedBy {
  const cpus = cpuShares(measurement, circumstances);
  for (const [by, cause] of CAUSES) {
    const evidence = cause(measurement, cpus, circumstances);
    if (evidence !== null) return { by, evidence };
  }
  const workers = mean(measurement.server.workers.map(({ utilisation }) => utilisation));
  const idle = `${percent(cpus.idle)} of the CPU time was idle`;
  const evidence = `workers were busy ${percent(workers)} of the time, ${idle}, and nothing else was at its end`;
  const share = waiting(measurement) / circumstances.connections;
  if (share < MOST_WAIT) return { by: 'unclear', evidence };
  const where = 'for a service, for the thread pool or for a pool of connections';
  return { by: 'unclear', evidence: `${evidence}; ${percent(share)} of the requests waited in the handler, ${where}` };
}

/** Whether a figure with this label says what the server can do, and may be ranked. */
export function isRankable({ by }: LimitedBy): boolean {
  switch (by) {
    case 'workers':
    case 'front':
      return true;
    case 'offered-rate':
    case 'generator':
    case 'machine':
    case 'connections':
    case 'upstream':
    case 'unclear':
      return false;
    default:
      return by satisfies never;
  }
}

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

function upstreamBusy({ services }: Measurement): string | null {
  const share = Math.max(0, ...(services ?? []).map(({ busiestThread }) => busiestThread));
  return share < SERVICE_BUSY ? null : `the busiest thread of a service was on a CPU ${percent(share)} of the time`;
}

function tooFewConnections(measurement: Measurement, _: unknown, { limit, connections }: Circumstances): string | null {
  if (limit?.kind !== 'waiting') return noQueue(measurement, connections);
  const share = measurement.requestsPerSec / limit.requestsPerSec;
  if (share < NEAR_LIMIT) return null;
  return `${percent(share)} of what ${limit.connections} connections can do, and nothing was busy all the time`;
}

/**
 * Without a waiting time to reckon with: each connection has one request under way. When loops work on most of them at a
 * time, hardly any is in a queue, and nothing could have been done sooner. What waits in the handler proves nothing: it may
 * be in somebody else's queue.
 */
function noQueue({ server, generators }: Measurement, connections: number): string | null {
  const loops = [...server.workers, ...(server.front === null ? [] : [server.front]), ...generators];
  const inWork = loops.reduce((sum, { utilisation }) => sum + utilisation, 0);
  if (inWork / connections < MOST_WORKED_ON) return null;
  return `of ${connections} request${connections === 1 ? '' : 's'} under way ${inWork.toFixed(1)} were worked on at a time, so hardly any was in a queue`;
}

function unevenConnections({ server: { workers } }: Measurement): string | null {
  const shares = workers.map(({ utilisation }) => utilisation);
  const [idlest, busiest] = [Math.min(...shares), Math.max(...shares)];
  if (busiest < BUSY || idlest > UNEVEN) return null;
  return `one worker was busy ${percent(busiest)} of the time and another ${percent(idlest)}: connections are shared unevenly`;
}

function upstreamSlow(measurement: Measurement, _: unknown, { limit, connections }: Circumstances): string | null {
  const share = waiting(measurement) / connections;
  if (limit?.kind !== 'waiting' || share < MOST_WAIT) return null;
  const ms = (waiting(measurement) * 1000) / measurement.requestsPerSec;
  return `requests waited ${ms.toPrecision(3)} ms in the handler instead of ${limit.waitingMs} ms`;
}

/** Requests that waited in asynchronous handler code at a time. */
function waiting({ server }: Measurement): number {
  return server.workers.reduce((sum, worker) => sum + worker.waiting, server.front?.waiting ?? 0);
}

function name(generators: number): string {
  return generators === 1 ? 'the generator' : `${generators} generators`;
}

function verb(who: string): string {
  return who.startsWith('the ') ? 'was' : 'were';
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}
