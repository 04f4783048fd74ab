/** What `fourways compare` and `fourways ab` say of two runs, as a schema: verdicts by cell and metric. */
import { z } from 'zod';
import { type Immutable, SCHEMA_VERSION } from '../../store/schema.ts';
import { RUN_METRICS } from '../metrics/derived.ts';
import { ratioSchema } from './summary.ts';

/** What cells are compared by. Less of everything but throughput is better. */
export const changeMetricSchema = z.enum(RUN_METRICS.map(({ name }) => name));

/** What a gate makes of a comparison. */
const gateSchema = z.enum(['fail', 'untold', 'pass']);

/** `control`: not judged, because it is what the others are judged against. */
export const changeVerdictSchema = z.enum(['better', 'worse', 'equivalent', 'inconclusive', 'invalid', 'control']);

const sideSchema = z.object({
  /** How the run was named when it was given. */
  label: z.string(),
  startedAt: z.iso.datetime(),
  /** Of fourways. */
  version: z.string(),
  node: z.string(),
  cpuModel: z.string(),
  /** Of the folder in which the run was started; `+` at its end tells that something was not committed. */
  commit: z.string().nullable(),
});

export const changeComparisonSchema = z.object({
  metric: changeMetricSchema,
  /** Where base lies, in the unit of the metric: ms, requests per second, bytes; null without a trial that tells. */
  base: z.number().nullable(),
  /** head ÷ base; null when it is not known. */
  ratio: ratioSchema.nullable(),
  /** The same as a multiple of what the control did; null without a control. */
  relative: ratioSchema.nullable(),
  /** A ratio this near to 1, or nearer, makes no difference that matters: a share, of this metric. */
  margin: z.number(),
  verdict: changeVerdictSchema,
  /**
   * `fail`: shown to be worse by more than the limit, which is that of `--fail-above`, and the margin where there is none or it is
   * smaller. `untold`: not shown, and probably worse: by the estimate worse than the limit, and worse than no change by an interval that holds
   * for this comparison by itself, beyond each end of which the truth is in 1% of cases. So is CPU per request that is inconclusive where it
   * may be worse by more than the limit and 25 percentage points (`atMostWorse`). Null of what was not judged.
   */
  gate: gateSchema.nullable(),
  /** What is ruled out: head is worse by at most this share, 0 where it is better; null without a ratio. */
  atMostWorse: z.number().nullable(),
  /** The figures behind the verdict, or what stands in its way, in one line. */
  reason: z.string(),
  /** What to change, naming the flag; null when there is nothing to mend. */
  hint: z.string().nullable(),
  /** Trials of each side that would probably settle it; null when it is settled, or when more would not. */
  roundsToSettle: z.int().nullable(),
});

const trialsSchema = z.object({ count: z.int().min(0), failed: z.int().min(0) });

export const changeCellSchema = z.object({
  id: z.string(),
  /** Id of the scenario plan, such as `cpu:ms=10`. */
  scenario: z.string(),
  model: z.string(),
  /** Worse when any metric is worse; else the most that any of them says. */
  verdict: changeVerdictSchema,
  /** It works in base, and has no figures in head, by no fault of base: worse than slow, and never passed over. */
  lostInHead: z.boolean(),
  /** Two trials of head or more failed by themselves, and none of base did, or so few that chance explains it in less than 1% of cases. */
  failsInHead: z.boolean(),
  /** Valid and failed, apart from those of an `ab` that failed because the other side did. */
  trials: z.object({ base: trialsSchema, head: trialsSchema }),
  comparisons: z.array(changeComparisonSchema),
});

/** What got slower in a cell: the functions whose own time grew most, from profiles of both sides under the same load. */
const slowerCellSchema = z.object({
  /** Id of the cell. */
  cell: z.string(),
  /** Most grown first. Own time per request, in milliseconds. */
  functions: z.array(z.object({ name: z.string(), where: z.string(), baseMs: z.number(), headMs: z.number() })),
  /** Paths of `.cpuprofile` files. */
  profiles: z.object({ base: z.array(z.string()), head: z.array(z.string()) }),
});

export const changeSchema = z.object({
  tool: z.literal('fourways'),
  schema: z.literal(SCHEMA_VERSION),
  /** Of the fourways that measured head. */
  version: z.string(),
  base: sideSchema,
  head: sideSchema,
  /** Measured at two moments, round by round in turn, or both at the same time. */
  how: z.enum(['apart', 'rounds', 'duet']),
  /** That of CPU per request and throughput; other metrics have one of their own where it is larger. */
  margin: z.number(),
  /** Worse by no more than this share passes; null where the margin decides. */
  failAbove: z.number().nullable(),
  /**
   * `broken`: a cell that works in base is lost in head or fails there, nothing could be compared, or all became worse alike and nobody
   * knows why. Else what the worst comparison is. */
  outcome: z.enum(['pass', 'fail', 'untold', 'broken']),
  /** Comparisons that are judged together: all of their intervals hold with 95% confidence. */
  family: z.int().min(0),
  /** What is not the same in both runs. What needs force makes figures hard to compare. */
  differences: z.array(z.object({ what: z.string(), base: z.string(), head: z.string(), needsForce: z.boolean() })),
  /** What tells a change of the machine from one of the code; null without any. */
  control: z
    .object({
      /** Work that is the same in every run, built-in scenarios beside those of a user, cells that were named, or for each cell all others. */
      kind: z.enum(['yardstick', 'built-in', 'named', 'others']),
      /** Ids of cells. */
      cells: z.array(z.string()),
      /** head ÷ base of these cells together, by metric; null when it is not known. */
      moved: z.array(z.object({ metric: changeMetricSchema, ratio: ratioSchema.nullable() })),
    })
    .nullable(),
  /** What became worse, and why nobody knows whether it was the code or the machine, where nothing tells; null otherwise. */
  unexplained: z.string().nullable(),
  cells: z.array(changeCellSchema),
  /** Ids of cells that only one of the runs has. */
  onlyIn: z.object({ base: z.array(z.string()), head: z.array(z.string()) }),
  /** What a reader must know beside the verdicts, a line each. */
  notes: z.array(z.string()),
  /** The decision in one line, for whoever reads no more than that. */
  line: z.string(),
  /** What got slower, by cell; null where nothing was profiled. */
  slower: z.array(slowerCellSchema).nullable(),
  /** The command line that repeats it; null where nobody knows. */
  again: z.string().nullable(),
});

export type Change = Immutable<z.infer<typeof changeSchema>>;
export type ChangeCell = Change['cells'][number];
export type ChangeComparison = ChangeCell['comparisons'][number];
export type ChangeControl = NonNullable<Change['control']>;
export type ChangeMetric = z.infer<typeof changeMetricSchema>;
export type ChangeOutcome = Change['outcome'];
export type SlowerCell = NonNullable<Change['slower']>[number];
export type ChangeVerdict = z.infer<typeof changeVerdictSchema>;
export type Pairing = Change['how'];
