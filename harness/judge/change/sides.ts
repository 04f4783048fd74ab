/** Where both sides of a cell lie in one metric, each by its own trials; and what the cells of two runs share. */
import { difference, FEWEST_TRIALS, type Ratio, ratioOf } from '../../stats/estimate.ts';
import { LEAST_SCALE, type Location, locationOf } from '../../stats/location.ts';
import { type Located, moderated } from '../../stats/moderated.ts';
import type { FigurePair, Figures } from './figures.ts';

export interface Sides {
  readonly base: Located;
  readonly head: Located;
}

/** Null with fewer than three trials of a side. */
export function sidesOf({ base, head }: FigurePair): Sides | null {
  if (Math.min(base.trials.length, head.trials.length) < FEWEST_TRIALS) return null;
  return { base: locatedAt(base), head: locatedAt(head) };
}

function locatedAt({ trials }: Figures): Located {
  return locatedFrom(trials.map(({ log }) => log));
}

/** Throws on nothing. */
export function locatedFrom(logs: readonly number[]): Located {
  return { ...locationOf(logs, LEAST_SCALE), rounds: logs.length };
}

/**
 * The same cells, each knowing what the others of its scenario tell of the spread of trials: what disturbs a short request hardly
 * shows in a long one. The only one of a scenario knows what all tell. `scenarios` are those of the cells.
 */
export function sharing(cells: readonly (Sides | null)[], scenarios: readonly string[]): readonly (Sides | null)[] {
  const groups = new Map(
    [...new Set(scenarios)].map((id) => [id, scenarios.flatMap((one, i) => (one === id ? [i] : []))]),
  );
  const ofAll = sharingAll(cells);
  const ofOwn = new Map(
    [...groups.values()].flatMap((group) => {
      const own = group.length < 2 ? group.map((i) => ofAll[i]) : sharingAll(group.map((i) => cells[i] ?? null));
      return group.map((i, k) => [i, own[k] ?? null] as const);
    }),
  );
  return cells.map((_, i) => ofOwn.get(i) ?? null);
}

/** One that is alone learns nothing, not even from its other side. */
function sharingAll(cells: readonly (Sides | null)[]): readonly (Sides | null)[] {
  const known = cells.filter((sides) => sides !== null);
  if (known.length < 2) return cells;
  const shared = moderated(
    known.flatMap(({ base, head }) => [base, head]),
    'independent',
  );
  return cells.map((sides) => {
    if (sides === null) return null;
    const place = 2 * known.indexOf(sides);
    return { base: shared[place] ?? sides.base, head: shared[place + 1] ?? sides.head };
  });
}

/** head less base. */
export function changeOf({ base, head }: Sides): Location {
  return difference(head, base);
}

/** head ÷ base. */
export function ratioBetween(sides: Sides, level: number): Ratio {
  return ratioOf(changeOf(sides), level, trialsOf(sides));
}

/** Of the side that has fewer. */
export function trialsOf({ base, head }: Sides): number {
  return Math.min(base.rounds, head.rounds);
}
