/** Whether a measurement is valid. Decided by what is possible, by CPU time and by counts, never by the result. */

import { distributionOf } from '../../stats/distribution.ts';
import type { Cell, Environment, Failure, Measurement, ScenarioPlan } from '../../store/schema.ts';
import { loopsOf } from '../../store/server-schema.ts';
import { cpusOfServer, DISTURBED, impliedCapacity, takenByOthers } from '../bottleneck/cpus.ts';
import { longestOf, rarestShare } from './classes.ts';

/** A measurement with everything that it is checked against. */
export interface Measured {
  readonly measurement: Measurement;
  readonly cell: Cell;
  /** With the newest calibration. */
  readonly plan: ScenarioPlan;
  readonly environment: Pick<Environment, 'availableCpus'>;
  /** Another server was measured on the same CPUs at the same time. */
  readonly isDuet: boolean;
  /** Whether some request class is answered on the front end of a pool, which then is one more thread that does the work. */
  readonly frontAnswers: boolean;
}

/** Why a measurement is not valid. With `calibration` at fault, the work is timed again and the measurement is judged again. */
export interface Objection {
  readonly reason: Failure;
  readonly atFault: 'trial' | 'calibration';
}

/** The first objection, or null when it is valid. What is impossible comes first: nothing else explains it away. */
export function objection(measured: Measured): Objection | null {
  const above = impossible(measured);
  if (above !== null) return above;
  const reason = standstill(measured) ?? strangers(measured) ?? disturbance(measured);
  return reason === null ? null : { reason, atFault: 'trial' };
}

/** Two timings of the same work differ by so much on a machine that nobody else uses. */
const NOISE = 0.03;
/** Timers of Node.js have whole milliseconds, and count from when the loop last looked at the clock: they are early by one. */
const EARLY_MS = 1;

/** null under rate load, and for what is possible. */
export function impossible(measured: Measured): Objection | null {
  if (measured.cell.load.kind !== 'capacity') return null;
  return aboveItsThreads(measured) ?? aboveItsCpuTime(measured) ?? aboveWaiting(measured);
}

/** CPUs that can run the handler at once: one for each thread that runs it, as far as there are CPUs. The libuv pool has threads of its own. */
function threadsOf({ cell, plan, environment, frontAnswers }: Measured): number {
  const front = frontAnswers && cell.style === 'offload' ? 1 : 0;
  const cpus = cpusOfServer(cell.placement, environment.availableCpus);
  const inPool = plan.limit?.kind === 'cpu' && plan.limit.inPool === true;
  return inPool || cell.workers === null ? cpus : Math.min(cell.workers + front, cpus);
}

function aboveItsThreads(measured: Measured): Objection | null {
  const { measurement, plan } = measured;
  if (plan.limit?.kind !== 'cpu') return null;
  const { kernelCpuMs } = plan.limit;
  const cpus = threadsOf(measured);
  const limit = (cpus * 1000) / kernelCpuMs;
  if (!isAbove(measured, limit, edgesOf(measured))) return null;
  // Requests that take less CPU time than their own kernel: the kernel was timed when CPUs were slower.
  const isTimedWrong = measurement.server.cpuMsPerRequest < kernelCpuMs * (1 - NOISE);
  const why = `${figure(cpus)} CPU${cpus === 1 ? '' : 's'} ÷ ${figure(kernelCpuMs)} ms for the work of a request`;
  return {
    atFault: isTimedWrong ? 'calibration' : 'trial',
    reason: above(measured, limit, isTimedWrong ? `${why}, which takes less by now` : why),
  };
}

/** Where CPU time per thread is not known, a thread pool beside the event loop may use several CPUs. */
function aboveItsCpuTime(measured: Measured): Objection | null {
  const { measurement, cell, environment } = measured;
  const { server } = measurement;
  if (server.cpuMs === 0 || server.cpuMsPerRequest === 0) return null;
  const cpus = cpusOfServer(cell.placement, environment.availableCpus);
  const isKnown = loopsOf(server).every(({ cpuMs }) => cpuMs !== null);
  const implied = isKnown ? impliedCapacity(measurement, cpus).requestsPerSec : (cpus * 1000) / server.cpuMsPerRequest;
  // The CPU time per request is over a window of its own, with edges of its own.
  if (!isAbove(measured, implied, 2 * edgesOf(measured))) return null;
  return { atFault: 'trial', reason: above(measured, implied, 'what its own CPU time per request allows') };
}

/** Little's law (Little 1961): each connection has one request under way, and it waits. */
function aboveWaiting(measured: Measured): Objection | null {
  const { cell, plan } = measured;
  if (plan.limit?.kind !== 'waiting') return null;
  const { waitingMs } = plan.limit;
  const shortestMs = Math.max(waitingMs - EARLY_MS, waitingMs / 2);
  // All of them may have waited before the window and be answered within it.
  if (!isAbove(measured, (cell.connections * 1000) / shortestMs, cell.connections * longestOf(plan))) return null;
  const limit = (cell.connections * 1000) / waitingMs;
  return { atFault: 'trial', reason: above(measured, limit, `${cell.connections} connections ÷ ${waitingMs} ms`) };
}

