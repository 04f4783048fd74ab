/** `profiles/profiles.json` beside a run: where the CPU time of its cells went. No figure of the run comes from it. */
import { z } from 'zod';
import { type Immutable, SCHEMA_VERSION } from './schema.ts';

/** A function as called by those above it. Times in milliseconds per request. */
const frameSchema = z.object({
  name: z.string(),
  /** `lib/render.js:12`; empty for what has no source. */
  where: z.string(),
  selfMs: z.number(),
  totalMs: z.number(),
  /** In base, of an `ab`; null of a run. */
  baseSelfMs: z.number().nullable(),
  baseMs: z.number().nullable(),
  get children() {
    return z.array(frameSchema);
  },
});

const functionSchema = z.object({ name: z.string(), where: z.string(), ms: z.number() });

const profiledCellSchema = z.object({
  /** Id of the cell. */
  cell: z.string(),
  /** Names of the `.cpuprofile` files beside this one. */
  files: z.array(z.string()),
  /** What could not be profiled, a line each. */
  missing: z.array(z.string()),
  /** Own time, most first. */
  functions: z.array(functionSchema),
  /** Without those that take next to nothing; null when nothing was sampled. */
  frames: frameSchema.nullable(),
});

export const profilesSchema = z.object({
  tool: z.literal('fourways'),
  schema: z.literal(SCHEMA_VERSION),
  cells: z.array(profiledCellSchema),
});

export type Profiles = Immutable<z.infer<typeof profilesSchema>>;
export type ProfiledCell = Profiles['cells'][number];
export type ProfiledFunction = ProfiledCell['functions'][number];
export type ShownFrame = NonNullable<ProfiledCell['frames']>;
