/** What two runs are compared by: a figure per trial, and for latency one of all trials together. */
import { type Distribution, distributionOf, meanFrom, mergedDistribution } from '../../stats/distribution.ts';
import { isSupported } from '../../stats/latency.ts';
import { locationOf } from '../../stats/location.ts';
import { runMetric } from '../metrics/derived.ts';
import type { LatencyFigure } from '../metrics/metric.ts';
import type { ChangeMetric } from '../schema/change.ts';
import { type CellPair, type CellSide, workRatio } from './cells.ts';

const US_PER_MS = 1000;

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

/** Those of these metrics that a cell is compared by: other ones at given rates than at full load, and none that no trial tells. */
export function metricsOf({ base, head }: CellPair, asked: readonly ChangeMetric[]): readonly ChangeMetric[] {
  const trials = [...base.valid, ...head.valid];
  return asked.filter((metric) => {
    const { runs, figure } = runMetric(metric);
    if (runs !== base.cell.load.kind) return false;
    return (
      figure.kind !== 'trial' || trials.length === 0 || trials.some((one) => figure.read(one.measurement) !== null)
    );
  });
}

/** Head is stated for requests of the size that base had. */
function figuresOf(pair: CellPair, metric: ChangeMetric): FigurePair {
  const work = Math.log(workRatio(pair));
  const scale = { shrinks: work, grows: -work, apart: 0 }[runMetric(metric).withWork];
  const head = sideFigures(pair.head, metric, 'at-least');
  const scaled = head.trials.map(({ round, log }) => ({ round, log: log + scale }));
  const base = sideFigures(pair.base, metric, 'unknown');
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

/**
 * What a latency is that lies among requests without a reply. In head it is taken for the time after which they were given up: it was
 * no less, so head is worse if it seems to be. In base nothing can be said.
 */
type WithoutReply = 'at-least' | 'unknown';

function sideFigures({ valid, counted }: CellSide, metric: ChangeMetric, withoutReply: WithoutReply): Figures {
  const { figure, atLimit } = runMetric(metric);
  if (figure.kind !== 'trial') return latencies(valid, figure, withoutReply);
  const trials = atLimit === true ? counted : valid;
  return plain(trials.map(({ round, measurement }) => ({ round, value: figure.read(measurement) ?? 0 })));
}

/** A figure of 0 has no logarithm: nothing was served, or the system does not tell. */
function plain(values: readonly { readonly round: number; readonly value: number }[]): Figures {
  const trials = values.flatMap(({ round, value }) => (value > 0 ? [{ round, log: Math.log(value) }] : []));
  return { trials, merged: null, lacking: trials.length < values.length ? 'trials without a figure above 0' : null };
}

function latencies(valid: CellSide['valid'], figure: LatencyFigure, withoutReply: WithoutReply): Figures {
  const samples = valid.map(({ round, measurement }) => {
    const all = distributionOf(measurement.latencyHistogram);
    return { round, all, unfinished: withoutReply === 'at-least' ? 0 : (measurement.open?.unfinished ?? 0) };
  });
  const trials = samples.flatMap(({ round, all, unfinished }) => {
    const log = logOf(all, unfinished, figure);
    return log === null ? [] : [{ round, log }];
  });
  const unfinished = samples.reduce((sum, one) => sum + one.unfinished, 0);
  const merged = logOf(mergedDistribution(samples.map(({ all }) => all)), unfinished, figure);
  if (trials.length === samples.length && merged !== null) return { trials, merged, lacking: null };
  const name = figure.kind === 'percentile' ? `p${figure.perMille / 10}` : 'a part of the slowest';
  const isSmall = samples.some(({ all }) => !isSupported(all.total, figure.perMille));
  const lacking = isSmall ? `a trial has too few requests for ${name}` : `${name} lies among requests without a reply`;
  return { trials: [], merged: null, lacking };
}

/** In milliseconds, as all times of metrics are. Null where the sample does not support the percentile, or where it, or what lies beyond it, is among the requests without a reply. */
function logOf(all: Distribution, unfinished: number, { kind, perMille }: LatencyFigure): number | null {
  if (all.total === 0 || !isSupported(all.total, perMille)) return null;
  const rank = Math.ceil((all.total * perMille) / 1000);
  const us = kind === 'percentile' ? all.atRank(rank) : meanFrom(all, rank + 1);
  const last = kind === 'percentile' ? rank : all.total;
  return last > all.total - unfinished || us <= 0 ? null : Math.log(us / US_PER_MS);
}
