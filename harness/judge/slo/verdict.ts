/** Whether one trial at a rate met the SLO. Derived from the record of the trial alone. */
import type { LatencyLimit, Slo } from '../../plan/options/slo.ts';
import { distributionOf } from '../../stats/distribution.ts';
import type { Measurement } from '../../store/schema.ts';
import { fellBehind, isClearly } from '../bottleneck/limited-by.ts';
import type { LimitedBy } from '../schema/capacity.ts';
import { limitName, msFigure, rateFigure, unequalMs } from '../words.ts';

export type SloVerdict =
  | { readonly kind: 'met' }
  /** `why` has the figures, in one line. */
  | { readonly kind: 'broken'; readonly why: string }
  | { readonly kind: 'untold'; readonly why: string };

type Open = NonNullable<Measurement['open']>;

/** Requests that may be slower than each percentile, of a thousand: whole numbers, because 1 - 0.999 is not quite a thousandth. */
const BEYOND_PER_THOUSAND = { p50: 500, p90: 100, p99: 10, p999: 1 } as const;
/** A percentile takes so many requests beyond it. With fewer, a single slow request decides. */
const REQUESTS_BEYOND = 5;
/** Histograms have three significant digits: what is above a limit by less than this may have been recorded at it. */
const PRECISION = 1e-3;
const US_PER_MS = 1000;
/** Arrivals are random: this much more than the mean time until there are enough. */
const DURATION_MARGIN = 1.2;
/** The longest that --duration may be. */
const LONGEST_SEC = 600;

/**
 * Judges one trial. A broken limit comes before one that cannot be judged, because one broken limit is enough; `met` takes
 * every limit. A broken limit counts against the server only when the server was the cause: with the generator late,
 * other programs on the CPUs or the harness out of connections it is `untold`. Limits that were met in spite of that were met.
 */
export function sloVerdict(
  measurement: Measurement,
  offeredPerSec: number,
  slo: Slo,
  limitedBy: LimitedBy,
): SloVerdict {
  const { open, windowMs } = measurement;
  if (open === null) return untold('the trial did not record an open loop');
  if (open.due === 0) return untold('no request was due within the window; give a longer --duration');
  const verdicts = slo.limits.map((limit) => latencyVerdict(limit, measurement, open));
  const all = [...verdicts, errorsVerdict(open, slo.errors), backlogVerdict(open, windowMs)];
  const broken = all.find(({ kind }) => kind === 'broken');
  if (broken?.kind === 'broken') return unlessExternal(broken, limitedBy);
  const missing = (offeredPerSec * windowMs) / 1000 - open.due;
  if (isClearly(missing, open.due + missing)) {
    const due = rateFigure((open.due * 1000) / windowMs);
    return untold(`only ${due} of ${rateFigure(offeredPerSec)} requests/s were offered`);
  }
  return all.find(({ kind }) => kind === 'untold') ?? { kind: 'met' };
}

/**
 * A percentile is over its limit when more requests took longer than the limit than may lie beyond the percentile (the
 * nearest rank). With n requests that is n·(1-p). Below 5 the percentile cannot be met for certain, but it can be
 * broken: 5 requests over the limit are then a larger share than 1-p.
 */
function latencyVerdict(limit: LatencyLimit, measurement: Measurement, open: Open): SloVerdict {
  const { requestClass, percentile, limitMs } = limit;
  const part = requestClass === null ? measurement : open.classes.find(({ name }) => name === requestClass);
  if (part === undefined) return untold(`there is no request class ${requestClass}`);
  const { total: requests, atRank } = distributionOf(part.latencyHistogram);
  const beyond = Math.floor((requests * BEYOND_PER_THOUSAND[percentile]) / 1000);
  const isKnown = beyond >= REQUESTS_BEYOND;
  // It takes one more than may lie beyond to be over the limit.
  const decisive = isKnown ? beyond + 1 : REQUESTS_BEYOND;
  const ms = requests < decisive ? 0 : atRank(requests - decisive + 1) / US_PER_MS;
  if (ms <= limitMs * (1 + PRECISION)) {
    return isKnown ? { kind: 'met' } : untold(tooFew(limit, requests, measurement.windowMs));
  }
  if (isKnown) {
    const isTimeOut = ms >= open.timeoutMs * (1 - PRECISION);
    return broken(`${limitName(limit)} was ${overText(ms, limitMs, isTimeOut)}`);
  }
  const share = `${REQUESTS_BEYOND} of ${requests} requests`;
  return broken(`${limitName(limit)} is over: ${share} took ${overText(ms, limitMs, true)}`);
}

/** `143 ms, over 100 ms`. A request without a reply is recorded as the time-out, so the truth is that or more. */
function overText(ms: number, limitMs: number, orMore: boolean): string {
  const [figure, limit] = unequalMs(ms, limitMs);
  return `${figure}${orMore ? ' or more' : ''}, over ${limit}`;
}

function errorsVerdict({ due, errors, unfinished, timeoutMs }: Open, allowed: number): SloVerdict {
  const failed = errors + unfinished;
  if (failed / due <= allowed) return { kind: 'met' };
  const silent = unfinished === 0 ? '' : `, ${unfinished} of them without a reply within ${msFigure(timeoutMs)}`;
  const over =
    allowed === 0 ? '' : `, over ${(100 * allowed).toLocaleString('en-US', { maximumSignificantDigits: 6 })}%`;
  return broken(`${failed} of ${due} requests failed${silent}${over}`);
}

/** What is due and not answered has grown within the window, so latency would grow with a longer one. */
function backlogVerdict(open: Open, windowMs: number): SloVerdict {
  const why = fellBehind(open, windowMs);
  return why === null ? { kind: 'met' } : broken(why);
}

/** Only `generator`, `machine` and `connections` say that the cause was outside the server and the services it needs. */
function unlessExternal(verdict: SloVerdict & { kind: 'broken' }, { by, evidence }: LimitedBy): SloVerdict {
  switch (by) {
    case 'generator':
      return untold(`${verdict.why}, but the load generator was saturated: ${evidence}`);
    case 'machine':
      return untold(`${verdict.why}, but the server did not have its CPUs to itself: ${evidence}`);
    case 'connections':
      return untold(`${verdict.why}, but the harness opened no more connections: ${evidence}`);
    case 'workers':
    case 'front':
    case 'thread-pool':
    case 'server':
    case 'offered-rate':
    case 'upstream':
    case 'unclear':
      return verdict;
    default:
      return by satisfies never;
  }
}

/** How many requests there would have to be, and the way to get them. */
function tooFew(limit: LatencyLimit, requests: number, windowMs: number): string {
  const needed = Math.ceil((REQUESTS_BEYOND * 1000) / BEYOND_PER_THOUSAND[limit.percentile]);
  const were = `${limitName(limit)} takes ${needed.toLocaleString('en-US')} requests, and there were ${requests}`;
  if (requests === 0) return `${were}; give a longer --duration`;
  const sec = Math.ceil((DURATION_MARGIN * needed * windowMs) / requests / 1000);
  return sec > LONGEST_SEC ? `${were}; give a lower percentile` : `${were}; give --duration ${sec}s`;
}

function broken(why: string): SloVerdict {
  return { kind: 'broken', why };
}

function untold(why: string): SloVerdict {
  return { kind: 'untold', why };
}
