import { randomStream, shuffled } from '../stats/random.ts';
import type { Cell } from '../store/schema.ts';

/** One trial to run. */
export interface Visit {
  readonly cell: Cell;
  /** From 0. */
  readonly round: number;
}

/**
 * Every cell once per round, in an order that differs from round to round and depends on the seed alone. Drift of the
 * machine during a run then falls on all cells alike, instead of on whichever was measured last.
 */
export function schedule(cells: readonly Cell[], rounds: number, seed: number): readonly Visit[] {
  const random = randomStream(seed);
  return Array.from({ length: rounds }, (_, round) => shuffled(cells, random).map((cell) => ({ cell, round }))).flat();
}
