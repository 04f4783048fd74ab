/** What limited a trial, in a closed and in an open loop, and what limited the cell of several trials. Derived from the record alone. */
import { latenciesIn } from '../../stats/latency.ts';
import { mean } from '../../stats/spread.ts';
import type { Measurement } from '../../store/schema.ts';
import { loopsOf } from '../../store/server-schema.ts';
import { isOpen, type RateSamples, rateSamplesOf } from '../samples.ts';
import type { LimitedBy } from '../schema/capacity.ts';
import { msFigure, rateFigure, wholePercent } from '../words.ts';
import { BUSY, type Cause, type Circumstances, CPU_CAUSES, upstreamBusy } from './causes.ts';
import { cpuShares, DISTURBED, takenByOthers } from './cpus.ts';

type Causes = readonly (readonly [LimitedBy['by'], Cause])[];

/** CPUs come first: what was saturated there needs no other cause. */
const CLOSED_LOOP_CAUSES: Causes = [
  ...CPU_CAUSES,
  ['upstream', upstreamBusy],
  ['connections', tooFewConnections],
  ['connections', unevenConnections],
  ['upstream', upstreamSlow],
];

const OPEN_LOOP_CAUSES: Causes = [
  ...CPU_CAUSES,
  ['upstream', upstreamBusy],
  ['connections', waitedForConnection],
  ['unclear', behind],
];

function firstOf(causes: Causes, measurement: Measurement, circumstances: Circumstances): LimitedBy | null {
  const cpus = cpuShares(measurement, circumstances);
  for (const [by, cause] of causes) {
    const evidence = cause(measurement, cpus, circumstances);
    if (evidence !== null) return { by, evidence };
  }
  return null;
}

/** What limited a trial of a closed loop: the first cause that applies; `unclear` when no bottleneck was found. */
export function limitedBy(measurement: Measurement, circumstances: Circumstances): LimitedBy {
  const found = firstOf(CLOSED_LOOP_CAUSES, measurement, circumstances);
  if (found !== null) return found;
  const idle = `${wholePercent(cpuShares(measurement, circumstances).idle)} of the CPU time was idle`;
  const evidence = `${workersBusy(measurement)}, ${idle}, and nothing else was saturated`;
  const share = waiting(measurement) / circumstances.connections;
  if (share < MOST_WAIT) return { by: 'unclear', evidence };
  const where = 'for a service, for the thread pool or for a pool of connections';
  return {
    by: 'unclear',
    evidence: `${evidence}; ${wholePercent(share)} of the requests waited in the handler, ${where}`,
  };
}

