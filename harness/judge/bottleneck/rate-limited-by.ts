/** What held a trial of an open loop back: nothing but the rate that was offered, if all is well. */
import { latenciesIn } from '../../stats/latency.ts';
import type { Measurement } from '../../store/schema.ts';
import { isOpen, type RateSamples, rateSamplesOf } from '../samples.ts';
import type { LimitedBy } from '../schema/capacity.ts';
import { msFigure, rateFigure } from '../words.ts';
import { type Cause, type Circumstances, CPU_CAUSES, mean, percent, upstreamBusy } from './causes.ts';
import { cpuShares } from './cpu-shares.ts';

/** The generator's own lateness is part of every latency. It matters from this share of one on, */
const LATE_SHARE = 0.1;
/** and from these figures on: nobody decides anything by less. Waking a thread takes 0.1 ms, and 0.2 ms in a virtual machine. */
const LATE_MS = { p50: 0.3, p90: 0.6, p99: 1 } as const;

const CAUSES: readonly (readonly [LimitedBy['by'], Cause])[] = [
  ...CPU_CAUSES,
  ['upstream', upstreamBusy],
  ['connections', waitedForConnection],
  ['unclear', behind],
];

/** The first cause that applies; `offered-rate` when none does. `samples` are those of the trial. */
export function rateLimitedBy(
  measurement: Measurement,
  circumstances: Circumstances,
  samples = isOpen(measurement) ? rateSamplesOf(measurement) : null,
): LimitedBy {
  const evidence = samples === null ? null : lateText(samples);
  return evidence === null ? limitedByOthers(measurement, circumstances) : { by: 'generator', evidence };
}

/** As `rateLimitedBy`, whether or not the generator was late: of that, all trials together tell more than each of them. */
export function limitedByOthers(measurement: Measurement, circumstances: Circumstances): LimitedBy {
  const cpus = cpuShares(measurement, circumstances);
  for (const [by, cause] of CAUSES) {
    const evidence = cause(measurement, cpus, circumstances);
    if (evidence !== null) return { by, evidence };
  }
  const workers = mean(measurement.server.workers.map(({ utilisation }) => utilisation));
  return {
    by: 'offered-rate',
    evidence: `workers were busy ${percent(workers)} of the time, and nothing was at its end`,
  };
}

/** Whether latencies with this label are those of the server. Beyond its capacity they are, and grow with the window. */
export function isServers({ by }: LimitedBy): boolean {
  switch (by) {
    case 'offered-rate':
    case 'workers':
    case 'front':
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

/**
 * Whether a generator's own lateness is not small, against the class of requests that is answered fastest: at the highest
 * percentile that both samples support, because that is the one that models are compared by. In words with figures; null when
 * it is small. The samples may be those of several trials, for a percentile that none of them has requests enough for.
 */
export function lateText({ latency, sendDelay, classes }: RateSamples): string | null {
  const delay = latenciesIn(sendDelay);
  const latencies = classes.length === 0 ? [latenciesIn(latency)] : classes.map((one) => latenciesIn(one.latency));
  for (const percentile of ['p99', 'p90', 'p50'] as const) {
    const known = latencies.flatMap((one) => one?.[percentile] ?? []);
    const own = delay?.[percentile] ?? null;
    if (own === null || known.length === 0) continue;
    const whole = Math.min(...known);
    if (own <= Math.max(LATE_MS[percentile], LATE_SHARE * whole)) return null;
    return `the generator itself sent late: ${percentile} ${msFigure(own, 2)} of a latency of ${msFigure(whole)}`;
  }
  return null;
}

function waitedForConnection({ open }: Measurement): string | null {
  if (open === null || open.connections.waited === 0) return null;
  return `${open.connections.waited} of ${open.due} requests found all ${open.connections.most} connections in use`;
}

function behind({ open, windowMs }: Measurement): string | null {
  const why = open === null ? null : fellBehind(open, windowMs);
  return why === null ? null : `it ${why}, and nothing was at its end`;
}

/** A server that answers less than this share of what is due does not keep up. */
const KEPT_UP = 0.95;

/** The server left more requests unanswered by the end of the window than chance does. In words with figures; null when it kept up. */
export function fellBehind(
  { due, backlog, unfinished }: Pick<NonNullable<Measurement['open']>, 'due' | 'backlog' | 'unfinished'>,
  windowMs: number,
): string | null {
  // What was given up for want of a reply is no longer waiting, and was not answered either.
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
