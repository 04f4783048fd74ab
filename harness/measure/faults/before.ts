/** Whether a trial with faults was sound until the first of them, and its generator all the time. */
import { underWayMs } from '../../judge/faults/trial.ts';
import type { Loss, Trace } from '../../store/fault-schema.ts';
import type { Failure } from '../../store/schema.ts';

/** A generator that is later than this at one request in a hundred cannot tell what is the server's. */
const LATEST_P99_MS = 20;

/** Why it does not count; null where it does. */
export function objectionTo(trace: Trace, firstFaultMs: number, sendDelayP99Ms: number): Failure | null {
  const lost = lostBefore(trace, firstFaultMs);
  if (lost !== null) {
    const { loss, count } = lost;
    const what = loss.status === null ? WORDS[loss.kind] : `${WORDS[loss.kind]} ${loss.status}`;
    const requests = count === 1 ? 'a request was' : `${count} requests were`;
    return {
      kind: KINDS[loss.kind],
      message: `${requests} lost before the first fault (${what}); give a lower --rate`,
    };
  }
  if (sendDelayP99Ms <= LATEST_P99_MS) return null;
  const late = `${Math.round(sendDelayP99Ms)} ms`;
  return {
    kind: 'disturbed',
    message: `one request in a hundred was sent ${late} late or later; leave the machine alone, or give a lower --rate`,
  };
}

/** The first kind of loss that no fault explains. */
function lostBefore({ binMs, lost, latencies }: Trace, firstFaultMs: number): { loss: Loss; count: number } | null {
  const untilMs = firstFaultMs - underWayMs(latencies.slice(0, Math.floor(firstFaultMs / binMs)));
  for (const loss of lost) {
    const count = loss.bins.reduce((sum, bin, i) => {
      const isSound = i % 2 === 0 && (bin + 1) * binMs <= untilMs;
      return sum + (isSound ? (loss.bins[i + 1] ?? 0) : 0);
    }, 0);
    if (count > 0) return { loss, count };
  }
  return null;
}

const WORDS: Readonly<Record<Loss['kind'], string>> = {
  reset: 'the connection was closed',
  refused: 'the connection was refused',
  status: 'status',
  timeout: 'no reply in time',
  'wrong-reply': 'a wrong reply',
};

const KINDS: Readonly<Record<Loss['kind'], Failure['kind']>> = {
  reset: 'connection-closed',
  refused: 'connection-error',
  status: 'status',
  timeout: 'timeout',
  'wrong-reply': 'wrong-reply',
};