/** `edges` are requests that may be in the window without having been served in it. */
function isAbove({ measurement: { requestsPerSec, windowMs } }: Measured, limitPerSec: number, edges: number): boolean {
  const seconds = windowMs / 1000;
  return requestsPerSec * seconds > limitPerSec * seconds * (1 + NOISE) + edges;
}

/** Each worker may have one almost done when the window begins, and one reply may be on its way. They may be the longest ones. */
function edgesOf({ cell, plan }: Measured): number {
  return ((cell.workers ?? cell.connections) + 1) * longestOf(plan);
}

function above({ measurement: { requestsPerSec } }: Measured, limitPerSec: number, why: string) {
  const message = `${figure(requestsPerSec)} requests/s are more than possible: at most ${figure(limitPerSec)}/s, ${why}`;
  return { kind: 'above-limit' as const, message };
}

function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : `${Number(value.toPrecision(3))}`;
}

/** Shorter silences than this are pauses of the machine that every trial may have. */
const LEAST_MS = 250;
/** A silence this many times as long as the slowest usual request does not come from the request itself. */
const TIMES = 4;
/** At least this share of the silence must be missing in the CPU time of every thread of the server. */
const MISSING = 0.5;
/** With so many requests due in it, a silence is not one of the schedule: none are due by chance once in a billion times. */
const FEWEST_DUE = 20;

/**
 * null for a server that ran all the time. A thread that used a CPU, or waited for one, through the silence was running: a
 * long request, a collection of garbage, a machine without a free CPU. Source of the usual time of a request: Little's law.
 */
export function standstill(measured: Measured): Failure | null {
  const { measurement, cell } = measured;
  const gapMs = measurement.longestGapMs;
  if (gapMs <= LEAST_MS || gapMs <= TIMES * usualMs(measured)) return null;
  if (cell.load.kind === 'rate' && (cell.load.requestsPerSec * gapMs) / 1000 < FEWEST_DUE) return null;
  if (missingMs(measured) < MISSING * gapMs) return null;
  const silent = `for ${Math.round(gapMs).toLocaleString('en-US')} ms of the window no reply came and no thread of the server ran`;
  return {
    kind: 'standstill',
    message: `${silent}: it was stopped, swapped out or suspended, or what it waits for was`,
  };
}

/**
 * How long the slowest class of requests usually takes, at most. The median of its latency may be mostly a queue, so the
 * time on event loops and in asynchronous handler code counts where it is less.
 */
function usualMs({ measurement, plan }: Measured): number {
  const { server, windowMs, requests } = measurement;
  const loops = loopsOf(server);
  const atATime = loops.reduce((sum, { utilisation, waiting }) => sum + utilisation + waiting, 0);
  const handledMs =
    requests === 0 || server.workers === null ? windowMs : ((windowMs * atATime) / requests) * longestOf(plan);
  const waitingMs = plan.limit?.kind === 'waiting' ? plan.limit.waitingMs : 0;
  const { total, atRank } = distributionOf(measurement.latencyHistogram);
  const rank = Math.ceil(total * (1 - rarestShare(plan) / 2));
  return Math.max(waitingMs, Math.min(handledMs, total === 0 ? handledMs : atRank(Math.max(1, rank)) / 1000));
}

/** Time in which the busiest thread neither ran nor was ready to run; where CPU time per thread is not known, that of all that could have run. */
function missingMs({ measurement, cell, environment }: Measured): number {
  const { server, windowMs } = measurement;
  const loops = loopsOf(server);
  const known = loops.flatMap(({ cpuMs, queuedMs }) => (cpuMs === null ? [] : [{ cpuMs, queuedMs: queuedMs ?? 0 }]));
  if (known.length < loops.length || server.workers === null) {
    const threads = Math.min(
      cell.workers ?? 1,
      cell.connections,
      cpusOfServer(cell.placement, environment.availableCpus),
    );
    return threads * windowMs - server.cpuMs;
  }
  // Such as those of the thread pool: together, because one of them may have been at work through all of it.
  const helpersMs = server.cpuMs - known.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
  return windowMs - Math.max(helpersMs, ...known.map(({ cpuMs, queuedMs }) => cpuMs + queuedMs));
}

/** A larger share of requests than this, sent by other clients, shows in the figures. */
const STRANGERS = 0.005;

export function disturbance({ measurement, cell, environment, isDuet }: Measured): Failure | null {
  const { placement } = cell;
  const taken = takenByOthers(measurement, { available: environment.availableCpus, placement, isDuet });
  if (taken === null || taken <= DISTURBED) return null;
  const message = `other programs took ${(taken * 100).toFixed(0)}% of the CPUs`;
  return { kind: 'disturbed', message };
}

export function strangers({ measurement }: Measured): Failure | null {
  const { strangers: count, requests } = measurement;
  if (count === null || count === 0 || count <= STRANGERS * requests) return null;
  const message = `the server answered ${count} requests that the load generator did not send, in addition to ${requests} within the window`;
  return { kind: 'strangers', message };
}
