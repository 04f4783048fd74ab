/**
 * Capacity that no server can have: more than its threads could compute, more than its own CPU time allows, or more than
 * connections ÷ waiting time. A figure above one of them is an error of measurement, whatever it says.
 */

import { cpusOfServer } from '../bottleneck/circumstances.ts';
import { impliedCapacity } from '../bottleneck/implied-capacity.ts';
import { longestOf } from './classes.ts';
import type { Measured, Objection } from './objection.ts';

/** Two timings of the same work differ by so much on a machine that nobody else uses. */
const NOISE = 0.03;
/** Timers of Node.js have whole milliseconds, and count from when the loop last looked at the clock: they are early by one. */
const EARLY_MS = 1;

/** null under rate load, and for what is possible. */
export function impossible(measured: Measured): Objection | null {
  if (measured.cell.load.kind !== 'capacity') return null;
  return aboveItsThreads(measured) ?? aboveItsCpuTime(measured) ?? aboveWaiting(measured);
}

/** CPUs that can run the handler at once: as many as have a thread for it. */
function threadsOf({ cell, environment, frontAnswers }: Measured): number {
  const front = frontAnswers && cell.style === 'offload' ? 1 : 0;
  return Math.min(cell.workers + front, cpusOfServer(cell.placement, environment.availableCpus));
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

/** Where threads are not told apart, a pool of threads beside the event loop may use several CPUs. */
function aboveItsCpuTime(measured: Measured): Objection | null {
  const { measurement, cell, environment } = measured;
  const { server } = measurement;
  if (server.cpuMs === 0 || server.cpuMsPerRequest === 0) return null;
  const cpus = cpusOfServer(cell.placement, environment.availableCpus);
  const isTold = [...server.workers, ...(server.front === null ? [] : [server.front])].every(
    ({ cpuMs }) => cpuMs !== null,
  );
  const implied = isTold ? impliedCapacity(measurement, cpus).requestsPerSec : (cpus * 1000) / server.cpuMsPerRequest;
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
  return (cell.workers + 1) * longestOf(plan);
}

function above({ measurement: { requestsPerSec } }: Measured, limitPerSec: number, why: string) {
  const message = `${figure(requestsPerSec)} requests/s are more than possible: at most ${figure(limitPerSec)}/s, ${why}`;
  return { kind: 'above-limit' as const, message };
}

function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : `${Number(value.toPrecision(3))}`;
}
