/** A public claim, as `docs/claims/<name>.md` holds it: prose, and what decides it as a block of JSON. */
import { z } from 'zod';
import { UserError } from '../errors.ts';
import type { Immutable } from '../store/schema.ts';

/** What the claim says of a figure: from `from` to `to`, both included; null where it has no end. */
const RANGE = { from: z.number().nullable(), to: z.number().nullable() } as const;
const ABOUT = { scenario: z.string(), model: z.string() } as const;
const MODE = { connectionMode: z.enum(['keep-alive', 'per-request']) } as const;

const decidedBySchema = z.discriminatedUnion('kind', [
  /** A figure of one model as a multiple of that of another, as the run compares them. */
  z.strictObject({
    kind: z.literal('ratio'),
    ...ABOUT,
    against: z.string(),
    metric: z.enum(['throughput', 'cpu-per-request', 'peak-memory']),
    ...MODE,
    ...RANGE,
  }),
  /** A percentile of latency at a share of capacity that both were offered, as a multiple of that of another model. */
  z.strictObject({
    kind: z.literal('latency'),
    ...ABOUT,
    against: z.string(),
    percentile: z.enum(['p50', 'p90', 'p99']),
    requestClass: z.string(),
    share: z.number().positive(),
    ...RANGE,
  }),
  /** Requests per second, as they were measured. */
  z.strictObject({ kind: z.literal('requests-per-sec'), ...ABOUT, ...MODE, ...RANGE }),
  /** What the CPUs can do at most, as a multiple of what a model served: no model can be further ahead of it. */
  z.strictObject({ kind: z.literal('most-possible'), ...ABOUT, ...MODE, ...RANGE }),
]);

export const claimSchema = z.strictObject({
  /** Who says so. A source whose address is not known has none. */
  source: z.strictObject({ name: z.string().min(1), url: z.url().nullable() }),
  /** Arguments of `fourways run`. */
  command: z.array(z.string()).min(1),
  /** The oldest Node.js that can run it; null for any that fourways runs on. */
  needsNode: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/)
    .nullable(),
  decidedBy: decidedBySchema,
  /** The chart that shows it. */
  chart: z.enum(['throughput', 'cpu-per-request', 'memory', 'latency-at-rate']),
});

export type DecidedBy = Immutable<z.infer<typeof decidedBySchema>>;

export interface Claim extends Immutable<z.infer<typeof claimSchema>> {
  readonly name: string;
  /** In our own words: the title of its page. */
  readonly title: string;
}

const BLOCK = /^```json claim\n(.*?)^```$/ms;

/** Reads a page. Throws a UserError that names the file and the key. */
export function parseClaim(name: string, page: string): Claim {
  const wrong = (what: string): UserError => new UserError(`docs/claims/${name}.md: ${what}`);
  const [, title] = /^# (.+)$/m.exec(page) ?? [];
  if (title === undefined) throw wrong('it has no title; write the claim as # and one sentence');
  const [, block] = BLOCK.exec(page) ?? [];
  if (block === undefined) throw wrong('it does not say what decides it; add a block ```json claim');
  const parsed = claimSchema.safeParse(jsonOf(block, wrong));
  if (parsed.success) return { name, title, ...parsed.data };
  const [issue] = parsed.error.issues;
  throw wrong(`${issue?.path.join('.') ?? 'claim'}: ${issue?.message}`);
}

function jsonOf(text: string, wrong: (what: string) => UserError): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw wrong(`its block is not JSON, ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Whether a Node.js is at least that old. */
export function isNewEnough(version: string, needed: string | null): boolean {
  if (needed === null) return true;
  const [own, least] = [version, needed].map((text) => text.split('.').map(Number));
  for (const [i, part] of (least ?? []).entries()) {
    const mine = own?.[i] ?? 0;
    if (mine !== part) return mine > part;
  }
  return true;
}
