/** What follows from the list of metrics: parts of schemas, what a summary holds, columns, and what is judged. */
import { z } from 'zod';
import type { Immutable, Measurement } from '../../store/schema.ts';
import { METRICS } from './index.ts';
import type { Judged, Metric, MetricColumn, MetricTable, TrialFigure } from './metric.ts';
import { LATENCIES, THROUGHPUT } from './served.ts';

type Declared = typeof METRICS;
type Key = keyof Declared;
type RateKey = { [K in Key]: Declared[K]['atRates'] extends true ? K : never }[Key];
type Schemas = { [K in Key]: Declared[K]['schema'] };

/** What the result of a cell holds of each metric. */
export type MetricValues = { readonly [K in Key]: Immutable<z.infer<Schemas[K]>> };

type Bound<K extends Key> = Metric<z.ZodType<MetricValues[K]>> & { readonly schema: Schemas[K] };

const byKey: { readonly [K in Key]: Bound<K> } = METRICS;
const keys = Object.keys(METRICS).filter((key): key is Key => key in METRICS);
const rateKeys = keys.filter((key): key is RateKey => METRICS[key].atRates);

/** Fields of a result at full load. */
export const metricSchemas: Schemas = withKeys(keys, (key) => byKey[key].schema);
/** Fields of a result at a given rate. */
export const rateMetricSchemas: Pick<Schemas, RateKey> = withKeys(rateKeys, (key) => byKey[key].schema);

/** `trials` are the valid ones of a cell, of which there is at least one. */
export function metricsOver(trials: readonly Measurement[]): MetricValues {
  return withKeys(keys, (key) => byKey[key].over(trials));
}

export function rateMetricsOver(trials: readonly Measurement[]): Pick<MetricValues, RateKey> {
  return withKeys(rateKeys, (key) => byKey[key].over(trials));
}

/** The columns of a table, from the whole result of a cell. */
export function metricColumns(table: MetricTable): readonly MetricColumn<MetricValues>[] {
  const columnsOf = <K extends Key>(key: K): readonly MetricColumn<MetricValues>[] =>
    byKey[key].columns.map((column) => ({ ...column, of: (result) => column.of(result[key]) }));
  return keys.flatMap(columnsOf).filter((column) => column.table === table);
}

/** What the columns mean, in their order. */
export function metricNotes(table: MetricTable): readonly string[] {
  return keys.flatMap((key) => byKey[key].notes[table] ?? []);
}

type OwnJudged = NonNullable<Declared[Key]['judged']>;
type Cost = Extract<OwnJudged, { readonly models: true }>;
type TrialKey = Cost['figure']['key'];

const own = keys.flatMap((key): readonly OwnJudged[] => {
  const { judged } = METRICS[key];
  return judged === null ? [] : [judged];
});
const all = [THROUGHPUT, ...own, ...LATENCIES];

/** What model and model are compared by beside what they serve. */
export const COSTS = keys.flatMap((key) => {
  const { judged } = METRICS[key];
  return judged?.models === true ? [{ ...judged, isAlike: alikeOf(key) }] : [];
});

function alikeOf<K extends Key>(key: K): (a: MetricValues, b: MetricValues) => boolean {
  const { judged } = byKey[key];
  return (a, b) => judged?.isAlike?.(a[key], b[key]) ?? true;
}

/** What each trial of a result holds of them. */
export const trialSchemas: { [K in TrialKey]: z.ZodNumber } = withKeys(
  COSTS.map(({ figure }) => figure.key),
  () => z.number(),
);

/** 0 where the system does not tell, of which there is no ratio. */
export function trialFigures(trial: Measurement): { readonly [K in TrialKey]: number } {
  return withKeys(
    COSTS.map(({ figure }) => figure.key),
    (key) => COSTS.find(({ figure }) => figure.key === key)?.figure.read(trial) ?? 0,
  );
}

/** What base and head are compared by. */
export const RUN_METRICS = all.flatMap((one) => (one.runs === null ? [] : [one]));
export type RunMetric = (typeof RUN_METRICS)[number]['name'];

export function runMetric(name: RunMetric): Judged & { readonly runs: 'capacity' | 'rate' } {
  const found = RUN_METRICS.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(`no metric ${name}`);
  return found;
}

/** Whether what two lists of trials have of it is the same quantity. Neither is empty. */
export function isSameQuantity(name: RunMetric, a: readonly Measurement[], b: readonly Measurement[]): boolean {
  return keys.every((key) => byKey[key].judged?.name !== name || isSameOf(key, a, b));
}

function isSameOf<K extends Key>(key: K, a: readonly Measurement[], b: readonly Measurement[]): boolean {
  const { judged, over } = byKey[key];
  return judged?.isAlike?.(over(a), over(b)) ?? true;
}

/** What `--require` may ask of a cell, beside its latencies and errors. */
export const REQUIRABLE = all.flatMap(({ required: names, good, figure, ...one }): readonly Requirable[] =>
  figure.kind === 'trial' && names.length > 0 ? [{ names, good, figure, atLimit: 'atLimit' in one }] : [],
);

export interface Requirable extends Pick<Judged, 'good'> {
  readonly names: readonly string[];
  readonly figure: TrialFigure;
  readonly atLimit: boolean;
}

/** An object with exactly these keys. */
function withKeys<K extends string, T extends { readonly [Key in K]: unknown }>(
  all: readonly K[],
  of: <One extends K>(key: One) => T[One],
): T {
  const made: Partial<T> = {};
  for (const key of all) made[key] = of(key);
  if (!isWhole(made)) throw new RangeError('a key is missing');
  return made;
  function isWhole(one: Partial<T>): one is T {
    return all.every((key) => key in one);
  }
}
