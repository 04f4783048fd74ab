/** What `summary.json` holds: everything derived from a run file that a reader or a report needs. */
import { z } from 'zod';
import { environmentSchema, placementSchema } from '../../store/environment-schema.ts';
import { limitSchema } from '../../store/limit-schema.ts';
import { connectionModeSchema } from '../../store/load-schema.ts';
import { failureSchema, type Immutable, SCHEMA_VERSION, styleSchema } from '../../store/schema.ts';
import { COSTS } from '../metrics/derived.ts';
import { answerSchema, decisionSchema } from './answer.ts';
import { resultSchema } from './capacity.ts';
import { faultSummarySchema } from './faults.ts';
import { latencySummarySchema } from './rate.ts';
import { requirementSchema } from './requirement.ts';
import { seriesSummarySchema } from './series.ts';

export type { Estimate } from '../metrics/metric.ts';
export type { CellResult, LimitedBy } from './capacity.ts';

export const cellSummarySchema = z.object({
  id: z.string(),
  model: z.string(),
  style: styleSchema,
  /** Null where it is not known. */
  workers: z.int().min(1).nullable(),
  connections: z.int().min(1),
  connectionMode: connectionModeSchema,
  placement: placementSchema,
  trialsOk: z.int().min(0),
  /** Of the server's own doing: those that were measured again because others disturbed them are not among them. */
  trialsFailed: z.int().min(0),
  trialsDisturbed: z.int().min(0),
  /** Why the cell was given up: after failing again and again, or without a trial where it is `unable`. Null when it was not. */
  givenUp: failureSchema.nullable(),
  /** Whether the model cannot run the scenario, which was found before the first trial. */
  unable: z.boolean(),
  /** Of the requests within the windows of all valid trials, by class of request; empty where there is one class only. */
  mix: z.array(
    z.object({
      name: z.string(),
      /** Of those that were served, 0 to 1. */
      share: z.number(),
      /** By the weights of the scenario. */
      asked: z.number(),
    }),
  ),
  /** null when no trial is valid, or the cell was given up. */
  result: resultSchema.nullable(),
});

/** A ratio of two figures, with the interval of the level that the whole family of comparisons takes. */
export const ratioSchema = z.object({
  point: z.number(),
  low: z.number(),
  high: z.number(),
  level: z.number(),
  /** Rounds that both have in common. */
  trials: z.int(),
});

/** Two cells of one scenario set side by side. */
export const comparisonSchema = z.object({
  /** Ids of cells. */
  candidate: z.string(),
  baseline: z.string(),
  /**
   * Throughput where the server was the limit in both; the implied capacity where it was not. CPU time per request and
   * peak memory are what it costs: less of them is better.
   */
  metric: z.enum(['throughput', 'implied-capacity', ...COSTS.map(({ name }) => name)]),
  /** Candidate ÷ baseline, paired by round; null when the pair is invalid, or has fewer than three rounds in common. */
  ratio: ratioSchema.nullable(),
  /** Where the interval of the ratio lies against the margin. */
  verdict: z.enum(['better', 'worse', 'equivalent', 'inconclusive', 'invalid']),
  /** Rounds in all that would probably settle it; null when it is settled, or when more rounds would not. */
  roundsToSettle: z.int().nullable(),
  /** The figures behind the verdict, or what makes it invalid, in one line. */
  reason: z.string(),
  /** What to change, naming the flag; null when there is nothing to mend. */
  hint: z.string().nullable(),
});

/** What is wrong or worth knowing, as data: `code` for programs, the rest for people. */
export const warningSchema = z.object({
  code: z.enum([
    'buffered',
    'oversubscribed',
    'uneven-connections',
    'unsteady',
    'not-ranked',
    'failed-trials',
    'given-up',
    'unable',
    'disturbed',
    'over-limit',
    'drift',
    'shared-cpus',
    'no-taskset',
    'quota',
    'governor',
    'load',
    'steal',
    'clock-step',
    'memory-fallback',
    'no-thread-times',
    'late-generator',
    'lost-before',
    'behind',
    'rate-capped',
    'unfinished',
    'few-samples',
    'judged-anew',
    'one-launch',
    'one-worker',
  ]),
  message: z.string(),
  nextStep: z.string(),
});

export const summarySchema = z.object({
  tool: z.literal('fourways'),
  schema: z.literal(SCHEMA_VERSION),
  version: z.string(),
  startedAt: z.iso.datetime(),
  preset: z.string(),
  seed: z.int(),
  rounds: z.int().min(1),
  /** Time that the run had to settle its verdicts; null when the number of rounds was given. */
  budgetMs: z.number().nullable(),
  /** A ratio this near to 1, or nearer, makes no difference that matters. */
  margin: z.number(),
  complete: z.boolean(),
  environment: environmentSchema,
  placement: placementSchema,
  /** Share of CPU time that the hypervisor took from this machine while it measured; null where the system does not tell. */
  steal: z.object({ median: z.number(), max: z.number() }).nullable(),
  /** By the yardstick, whose work is the same in every round; absent without three valid trials of it. */
  steadiness: z
    .object({
      rounds: z.int().min(1),
      /** CPU time of a request of the yardstick. */
      cpuMsPerRequest: z.number(),
      /** Standard deviation of that from round to round, as a share. */
      spread: z.number(),
      /** Change from the first round to the last, by a line through all of them; a share, above 0 where the machine became slower. */
      trend: z.number(),
      /** Whether that is more than the margin, and more than chance. */
      drifted: z.boolean(),
    })
    .optional(),
  scenarios: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      /** What a request asks for, such as `10 ms of CPU per request`; null when the scenario does not say. */
      inWords: z.string().nullable(),
      parameters: z.record(z.string(), z.number()),
      limit: limitSchema.nullable(),
      /** Whether its server and generators were given CPUs apart from each other, though those of the run share theirs. */
      pinned: z.boolean(),
      /** The answer in plain words. */
      sentence: z.string(),
      /** What is known of the best in each figure; a figure in which fewer than two models can be compared has none. */
      answers: z.array(answerSchema),
      /** Which model to take; null where that is open. */
      decision: decisionSchema.nullable(),
      cells: z.array(cellSummarySchema).min(1),
      /** Every pair of cells that can run the scenario, the earlier one as the baseline; a pair whose throughput is invalid has a second entry. */
      comparisons: z.array(comparisonSchema),
      /** Latency at given rates; null when none was planned. */
      latency: latencySummarySchema.nullable(),
      /** What faults did to the models; absent where none were asked for. */
      faults: z.array(faultSummarySchema).optional(),
    }),
  ),
  /** What the points of each series say together; absent where nothing was varied. */
  series: z.array(seriesSummarySchema).optional(),
  warnings: z.array(warningSchema),
  failures: z.array(z.object({ cell: z.string(), round: z.int(), attempt: z.int(), reason: failureSchema })),
  /** What became of `--require`; absent when nothing was required. */
  requirements: z.array(requirementSchema).optional(),
});

export type CellSummary = Immutable<z.infer<typeof cellSummarySchema>>;
export type Comparison = Immutable<z.infer<typeof comparisonSchema>>;
export type Warning = Immutable<z.infer<typeof warningSchema>>;
export type Summary = Immutable<z.infer<typeof summarySchema>>;
export type ScenarioSummary = Summary['scenarios'][number];
