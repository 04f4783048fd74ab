import { seedFrom } from '../../stats/arrivals.ts';
import { randomStream, shuffled } from '../../stats/random.ts';
import type { Addition, Cell, Manifest } from '../../store/schema.ts';
import { isOfYardstick, YARDSTICK } from './yardstick.ts';

/** One trial to run. */
export interface Visit {
  readonly cell: Cell;
  /** From 0; of the yardstick, which is in every round of every batch, it counts through all of them. */
  readonly round: number;
  /** That of the cells beside it, where it has another number there. */
  readonly besideRound?: number;
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
 * every round visits the cells in an order of its own, and the yardstick somewhere among them.
 */
export function visitsOf(
  { cells, rounds, seed, yardstick }: Manifest,
  additions: readonly Addition[],
): readonly Visit[] {
  const batches = [...new Set(additions.map(({ batch }) => batch))].toSorted((a, b) => a - b);
  const planned = schedule(cells, rounds, seed);
  const inRounds = Array.from({ length: rounds }, (_, round) => planned.filter((visit) => visit.round === round));
  for (const batch of batches) {
    const random = randomStream(seedFrom(seed, 'batch', batch));
    const members = additions.filter((addition) => addition.batch === batch);
    const numbers = [...new Set(members.flatMap((addition) => addition.rounds))].toSorted((a, b) => a - b);
    for (const round of numbers) {
      const due = members
        .filter((addition) => addition.rounds.includes(round))
        .flatMap((addition) => addition.cells.filter(({ unable }) => unable === null));
      inRounds.push(inOrder(due, random).map((cell) => ({ cell, round, batch })));
    }
  }
  if (yardstick === null) return inRounds.flat();
  const alone = new Set(
    additions.flatMap(({ why, batch }) => (why.kind === 'slo' || why.kind === 'faults' ? [batch] : [])),
  );
  let round = -1;
  return inRounds.flatMap((visits) => {
    const [first] = visits;
    // Runs are compared neither by the trials of a search nor by faults.
    if (first === undefined || alone.has(first.batch ?? PLANNED)) return visits;
    round++;
    const place = Math.floor(randomStream(seedFrom(seed, YARDSTICK, round))() * (visits.length + 1));
    const { round: besideRound, batch } = first;
    return visits.toSpliced(place, 0, {
      cell: yardstick.cell,
      round,
      besideRound,
      ...(batch !== undefined && { batch }),
    });
  });
}

/** Instead of the number of a batch. */
const PLANNED = -1;

/** Of a cell in one of its rounds, the round of the yardstick that was measured beside it; null where none was. */
export function yardstickRounds(
  manifest: Manifest,
  additions: readonly Addition[],
): (cell: string, round: number) => number | null {
  const visits = visitsOf(manifest, additions);
  const placeOf = ({ batch, round, besideRound }: Visit): string => `${batch ?? PLANNED} ${besideRound ?? round}`;
  const own = new Map(
    visits.flatMap((visit) => (isOfYardstick({ cell: visit.cell.id }) ? [[placeOf(visit), visit.round] as const] : [])),
  );
  const known = new Map(
    visits.map((visit) => [`${visit.round} ${visit.cell.id}`, own.get(placeOf(visit)) ?? null] as const),
  );
  return (cell, round) => known.get(`${round} ${cell}`) ?? null;
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