/** Whether a figure with this label shows what the server can do, and may be ranked. */
export function isRankable({ by }: LimitedBy): boolean {
  switch (by) {
    case 'workers':
    case 'front':
    case 'server':
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

/**
 * What limited a trial of an open loop: the first cause that applies, and the rate that was offered when none does. `samples`
 * are those of the trial.
 */
export function rateLimitedBy(
  measurement: Measurement,
  circumstances: Circumstances,
  samples = isOpen(measurement) ? rateSamplesOf(measurement) : null,
): LimitedBy {
  const evidence = samples === null ? null : lateText(samples);
  return evidence === null ? limitedByOthers(measurement, circumstances) : { by: 'generator', evidence };
}

/** As `rateLimitedBy`, whether or not the generator was late: all trials together show that better than each of them. */
export function limitedByOthers(measurement: Measurement, circumstances: Circumstances): LimitedBy {
  return (
    firstOf(OPEN_LOOP_CAUSES, measurement, circumstances) ?? {
      by: 'offered-rate',
      evidence: `${workersBusy(measurement)}, and nothing was saturated`,
    }
  );
}

/** Whether latencies with this label are those of the server. Beyond its capacity they are, and grow with the window. */
export function isServerLatency({ by }: LimitedBy): boolean {
  switch (by) {
    case 'offered-rate':
    case 'workers':
    case 'front':
    case 'server':
    case 'thread-pool':
      return true;
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

function workersBusy({ server }: Measurement): string {
  if (server.workers !== null) {
    return `workers were busy ${wholePercent(mean(server.workers.map(({ utilisation }) => utilisation)))} of the time`;
  }
  if (server.busiestThread === null) return 'of what goes on inside the server nothing is known';
  return `the busiest thread of the server was on a CPU ${wholePercent(server.busiestThread)} of the time`;
}

/**
 * A closed loop this close to connections ÷ waiting time waits for most of it, with nothing busy: it lacks connections.
 * The rest is the time that the request spends in the server and on its way.
 */
const NEAR_LIMIT = 0.7;
/** Of all requests in flight, so many were being worked on; so few were in a queue. The rest are wake-ups and wires. */
const MOST_WORKED_ON = 0.6;
/** Of all requests in flight, so many waited in handler code. */
const MOST_WAIT = 0.7;
/** The least busy worker below this, while another is busy: the work is not where the workers are. */
const UNEVEN = 0.8;

function tooFewConnections(measurement: Measurement, _: unknown, { limit, connections }: Circumstances): string | null {
  if (limit?.kind !== 'waiting') return noQueue(measurement, connections);
  const share = measurement.requestsPerSec / limit.requestsPerSec;
  if (share < NEAR_LIMIT) return null;
  return `throughput was ${wholePercent(share)} of what ${limit.connections} connections allow, and nothing was busy all the time`;
}

/**
 * Without a known waiting time: each connection has one request in flight. When loops work on most of them at a time,
 * hardly any is queued, and nothing could have been done sooner. What waits in the handler proves nothing: it may be in a
 * queue of another service.
 */
function noQueue({ server, generators }: Measurement, connections: number): string | null {
  const loops = [...loopsOf(server), ...generators];
  if (server.workers === null) return null;
  const inWork = loops.reduce((sum, { utilisation }) => sum + utilisation, 0);
  if (inWork / connections < MOST_WORKED_ON) return null;
  const requests = connections === 1 ? 'the 1 request' : `the ${connections} requests`;
  return `on average ${inWork.toFixed(1)} of ${requests} in flight were being worked on, so hardly any was queued`;
}

function unevenConnections({ server: { workers } }: Measurement): string | null {
  if (workers === null) return null;
  const shares = workers.map(({ utilisation }) => utilisation);
  const [idlest, busiest] = [Math.min(...shares), Math.max(...shares)];
  if (busiest < BUSY || idlest > UNEVEN) return null;
  return `one worker was busy ${wholePercent(busiest)} of the time and another ${wholePercent(idlest)}: connections are spread unevenly`;
}

function upstreamSlow(measurement: Measurement, _: unknown, { limit, connections }: Circumstances): string | null {
  const share = waiting(measurement) / connections;
  if (limit?.kind !== 'waiting' || share < MOST_WAIT) return null;
  const ms = (waiting(measurement) * 1000) / measurement.requestsPerSec;
  return `requests waited ${ms.toPrecision(3)} ms in the handler instead of ${limit.waitingMs} ms`;
}

/** How many requests waited in asynchronous handler code at a time, on average. */
function waiting({ server }: Measurement): number {
  return loopsOf(server).reduce((sum, loop) => sum + loop.waiting, 0);
}

/** The generator's own send delay is part of every latency. It matters from this share of a latency on, */
const LATE_SHARE = 0.1;
/** and from these figures on: nobody decides anything by less. Waking a thread takes 0.1 ms, and 0.2 ms in a virtual machine. */
const LATE_MS = { p50: 0.3, p90: 0.6, p99: 1 } as const;

/**
 * In words with figures, when the generator's own send delay is not small compared with the latency of the fastest class of
 * requests; null when it is. Compared at the highest percentile that both samples support, because that is the one that
 * models are compared by. The samples may be those of several trials, for a percentile that no single trial supports.
 */
export function lateText({ latency, sendDelay, classes }: RateSamples): string | null {
  const delays = latenciesIn(sendDelay);
  const latencies = classes.length === 0 ? [latenciesIn(latency)] : classes.map((one) => latenciesIn(one.latency));
  for (const percentile of ['p99', 'p90', 'p50'] as const) {
    const known = latencies.flatMap((one) => one?.[percentile] ?? []);
    const delayMs = delays?.[percentile] ?? null;
    if (delayMs === null || known.length === 0) continue;
    const latencyMs = Math.min(...known);
    if (delayMs <= Math.max(LATE_MS[percentile], LATE_SHARE * latencyMs)) return null;
    return `the generator sent requests late: ${percentile} delay ${msFigure(delayMs, 2)}, ${percentile} latency ${msFigure(latencyMs)}`;
  }
  return null;
}

function waitedForConnection({ open }: Measurement): string | null {
  if (open === null || open.connections.waited === 0) return null;
  return `${open.connections.waited} of ${open.due} requests found all ${open.connections.most} connections in use`;
}

function behind({ open, windowMs }: Measurement): string | null {
  const why = open === null ? null : fellBehind(open, windowMs);
  return why === null ? null : `it ${why}, and nothing was saturated`;
}

/** A server that answers less than this share of what is due does not keep up. */
const KEPT_UP = 0.95;

/** The server left more requests unanswered by the end of the window than chance does. In words with figures; null when it kept up. */
export function fellBehind(
  { due, backlog, unfinished }: Pick<NonNullable<Measurement['open']>, 'due' | 'backlog' | 'unfinished'>,
  windowMs: number,
): string | null {
  // Requests that timed out are no longer waiting, and were not answered either.
  const growth = Math.min(due, Math.max(0, backlog.end - backlog.start) + unfinished);
  if (!isClearly(growth, due)) return null;
  const perSec = (requests: number): string => rateFigure((requests * 1000) / windowMs);
  return `fell behind: answered ${perSec(due - growth)} of ${perSec(due)} requests/s that were due`;
}

/**
 * Whether so many of the requests due are missing for a reason: more than a twentieth, and more than twice √due. The
 * number of Poisson arrivals in a window has the standard deviation √due, and a server at its very limit answers a
 * steady number, so its backlog grows by more than 2·√due in one window of 40 by chance, and below its limit in fewer.
 */
export function isClearly(missing: number, due: number): boolean {
  return missing > (1 - KEPT_UP) * due && missing > 2 * Math.sqrt(due);
}

/** By trial, in the order of the measurements. */
export interface Labelled {
  readonly label: LimitedBy;
  readonly labels: readonly LimitedBy[];
  /** Whether other programs took CPUs from it, which may be why it cannot be ranked. */
  readonly disturbed: readonly boolean[];
  /** Whether it is in the throughput of the cell. */
  readonly counted: readonly boolean[];
}

/** With so many undisturbed trials, and half of all, those alone decide what limits a cell; with fewer, all trials do. */
const FEWEST_UNDISTURBED = 3;

/**
 * Disturbed trials show nothing of what limits the cell, where there are enough undisturbed ones. In a cell that is
 * ranked, throughput is that of the trials in which the server was the limit. Throws without a trial.
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

/** A cell may have one trial in so many that may not be ranked: it does not count, and the others do. */
export const TRIALS_PER_ODD_ONE = 5;

/**
 * One label for the cell. With more than one trial in five that may not be ranked, the cell may not be ranked either;
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
