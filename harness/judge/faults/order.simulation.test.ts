/** That a model is called worse without being so: four models that lose alike, or of which two do, with counts in clusters. */
import { describe, expect, test } from 'vitest';
import { clustered, poisson } from '../../stats/fixtures/counts.ts';
import { randomStream } from '../../stats/random.ts';
import { figuresOf, type Faulted } from './figures.ts';
import { type Contestant, placed } from './order.ts';

const RUNS = 400;
const NOTHING = { due: 1200, lost: 0, late: 0, seen: [] };

/** A model of which only the counts matter. */
function contestant(lost: readonly number[], late: readonly number[]): Contestant {
  const faulted: Faulted = {
    records: [],
    trials: lost.map((count, i) => ({
      before: NOTHING,
      each: [
        {
          ...{ due: 2400, lost: count, late: late[i] ?? 0, seen: [], closedIdle: 0 },
          ...{ outageMs: 0, recoveryMs: 0, restMs: 4000 },
        },
      ],
    })),
  };
  const figures = figuresOf(faulted);
  if (figures === null) throw new Error('there are no trials');
  return { faulted, figures };
}

function wrongRuns(n: number, mean: number, factor: number): number {
  const random = randomStream(20_260_115);
  const draw = factor === 1 ? poisson(mean) : clustered(mean, factor);
  const counts = (): number[] => Array.from({ length: n }, () => draw.next(random));
  let wrong = 0;
  for (let run = 0; run < RUNS; run++) {
    const models = Array.from({ length: 4 }, () => contestant(counts(), counts()));
    if (placed(models).some(({ verdict }) => verdict === 'worse')) wrong++;
  }
  return wrong / RUNS;
}

describe.each([3, 5, 8])('%d trials of four models that are alike', (n) => {
  test.each([
    [0.5, 1],
    [10, 1],
    [10, 3],
    [200, 10],
  ])(
    'a mean of %d, with %d times the variance of Poisson: one is called worse in one run of twenty at most',
    (mean, factor) => {
      expect(wrongRuns(n, mean, factor)).toBeLessThanOrEqual(0.05 + 2 * Math.sqrt((0.05 * 0.95) / RUNS));
    },
  );
});

test('what is clear is found with three trials', () => {
  const few = contestant([4, 6, 5], [0, 0, 0]);
  const gone = contestant([2390, 2400, 2410], [0, 0, 0]);
  expect(placed([gone, few]).map(({ one, verdict }) => [one === few, verdict])).toEqual([
    [true, 'best'],
    [false, 'worse'],
  ]);
});

test('fewer lost come before fewer late, and among those that are level fewer late', () => {
  const held = contestant([0, 0, 0, 0, 0], [300, 310, 290, 300, 305]);
  const lossy = contestant([40, 44, 38, 41, 40], [0, 0, 0, 0, 0]);
  const clean = contestant([0, 1, 0, 0, 0], [2, 0, 1, 0, 0]);
  expect(placed([held, lossy, clean]).map(({ one, verdict }) => [[held, lossy, clean].indexOf(one), verdict])).toEqual([
    [2, 'best'],
    [0, 'worse'],
    [1, 'worse'],
  ]);
});
