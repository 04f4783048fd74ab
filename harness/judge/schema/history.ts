/** What `fourways history --format json` prints: series of runs, and where they change. */
import { z } from 'zod';
import type { Immutable } from '../../store/schema.ts';
import { changeMetricSchema } from './change.ts';
import { ratioSchema } from './summary.ts';

const pointSchema = z.object({
  /** With `+` at its end when something was not committed; null outside a git repository. */
  commit: z.string().nullable(),
  startedAt: z.iso.datetime(),
  /** Of fourways. */
  version: z.string(),
  /** In the unit of the metric, for requests of the size that the newest run has. */
  figure: z.number(),
  /** Ends of its 95% interval by its own trials; null with fewer than three. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  trials: z.int().min(1),
  /** What the figure would be had the machine been as fast as in the median run; null without a yardstick. */
  adjusted: z.number().nullable(),
});

const changePointSchema = z.object({
  /** Index of the first point at the new level. */
  at: z.int().min(1),
  /** The last run before and the first one after it, as they are named to readers. */
  between: z.object({ before: z.string(), after: z.string() }),
  /** New level ÷ old level. */
  ratio: ratioSchema,
  verdict: z.enum(['better', 'worse']),
  /** What else changed there, which may be the reason. */
  notes: z.array(z.string()),
  sentence: z.string(),
});

const seriesSchema = z.object({
  cell: z.string(),
  metric: changeMetricSchema,
  cpuModel: z.string(),
  cpus: z.number(),
  system: z.string(),
  node: z.string(),
  /** Workers, load, window and placement, in one line. */
  setting: z.string(),
  unit: z.enum(['ms', 'requests/s', 'bytes', 'ratio']),
  /** Whether changes were looked for relative to the yardstick. */
  isRelative: z.boolean(),
  /** The newest last. */
  points: z.array(pointSchema).min(1),
  changes: z.array(changePointSchema),
});

export const historySchema = z.object({
  tool: z.literal('fourways'),
  history: z.literal(1),
  branch: z.string(),
  runs: z.int().min(1),
  /** Those of a cell in turn, the newest last. */
  series: z.array(seriesSchema),
  /** What a reader must know beside the figures, a line each. */
  notes: z.array(z.string()),
  sentence: z.string(),
});

export type HistoryView = Immutable<z.infer<typeof historySchema>>;
export type HistorySeries = HistoryView['series'][number];
export type HistoryRun = HistorySeries['points'][number];
export type HistoryChange = HistorySeries['changes'][number];
