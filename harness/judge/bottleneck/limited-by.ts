/** What held a trial back. A pure function of what was recorded, so that it can be argued about afterwards. */
import type { Measurement } from '../../store/schema.ts';
import type { LimitedBy } from '../schema/capacity.ts';
import { BUSY, type Cause, type Circumstances, CPU_CAUSES, mean, percent, upstreamBusy } from './causes.ts';
import { cpuShares, DISTURBED, takenByOthers } from './cpu-shares.ts';

export type { Circumstances } from './causes.ts';

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

/** What CPUs tell comes first: what was at its end there needs no other cause. */
const CAUSES: readonly (readonly [LimitedBy['by'], Cause])[] = [
  ...CPU_CAUSES,
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
    case 'thread-pool':
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

/** By trial, in the order of the measurements. */
export interface Labelled {
  readonly label: LimitedBy;
  readonly labels: readonly LimitedBy[];
  /** Whether others took CPUs from it, and that may be why it cannot be ranked. */
  readonly disturbed: readonly boolean[];
  /** Whether it is in the throughput of the cell. */
  readonly counted: readonly boolean[];
}

/** So many undisturbed trials, and half of all, say what limits a cell; with fewer, all trials do. */
const FEWEST_UNDISTURBED = 3;

/**
 * Trials that others disturbed say nothing of what limits the cell, where there are enough that nobody did. In a cell that
 * is ranked, throughput is that of the trials in which the server was the limit. Throws on nothing.
 */
export function labelled(measurements: readonly Measurement[], circumstances: Circumstances): Labelled {
  const labels = measurements.map((one) => limitedBy(one, circumstances));
  const disturbed = measurements.map(
    (one, i) =>
      labels.slice(i, i + 1).every((label) => !isRankable(label)) &&
      (takenByOthers(one, circumstances) ?? one.machine?.steal ?? 0) > DISTURBED,
  );
  const undisturbed = labels.filter((_, i) => disturbed[i] !== true);
  const isEnough = undisturbed.length >= FEWEST_UNDISTURBED && undisturbed.length * 2 >= labels.length;
  const label = cellLabel(isEnough ? undisturbed : labels, isRankable);
  return { label, labels, disturbed, counted: labels.map((one) => !isRankable(label) || isRankable(one)) };
}

/**
 * One label for the cell. With more trials than one in five that may not be ranked, the cell may not be ranked either;
 * otherwise those trials are not counted. Among several labels the most common counts.
 */
export function cellLabel(labels: readonly LimitedBy[], isGood: (label: LimitedBy) => boolean): LimitedBy {
  const held = labels.filter((label) => !isGood(label));
  const tolerated = Math.floor(labels.length / TRIALS_PER_ODD_ONE);
  const candidates = held.length > tolerated ? held : labels.filter(isGood);
  const counts = new Map<LimitedBy['by'], number>();
  for (const { by } of labels) counts.set(by, (counts.get(by) ?? 0) + 1);
  const countOf = ({ by }: LimitedBy): number => counts.get(by) ?? 0;
  const [common] = candidates.toSorted((a, b) => countOf(b) - countOf(a));
  if (common === undefined) throw new RangeError('no trials to label');
  const count = countOf(common);
  return count === labels.length
    ? common
    : { ...common, evidence: `in ${count} of ${labels.length} trials ${common.evidence}` };
}

/** A cell may have one trial in so many that may not be ranked: it does not count, and the others do. */
export const TRIALS_PER_ODD_ONE = 5;
