/** The claims of this repository and what was found of each, as they lie in `docs/claims`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Claim, parseClaim } from '../../harness/claims/claim.ts';
import { findingSchema } from '../../harness/claims/decide.ts';
import type { Immutable } from '../../harness/store/schema.ts';
import { packageFolder } from '../../harness/version.ts';

export const FOLDER = fileURLToPath(new URL('docs/claims/', packageFolder()));
export const OUTCOMES = join(FOLDER, 'outcomes.json');
/** That of the repository. */
export const README = fileURLToPath(new URL('README.md', packageFolder()));

const repetitionSchema = findingSchema.extend({
  startedAt: z.iso.datetime(),
  node: z.string(),
  cpuModel: z.string(),
  cpus: z.int().min(1),
});

/** By the name of the claim. The run file that is kept is that of the first repetition. */
export const outcomesSchema = z.record(
  z.string(),
  z.object({
    /** Command and predicate, as text: what was measured for another one does not count. */
    asked: z.string(),
    repetitions: z.array(repetitionSchema).min(1),
  }),
);
export type Outcomes = Immutable<z.infer<typeof outcomesSchema>>;
export type Outcome = Outcomes[string];
export type Repetition = Immutable<z.infer<typeof repetitionSchema>>;

const notDecidableSchema = z.array(
  z.strictObject({
    /** In our own words. */
    claim: z.string(),
    source: z.strictObject({ name: z.string().min(1), url: z.url().nullable() }),
    why: z.string(),
  }),
);
export type NotDecidable = Immutable<z.infer<typeof notDecidableSchema>>;

/** Claims that no run of this repository can decide. */
export function readNotDecidable(): NotDecidable {
  return notDecidableSchema.parse(JSON.parse(readFileSync(join(FOLDER, 'not-decidable.json'), 'utf8')));
}

/** Every claim, in the order of its name. Throws UserError. */
export function readClaims(): readonly Claim[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .toSorted()
    .map((file) => parseClaim(file.slice(0, -'.md'.length), readFileSync(join(FOLDER, file), 'utf8')));
}

/** Of those claims that still ask what was measured. */
export function readOutcomes(claims: readonly Claim[]): Outcomes {
  if (!existsSync(OUTCOMES)) return {};
  const stored = outcomesSchema.parse(JSON.parse(readFileSync(OUTCOMES, 'utf8')));
  const isCurrent = (name: string, asked: string): boolean =>
    claims.some((claim) => claim.name === name && askedBy(claim) === asked);
  return Object.fromEntries(Object.entries(stored).filter(([name, { asked }]) => isCurrent(name, asked)));
}

/**
 * The first repetition that was made with another Node.js or on another CPU than those that are to be added, null where there is none
 * or nothing to add: repetitions of one claim are of one machine.
 */
export function elsewhere(
  repetitions: readonly Repetition[],
  repeat: number,
  here: Pick<Repetition, 'node' | 'cpuModel'>,
): Repetition | null {
  if (repetitions.length >= repeat) return null;
  return repetitions.find(({ node, cpuModel }) => node !== here.node || cpuModel !== here.cpuModel) ?? null;
}

export function askedBy({ command, decidedBy }: Claim): string {
  return JSON.stringify([command, decidedBy]);
}

export const runOf = (name: string): string => join(FOLDER, 'runs', `${name}.ndjson`);
export const imageOf = (name: string): string => join(FOLDER, 'images', `${name}.svg`);
