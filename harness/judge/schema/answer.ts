/** What is known of the best model in one figure of a scenario, and which model is to be taken, as data. */
import { z } from 'zod';
import type { Immutable } from '../../store/schema.ts';
import { COSTS } from '../metrics/derived.ts';

export const ANSWERED = ['throughput', ...COSTS.map(({ name }) => name), 'latency-p50', 'latency-p99'] as const;

/**
 * One figure of all models that could be compared. All that it says holds together but for a chance of 5%. Behind is a share: of
 * the requests per second of the best, or of its cost or latency, by which that of the model is higher.
 */
export const answerSchema = z.object({
  metric: z.enum(ANSWERED),
  /** Requests per second that each was offered; null at full load. */
  offeredPerSec: z.number().positive().nullable(),
  /** Rounds that it rests on. */
  rounds: z.int().min(0),
  /** Ids of the cells that may be the best, the one with the best figure first; empty when early and late rounds contradict each other. */
  best: z.array(z.string()),
  /** Those that are at most the margin behind whichever is the best. The question is answered when there is one. */
  within: z.array(z.string()),
  /** Whether all of them are: what is left of a difference does not matter. */
  level: z.boolean(),
  models: z.array(
    z.object({
      /** Id. */
      cell: z.string(),
      /** null when nothing is known yet. */
      atMostBehind: z.number().min(0).nullable(),
      atLeastBehind: z.number().min(0),
    }),
  ),
  /** More rounds that would probably answer it: 0 when it is answered, null when more would not. */
  roundsToAnswer: z.int().nullable(),
});

/** Which model to take. */
export const decisionSchema = z.object({
  /** Id of a cell. */
  take: z.string(),
  /** What it is decided by. */
  metric: z.enum(ANSWERED),
  offeredPerSec: z.number().positive().nullable(),
  /** Those that are as good in this, of which it is one. */
  among: z.array(z.string()).min(1),
  /** Why it and none of the others. */
  why: z.enum(['only', 'cpu-per-request', 'peak-memory', 'simplest']),
});

export type Answer = Immutable<z.infer<typeof answerSchema>>;
export type Decision = Immutable<z.infer<typeof decisionSchema>>;
