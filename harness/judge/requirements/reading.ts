/** The figure that a requirement is about, at one cell. */

import { type Estimate, estimateOf, FEWEST_TRIALS } from '../../stats/estimate.ts';
import { percentilesOf, type TrialLatencies } from '../../stats/percentiles.ts';
import type { Measurement, Trial } from '../../store/schema.ts';
import { isRankable, isServerLatency } from '../bottleneck/limited-by.ts';
import { measurementsOf, trialsOf } from '../cell/summary.ts';
import type { Requirable } from '../metrics/derived.ts';
import type { LimitedBy, Percentiles } from '../schema/capacity.ts';
import type { RateCell } from '../schema/rate.ts';
import type { CellSummary, Comparison } from '../schema/summary.ts';
import type { Figure } from './text.ts';

/** A figure with its interval, or why there is none. */
export type Reading =
  | {
      readonly kind: 'interval';
      readonly point: number;
      readonly low: number;
      /** null when the truth may be anything above `low`. */
      readonly high: number | null;
      /** What to know when the limit is broken; null when there is nothing. */
      readonly note: string | null;
    }
  | { readonly kind: 'count'; readonly point: number; readonly isLost: boolean }
  | { readonly kind: 'none'; readonly point: number | null; readonly why: string };

/** A figure of the server itself. `cell` is of capacity or of a rate. */
export function readingOf(
  figure: Exclude<Figure, { kind: 'ratio' }>,
  cell: CellSummary | RateCell,
  trials: readonly Trial[],
): Reading {
  const { result, trialsOk, trialsFailed, givenUp } = cell;
  if (givenUp !== null && 'unable' in cell && cell.unable) return none(`it cannot run this: ${givenUp.message}`);
  if (figure.kind === 'errors' && trialsOk + trialsFailed > 0) {
    return { kind: 'count', point: trialsFailed, isLost: result === null };
  }
  if (result === null) {
    if (givenUp !== null) return none(`it kept failing and was given up: ${givenUp.message}`);
    return none(trialsFailed > 0 ? 'no trial is valid' : 'it was not measured');
  }
  const note = heldBack(cell);
  switch (figure.kind) {
    case 'latency':
      return latency(figure, cell, trials, note);
    case 'metric':
      return metricReading(figure.metric, cell, trials, note);
    case 'errors':
      return none('it was not measured');
    default:
      return figure satisfies never;
  }
}

/** Throughput of the cell as a multiple of that of the other, from the comparison of both, whichever is its baseline. */
export function ratioReading(cell: string, other: string, comparisons: readonly Comparison[]): Reading {
  const found = comparisons.find(
    ({ candidate, baseline, metric }) =>
      metric === 'throughput' && [cell, other].every((id) => id === candidate || id === baseline),
  );
  if (found === undefined) return none('the two were not compared');
  const { ratio, candidate, reason, hint } = found;
  if (ratio === null) return none(hint === null ? reason : `${reason}; ${hint}`);
  const note = null;
  if (candidate === cell) return { kind: 'interval', point: ratio.point, low: ratio.low, high: ratio.high, note };
  return { kind: 'interval', point: 1 / ratio.point, low: 1 / ratio.high, high: 1 / ratio.low, note };
}

function reading({ point, low, high, trials }: Estimate, note: string | null): Reading {
  return low === null || high === null ? tooFewTrials(point, trials) : { kind: 'interval', point, low, high, note };
}

/** The percentile of the result. Where it has no upper end, the lower one may still show that a limit is broken. */
function latency(
  { percentile, requestClass }: Extract<Figure, { kind: 'latency' }>,
  cell: CellSummary | RateCell,
  trials: readonly Trial[],
  note: string | null,
): Reading {
  const figure = percentilesAt(cell, requestClass)?.[percentile] ?? null;
  if (figure === null) {
    const name = percentile === 'p999' ? 'p99.9' : percentile;
    const who = requestClass === null ? 'requests' : `requests of class ${requestClass}`;
    return none(`too few ${who} for ${name}; measure more rounds, or give a longer --duration`);
  }
  const { ms: point, low, high } = figure;
  if (low !== null && high !== null) return { kind: 'interval', point, low, high, note };
  const measurements = measurementsAt(cell, trials);
  const latencies = measurements.flatMap((one) => latenciesOf(one, requestClass));
  if (latencies.length < FEWEST_TRIALS) return tooFewTrials(point, latencies.length);
  // Some had no reply before the time-out. With the time-out as their latency the lower end still holds; there is no upper end.
  const atLeast = percentilesOf(
    latencies.map((one) => ({ ...one, unfinished: 0 })),
    measurements[0]?.open?.timeoutMs ?? null,
  )?.[percentile];
  if (typeof atLeast?.low !== 'number') return none('too many requests had no reply', point);
  return { kind: 'interval', point, low: atLeast.low, high: null, note };
}

/** Of all requests where there is a single class; null without a request of the class. */
function percentilesAt({ result }: CellSummary | RateCell, requestClass: string | null): Percentiles | null {
  if (result === null) return null;
  if ('latencyMs' in result) return result.latencyMs;
  const { classes, latency: ofAll } = result;
  if (requestClass === null || classes.length === 0) return ofAll;
  return classes.find(({ name }) => name === requestClass)?.latency ?? null;
}

function measurementsAt({ id }: CellSummary | RateCell, trials: readonly Trial[]): readonly Measurement[] {
  return measurementsOf(trialsOf(trials, id));
}

/** Empty where the trial has no request of the class. With a single class, all requests are of it. */
function latenciesOf({ latencyHistogram, open }: Measurement, requestClass: string | null): readonly TrialLatencies[] {
  const own = open?.classes.find(({ name }) => name === requestClass);
  if (own !== undefined) return [{ histogram: own.latencyHistogram, unfinished: own.unfinished }];
  const isAll = requestClass === null || (open?.classes.length ?? 0) < 2;
  return isAll ? [{ histogram: latencyHistogram, unfinished: open?.unfinished ?? 0 }] : [];
}

/** Of every valid trial, but for throughput at full load: there some do not count. */
function metricReading(
  { figure, atLimit }: Requirable,
  cell: CellSummary | RateCell,
  trials: readonly Trial[],
  note: string | null,
): Reading {
  const counted = cell.result !== null && 'requestsPerSec' in cell.result ? cell.result.trials : [];
  const counts = (i: number): boolean => !atLimit || counted[i]?.counted !== false;
  const values = measurementsAt(cell, trials).flatMap((one, i) => (counts(i) ? [figure.read(one)] : []));
  const known = values.filter((value) => value !== null);
  if (known.length < values.length) return none('the system does not tell');
  return reading(estimateOf(known), atLimit ? note : null);
}

/** What a reader must know about a broken limit: something other than the server may have broken it. */
function heldBack(cell: CellSummary | RateCell): string | null {
  const label: LimitedBy | undefined = cell.result?.limitedBy;
  if (label === undefined) return null;
  const isOwn = 'offeredPerSec' in cell ? isServerLatency(label) : isRankable(label);
  if (isOwn) return null;
  return label.by === 'unclear' ? 'no bottleneck was found' : `limited by the ${label.by}, not by the server`;
}

function tooFewTrials(point: number, trials: number): Reading {
  const there = trials === 1 ? '1 valid trial' : `${trials} valid trials`;
  return none(`${there}, and an interval takes ${FEWEST_TRIALS}; measure more rounds`, point);
}

function none(why: string, point: number | null = null): Reading {
  return { kind: 'none', point, why };
}
