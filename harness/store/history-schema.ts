/** A line of a history: what is kept of one run, as a schema. */
import { z } from 'zod';
import type { Immutable } from './schema.ts';

/** Raised when an older reader could misread a newer line. */
export const HISTORY_VERSION = 1;

/** Where the trials of a run lie on the scale of the natural logarithm. */
const placeSchema = z.object({
  log: z.number(),
  /** Of it; null with a single trial. */
  standardError: z.number().min(0).nullable(),
  trials: z.int().min(1),
});

/** By the name of the metric. Those that a newer fourways has are kept and not shown. */
const placesSchema = z.record(z.string(), placeSchema);

const historyCellSchema = z.object({
  id: z.string().min(1),
  /** What must be the same for figures to be of one series: workers, load, window, placement. In one line. */
  setting: z.string(),
  /** Apart, because a run that is not told finds them for itself, and not always the same. */
  connections: z.int().min(1),
  /** Work units per request, where the run calibrated them; null where work is not sized. */
  work: z.number().positive().nullable(),
  figures: placesSchema,
});

export const historyLineSchema = z.object({
  type: z.literal('run'),
  tool: z.literal('fourways'),
  history: z.literal(HISTORY_VERSION),
  startedAt: z.iso.datetime(),
  branch: z.string().min(1),
  /** Of the folder in which the run was started, or of the head of an `ab`; null outside a git repository. */
  commit: z.object({ id: z.string().min(1), dirty: z.boolean() }).nullable(),
  /** Of fourways. */
  version: z.string(),
  node: z.string(),
  machine: z.object({ cpuModel: z.string(), cpus: z.number().positive(), system: z.string() }),
  cells: z.array(historyCellSchema),
  /** What shows how fast the machine was, measured in the same rounds; null without it. Other work is another yardstick. */
  yardstick: z.object({ setting: z.string(), figures: placesSchema }).nullable(),
});

export type HistoryLine = Immutable<z.infer<typeof historyLineSchema>>;
export type HistoryCell = HistoryLine['cells'][number];
export type HistoryPlace = Immutable<z.infer<typeof placeSchema>>;
