/** What a trial is checked by when its window is over: whether its measurement may stand. */
import type { ServerSnapshot } from '../../../servers/model.ts';
import { objection } from '../../judge/trial/objection.ts';
import type { Environment, Failure, Measurement } from '../../store/schema.ts';
import type { TrialRequest } from './trial.ts';

/** What speaks against the measurement; null when it counts. */
export function objectionTo(measurement: Measurement, request: TrialRequest): Failure | null {
  const { cell, plan, environment, meeting, loaded, repeatedFor } = request;
  const frontAnswers = loaded.classes.some(({ onFront }) => onFront === true);
  const found = objection({ measurement, cell, plan, environment, isDuet: meeting !== undefined, frontAnswers });
  if (found === null) return null;
  const { message } = found.reason;
  const kind = found.atFault === 'calibration' ? 'calibration' : found.reason.kind;
  return (kind === 'disturbed' || kind === 'calibration') && !repeatedFor.includes(kind) ? null : { kind, message };
}

/** Requests that the server answered between two snapshots beyond those that the generators sent. */
export function strangersBetween(before: ServerSnapshot, after: ServerSnapshot, sent: number): number {
  return Math.max(0, requestsOf(after) - requestsOf(before) - sent);
}

/** Requests that handler code has answered so far. */
function requestsOf({ front, workers }: ServerSnapshot): number {
  return workers.reduce((sum, { requests }) => sum + requests, front?.requests ?? 0);
}

/** libuv's own default, and what people set instead. */
const USUAL_POOL_SIZE = 4;

/** Threads in the libuv pool of a process. */
export function poolSize({ uvThreadpoolSize }: Pick<Environment, 'uvThreadpoolSize'>): number {
  const size = Number.parseInt(uvThreadpoolSize ?? '', 10);
  return size >= 1 ? size : USUAL_POOL_SIZE;
}
