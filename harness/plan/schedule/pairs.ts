/** In which order the two sides of every cell are measured. */
import { seedFrom } from '../../stats/arrivals.ts';
import { randomStream, shuffled } from '../../stats/random.ts';
import type { Cell, Manifest } from '../../store/schema.ts';

export type Side = NonNullable<Manifest['ab']>['side'];

export const SIDES: readonly [Side, Side] = ['base', 'head'];

/** One cell in one round, on both sides. */
export interface PairVisit {
  readonly cell: Cell;
  /** From 0. */
  readonly round: number;
  /** Which is measured first; where both run at once, which is started first. */
  readonly order: readonly [Side, Side];
}

/**
 * Every cell once, in an order that depends on seed and round alone, and its two sides next to each other: what the machine
 * does meanwhile then falls on both alike. Each side is first in one of every two rounds, so that being first is nobody's
 * advantage.
 */
export function pairVisits(cells: readonly Cell[], round: number, seed: number): readonly PairVisit[] {
  const random = randomStream(seedFrom(seed, 'ab', round));
  return shuffled(cells, random).map((cell) => ({ cell, round, order: sidesOf(cell, round, seed) }));
}

/** By chance in every other round, and the other way round in the next: a coin alone gives few rounds one order too often. */
function sidesOf(cell: Cell, round: number, seed: number): readonly [Side, Side] {
  const coin = randomStream(seedFrom(seed, 'ab-first', cell.id, Math.floor(round / 2)))() < 0.5;
  return coin === (round % 2 === 0) ? SIDES : ['head', 'base'];
}
