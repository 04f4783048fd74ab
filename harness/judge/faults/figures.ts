/** The valid trials of a cell with faults → what one fault costs it. The trial is the unit: its faults are not independent. */
import { countMean, difference, type Interval, times, within } from '../../stats/series/counts.ts';
import { estimateOf, LEVEL } from '../../stats/estimate.ts';
import { mean, median } from '../../stats/spread.ts';
import type { FaultRecord } from '../../store/schema.ts';
import type { FaultedModel } from '../schema/faults.ts';
import { type Aftermath, type Counts, type FaultsOfTrial, faultsOf, type Loss } from './trial.ts';

export type Figures = NonNullable<FaultedModel['figures']>;

/** The trials of a cell, read. */
export interface Faulted {
  readonly records: readonly FaultRecord[];
  readonly trials: readonly FaultsOfTrial[];
}

export function faultedOf(records: readonly FaultRecord[]): Faulted {
  return { records, trials: records.map(faultsOf) };
}

/** All faults of all trials. */
export function aftermaths({ trials }: Faulted): readonly Aftermath[] {
  return trials.flatMap(({ each }) => each);
}

/** What requests can be counted as. */
export type Harm = 'lost' | 'late';

/**
 * So many requests per fault, beyond those that it was before: their share of that time is subtracted, with what is not known of it. It
 * cannot be less than none, nor more than were due. Throws without a trial.
 */
export function harmOf(faulted: Faulted, harm: Harm, error: number): Interval {
  const { trials } = faulted;
  const after = trials.map(({ each }) => each.reduce((sum, one) => sum + one[harm], 0));
  const before = trials.map((one) => one.before[harm]);
  const own = countMean(after, error);
  const isClean = before.every((count) => count === 0);
  const beyond = isClean ? own : difference(own, times(countMean(before, error), dueRatio(faulted)));
  const perTrial = aftermaths(faulted).length / trials.length;
  const due = mean(aftermaths(faulted).map((one) => one.due));
  return within(times(beyond, 1 / perTrial), 0, due);
}

/** Null without a trial. */
export function figuresOf(faulted: Faulted): Figures | null {
  const { records, trials } = faulted;
  const all = aftermaths(faulted);
  if (trials.length === 0 || all.length === 0) return null;
  const outages = all.map(({ outageMs }) => outageMs);
  const known = records.flatMap(({ workers }) => (workers === null ? [] : [workers]));
  const perFault = (sum: number): number => sum / all.length;
  const workersOf = (which: 'lost' | 'replaced'): number => perFault(known.reduce((sum, one) => sum + one[which], 0));
  return {
    lost: harmOf(faulted, 'lost', 1 - LEVEL),
    late: harmOf(faulted, 'late', 1 - LEVEL),
    seen: seenOf(faulted),
    closedIdle: perFault(all.reduce((sum, { closedIdle }) => sum + closedIdle, 0)),
    outageMs: { median: median(outages), longest: Math.max(...outages) },
    recoveryMs: recoveryOf(trials),
    recovered: all.filter(({ recoveryMs }) => recoveryMs !== null).length,
    down: records.filter(({ isUp }) => !isUp).length,
    workers: known.length < records.length ? null : { lost: workersOf('lost'), replaced: workersOf('replaced') },
  };
}

/** Requests that were due because of faults, for each that was due before them. */
function dueRatio({ trials }: Faulted): number {
  const before = trials.reduce((sum, one) => sum + one.before.due, 0);
  const after = trials.flatMap(({ each }) => each).reduce((sum, one) => sum + one.due, 0);
  return before === 0 ? 0 : after / before;
}

function seenOf(faulted: Faulted): Figures['seen'] {
  const { trials } = faulted;
  const all = aftermaths(faulted);
  const ratio = dueRatio(faulted);
  const counted = (counts: readonly Counts[], { kind, status }: Loss): number =>
    counts
      .flatMap(({ seen }) => seen)
      .reduce((sum, one) => sum + (one.kind === kind && one.status === status ? one.count : 0), 0);
  const kinds = new Map(all.flatMap(({ seen }) => seen.map((one) => [`${one.kind} ${one.status}`, one])));
  return [...kinds.values()]
    .map((loss) => {
      const before = counted(
        trials.map((one) => one.before),
        loss,
      );
      return { kind: loss.kind, status: loss.status, mean: (counted(all, loss) - ratio * before) / all.length };
    })
    .filter((one) => one.mean > 0)
    .toSorted((a, b) => b.mean - a.mean);
}

/**
 * Null where more than half of the faults were not over at the end. Others of which that is so count as if they had been over by then, so
 * that the figure is one that it takes at least. Nothing lasts less than no time, nor longer than it was watched.
 */
function recoveryOf(trials: readonly FaultsOfTrial[]): Interval | null {
  const all = trials.flatMap(({ each }) => each);
  const recovered = all.filter(({ recoveryMs }) => recoveryMs !== null).length;
  if (2 * recovered < all.length) return null;
  const values = trials.flatMap(({ each }) =>
    each.length === 0 ? [] : [mean(each.map(({ recoveryMs, restMs }) => recoveryMs ?? restMs))],
  );
  const { point, low, high, min, max } = estimateOf(values);
  return within({ point, low: low ?? min, high: high ?? max }, 0, Math.max(...all.map(({ restMs }) => restMs)));
}
