/** A server that was not running for a part of the window: stopped, swapped out or suspended while requests waited for it. */
import { distributionOf } from '../../stats/distribution.ts';
import type { Failure } from '../../store/schema.ts';
import { cpusOfServer } from '../bottleneck/circumstances.ts';
import { longestOf, rarestShare } from './classes.ts';
import type { Measured } from './objection.ts';

/** Shorter silences than this are pauses of the machine that every trial may have. */
const LEAST_MS = 250;
/** A silence so many times as long as the slowest usual request is none of its own making. */
const TIMES = 4;
/** Of the silence, at least so much must be missing in the CPU time of every thread of the server. */
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
  const loops = [...server.workers, ...(server.front === null ? [] : [server.front])];
  const atATime = loops.reduce((sum, { utilisation, waiting }) => sum + utilisation + waiting, 0);
  const handledMs = requests === 0 ? windowMs : ((windowMs * atATime) / requests) * longestOf(plan);
  const waitingMs = plan.limit?.kind === 'waiting' ? plan.limit.waitingMs : 0;
  const { total, atRank } = distributionOf(measurement.latencyHistogram);
  const rank = Math.ceil(total * (1 - rarestShare(plan) / 2));
  return Math.max(waitingMs, Math.min(handledMs, total === 0 ? handledMs : atRank(Math.max(1, rank)) / 1000));
}

/** Time in which the busiest thread neither ran nor was ready to run; where threads are not told apart, that of all that could. */
function missingMs({ measurement, cell, environment }: Measured): number {
  const { server, windowMs } = measurement;
  const loops = [...server.workers, ...(server.front === null ? [] : [server.front])];
  const told = loops.flatMap(({ cpuMs, queuedMs }) => (cpuMs === null ? [] : [{ cpuMs, queuedMs: queuedMs ?? 0 }]));
  if (told.length < loops.length) {
    const threads = Math.min(cell.workers, cell.connections, cpusOfServer(cell.placement, environment.availableCpus));
    return threads * windowMs - server.cpuMs;
  }
  // Such as those of the thread pool: together, because one of them may have been at work through all of it.
  const helpersMs = server.cpuMs - told.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
  return windowMs - Math.max(helpersMs, ...told.map(({ cpuMs, queuedMs }) => cpuMs + queuedMs));
}
