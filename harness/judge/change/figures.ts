/** What two runs are compared by: a figure per trial, and for latency one of all trials together. */
import { type Distribution, distributionOf, mergedDistribution } from '../../stats/distribution.ts';
import { isSupported } from '../../stats/latency.ts';
import { locationOf } from '../../stats/location.ts';
import { runMetric } from '../metrics/derived.ts';
import type { ChangeMetric } from '../schema/change.ts';
import { type CellPair, type CellSide, workRatio } from './cells.ts';

/** The figure of a trial, as its logarithm. */
export interface TrialFigure {
  readonly round: number;
  readonly log: number;
}

export interface Figures {
  /** None where a trial does not support the percentile: the others would be a choice among trials. */
  readonly trials: readonly TrialFigure[];
  /** Of all trials together, as its logarithm; null where it is to be taken from the single trials. */
  readonly merged: number | null;
  /** Why there are fewer trials than were measured; null when there are not. */
  readonly lacking: string | null;
}

/** Figures of one cell and metric in both runs. */
export interface FigurePair {
  /** Where the logarithms of base lie; 0 without any. */
  readonly level: number;
  readonly base: Figures;
  readonly head: Figures;
}

/** Those of these metrics that a cell is compared by: other ones at given rates than at full load. */
export function metricsOf({ base: { cell } }: CellPair, asked: readonly ChangeMetric[]): readonly ChangeMetric[] {
  return asked.filter((metric) => runMetric(metric).runs === cell.load.kind);
}

/** Head is stated for requests of the size that base had. */
function figuresOf(pair: CellPair, metric: ChangeMetric): FigurePair {
  const work = Math.log(workRatio(pair));
  const scale = { shrinks: work, grows: -work, apart: 0 }[runMetric(metric).withWork];
  const head = sideFigures(pair.head, metric);
  const scaled = head.trials.map(({ round, log }) => ({ round, log: log + scale }));
  const base = sideFigures(pair.base, metric);
  const level = base.trials.length === 0 ? 0 : locationOf(base.trials.map(({ log }) => log)).point;
  return { level, base, head: { ...head, trials: scaled } };
}

/** The same, read once for each cell and metric: histograms are large, and a control is that of many cells. */
export function figuresOnce(): typeof figuresOf {
  const known = new Map<string, FigurePair>();
  return (pair, metric) => {
    const key = `${metric} ${pair.id}`;
    const figures = known.get(key) ?? figuresOf(pair, metric);
    known.set(key, figures);
    return figures;
  };
}

function sideFigures({ valid, counted }: CellSide, metric: ChangeMetric): Figures {
  const { figure, atLimit } = runMetric(metric);
  if (figure.kind === 'percentile') return latencies(valid, figure.perMille);
  const trials = atLimit === true ? counted : valid;
  return plain(trials.map(({ round, measurement }) => ({ round, value: figure.read(measurement) ?? 0 })));
}

/** A figure of 0 has no logarithm: nothing was served, or the system does not tell. */
function plain(values: readonly { readonly round: number; readonly value: number }[]): Figures {
  const trials = values.flatMap(({ round, value }) => (value > 0 ? [{ round, log: Math.log(value) }] : []));
  return { trials, merged: null, lacking: trials.length < values.length ? 'trials without a figure above 0' : null };
}

function latencies(valid: CellSide['valid'], perMille: number): Figures {
  const samples = valid.map(({ round, measurement }) => {
    const all = distributionOf(measurement.latencyHistogram);
    return { round, all, unfinished: measurement.open?.unfinished ?? 0 };
  });
  const trials = samples.flatMap(({ round, all, unfinished }) => {
    const log = logAt(all, unfinished, perMille);
    return log === null ? [] : [{ round, log }];
  });
  const unfinished = samples.reduce((sum, one) => sum + one.unfinished, 0);
  const merged = logAt(mergedDistribution(samples.map(({ all }) => all)), unfinished, perMille);
  const isSmall = samples.some(({ all }) => !isSupported(all.total, perMille));
  const lacking = isSmall
    ? `a trial has too few requests for p${perMille / 10}`
    : `p${perMille / 10} lies among requests without a reply`;
  if (trials.length < samples.length || merged === null) return { trials: [], merged: null, lacking };
  return { trials, merged, lacking: null };
}

/** Null where the sample does not support the percentile, or where it lies among the requests without a reply. */
function logAt(all: Distribution, unfinished: number, perMille: number): number | null {
  if (all.total === 0 || !isSupported(all.total, perMille)) return null;
  const rank = Math.ceil((all.total * perMille) / 1000);
  const us = all.atRank(rank);
  return rank > all.total - unfinished || us <= 0 ? null : Math.log(us);
}
