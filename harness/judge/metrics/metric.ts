/** What a metric is: how its figures come about, how they are shown, and whether anything is judged by them. */
import { z } from 'zod';
import type { Immutable, Measurement } from '../../store/schema.ts';

/** A figure over the trials of a cell. The trial is the unit: `trials` is how many there were. */
export const estimateSchema = z.object({
  /** Huber's estimate of location on the log scale: the odd trial out hardly moves it. */
  point: z.number(),
  /** Ends of the interval; both null with fewer than three trials. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** Confidence level of the interval. */
  level: z.number(),
  trials: z.int().min(1),
  /** Lowest and highest trial. */
  min: z.number(),
  max: z.number(),
});

export type Estimate = Immutable<z.infer<typeof estimateSchema>>;

/** How a figure is written: `cpu-ms` in the same unit in all of a table, `index` with three decimals. */
export type Format = 'figure' | 'percent' | 'cpu-ms' | 'bytes' | 'index';

export type MetricTable = 'results' | 'costs';

/** A column of a table, from what a summary holds of the metric. */
export interface MetricColumn<Value = unknown> {
  readonly table: MetricTable;
  /** The lines of the heading. The unit of CPU time is added to the last. */
  readonly head: readonly [string, string];
  readonly format: Format;
  /** Null where there is none, or the system does not tell. */
  of(value: Value): number | null;
  /** What not every cell has, such as a front: where no cell has it, all its columns are left out. */
  readonly part?: string;
}

/**
 * CPU per request is what a change shows in first, and in every service: at full load it takes as much of the error as the other metrics
 * of a cell together, so that they do not make it blunt. With this, and throughput with half of it, `compare` finds a change of 10% in
 * three trials as often as it did with these two alone.
 */
export const LEADING_WEIGHT = 4;

/** What cells are judged by. */
export interface Judged<Value = unknown> {
  /** In `summary.json` and in what `compare` prints. */
  readonly name: string;
  /** For a table or beside a figure. */
  readonly title: string;
  /** Where there is one line for everything: `+8.1% CPU`. */
  readonly short: string;
  readonly good: 'more' | 'less';
  /** `takes 8.1% more CPU per request`. */
  readonly words: { readonly verb: string; readonly less: string; readonly more: string; readonly what: string };
  /** Model against model. */
  readonly models: boolean;
  /** Base against head: at full load, or at given rates. */
  readonly runs: 'capacity' | 'rate' | null;
  /** Base against head: the least margin, as a share, of what matters less or varies more by itself; 0 where `--margin` alone decides. */
  readonly margin: number;
  /** Base against head: its part of the error that all comparisons together may make. */
  readonly weight: number;
  readonly figure: TrialFigure | LatencyFigure;
  /** It says what the server can do only where the server was the limit, in the trials that count. */
  readonly atLimit?: boolean;
  /** As the work of a request becomes more. */
  readonly withWork: 'grows' | 'shrinks' | 'apart';
  /**
   * What a slower machine makes of it: as much as of the same figure of the yardstick; what a queue makes of requests that take longer; or
   * nothing.
   */
  readonly machine: 'same' | 'queue' | 'apart';
  /** Names that `--require` takes; none where nothing can be required of it. */
  readonly required: readonly string[];
  /** Whether what two cells have of it is the same quantity; always, when left out. */
  isAlike?(a: Value, b: Value): boolean;
}

/**
 * Of the latencies of a trial: a percentile, or the mean of what lies beyond it. A percentile alone says nothing of requests that are
 * just so many as lie beyond it: where exactly 1% of them is slow, p99 is that of the others in one trial, and theirs in the next.
 */
export interface LatencyFigure {
  readonly kind: 'percentile' | 'beyond';
  readonly perMille: number;
}

/** One number of each trial. */
export interface TrialFigure {
  readonly kind: 'trial';
  /** Its key among the trials of a result. */
  readonly key: string;
  readonly unit: 'ms' | 'requests/s' | 'bytes' | 'ratio';
  /** Null where the system does not tell. */
  readonly read: (trial: Measurement) => number | null;
}

/** A field of the result of a cell. */
export interface Metric<
  Schema extends z.ZodType = z.ZodType,
  AtRates extends boolean = boolean,
  JudgedBy extends Judged<z.infer<Schema>> | null = Judged<z.infer<Schema>> | null,
> {
  /** Of the field in `summary.json`. */
  readonly schema: Schema;
  /** From the valid trials of a cell, of which there is at least one. */
  readonly over: (trials: readonly Measurement[]) => z.infer<Schema>;
  /** Whether it is told at given rates as well as at full load. */
  readonly atRates: AtRates;
  readonly columns: readonly MetricColumn<z.infer<Schema>>[];
  /** What its columns mean, for the foot of a report, by table. */
  readonly notes: Readonly<{ [Table in MetricTable]?: string }>;
  readonly judged: JudgedBy;
}

/** A metric as it is, of which the compiler then knows each part. */
export function metric<
  Schema extends z.ZodType,
  const AtRates extends boolean,
  const JudgedBy extends Judged<z.infer<Schema>> | null,
>(declared: Metric<Schema, AtRates, JudgedBy>): Metric<Schema, AtRates, JudgedBy> {
  return declared;
}
