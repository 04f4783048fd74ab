import { seedFrom } from '../../stats/arrivals.ts';
import { randomStream, shuffled } from '../../stats/random.ts';
import type { Addition, Cell, Manifest } from '../../store/schema.ts';

/** One trial to run. */
export interface Visit {
  readonly cell: Cell;
  /** From 0. */
  readonly round: number;
  /** Of the addition that it belongs to; absent for those of the manifest, which come first. */
  readonly batch?: number;
}

/**
 * Every cell once per round: the scenarios in an order that differs from round to round, and within each its models, because those
 * are compared and what the machine does changes from minute to minute. Both depend on the seed alone. Drift during a run falls on
 * all cells alike, instead of on whichever was measured last. Cells that cannot run are left out.
 */
export function schedule(cells: readonly Cell[], rounds: number, seed: number): readonly Visit[] {
  const random = randomStream(seed);
  const able = cells.filter(({ unable }) => unable === null);
  return Array.from({ length: rounds }, (_, round) => inOrder(able, random).map((cell) => ({ cell, round }))).flat();
}

/**
 * All visits of a run as far as it is planned: those of the manifest, then batch by batch what was added. In each batch
 * every round visits the cells in an order of its own.
 */
export function visitsOf({ cells, rounds, seed }: Manifest, additions: readonly Addition[]): readonly Visit[] {
  const batches = [...new Set(additions.map(({ batch }) => batch))].toSorted((a, b) => a - b);
  const added = batches.flatMap((batch) => {
    const random = randomStream(seedFrom(seed, 'batch', batch));
    const members = additions.filter((addition) => addition.batch === batch);
    const numbers = [...new Set(members.flatMap((addition) => addition.rounds))].toSorted((a, b) => a - b);
    return numbers.flatMap((round) => {
      const due = members
        .filter((addition) => addition.rounds.includes(round))
        .flatMap((addition) => addition.cells.filter(({ unable }) => unable === null));
      return inOrder(due, random).map((cell) => ({ cell, round, batch }));
    });
  });
  return [...schedule(cells, rounds, seed), ...added];
}

function inOrder(cells: readonly Cell[], random: () => number): readonly Cell[] {
  const scenarios = [...new Set(cells.map(({ scenario }) => scenario))];
  return shuffled(scenarios, random).flatMap((id) =>
    shuffled(
      cells.filter(({ scenario }) => scenario === id),
      random,
    ),
  );
}
