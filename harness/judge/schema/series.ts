/** What is derived from the points of a series, as a schema. */
import { z } from 'zod';
import { connectionModeSchema } from '../../store/load-schema.ts';
import { type Immutable, seriesSchema } from '../../store/schema.ts';
import { answerSchema, decisionSchema } from './answer.ts';

const boundedSchema = z.object({ point: z.number(), low: z.number(), high: z.number() });

/** The Universal Scalability Law as it was fitted to one model, and how sure that is: 95% for all models of the series together. */
const lawSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('fitted'),
    /** Requests per second of one worker. */
    ofOne: z.number(),
    contention: boundedSchema,
    coherency: boundedSchema,
    /** Number of workers with the highest throughput; null where it is farther away than can be told. */
    peak: z.object({ point: z.number().nullable(), low: z.number(), high: z.number().nullable() }),
    /** The most workers that it was fitted to: beyond them it is extrapolated. */
    upTo: z.int(),
  }),
  /** Too few numbers of workers, or rounds. */
  z.object({ kind: z.literal('few') }),
  /** What was measured differs from the law by more than chance. */
  z.object({ kind: z.literal('misfit') }),
]);

/** The value from which on a model is ahead of the single process, at 95% for all models of the series together. */
const breakEvenSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('found'),
    value: z.number(),
    low: z.number().nullable(),
    high: z.number().nullable(),
    /** The least and the most at which both could be compared. */
    from: z.number(),
    to: z.number(),
  }),
  z.object({ kind: z.literal('ahead'), from: z.number(), to: z.number() }),
  z.object({ kind: z.literal('behind'), from: z.number(), to: z.number() }),
  z.object({ kind: z.literal('open') }),
]);

export const seriesSummarySchema = z.object({
  ...seriesSchema.shape,
  /** Over all cells of a series over workers; null for others, and where fewer than two can be compared. */
  answer: answerSchema.nullable(),
  /** Which model to take with how many workers; null where that is open, or not asked. */
  decision: decisionSchema.nullable(),
  models: z.array(
    z.object({
      model: z.string(),
      connectionMode: connectionModeSchema,
      /** Ids of its cells, in the order of the points. */
      cells: z.array(z.string()),
      /** How far each value is behind the best of this model, in requests per second; null for a series over a parameter. */
      standing: z
        .array(z.object({ value: z.number(), atMostBehind: z.number().nullable(), atLeastBehind: z.number() }))
        .nullable(),
      /** null where workers are not what varies, or the model has one. */
      law: lawSchema.nullable(),
      /** null where no parameter varies, and for the single process. */
      breakEven: breakEvenSchema.nullable(),
    }),
  ),
  /** In plain words. */
  sentence: z.string(),
});

export type SeriesSummary = Immutable<z.infer<typeof seriesSummarySchema>>;
export type SeriesModel = SeriesSummary['models'][number];
