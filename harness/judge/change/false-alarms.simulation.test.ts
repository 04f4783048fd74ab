/** How often two runs are told apart that should not be, and how often a real slowdown is found: seeded, so always the same. */
import { describe, expect, test } from 'vitest';
import { cellOf } from '../../fixtures/run.ts';
import { lookAfter } from '../../stats/looks.ts';
import { randomStream } from '../../stats/random.ts';
import { asked, type CellFigures, normalStream, runOf } from '../fixtures/two-runs.ts';
import type { ChangeVerdict } from '../schema/change.ts';
import { compareRuns, type HowToCompare } from './compare.ts';
import { type BothRuns, compareSides, openCells } from './open.ts';

const REPEATS = 250;
const TRIALS = 8;
const CELLS = 8;
/** Of a trial 2% in all: what a round does to all of its cells alike, and the rest. */
const ROUND_SD = 0.01;
const SD = Math.sqrt(0.02 ** 2 - ROUND_SD ** 2);
/** It takes seconds by itself, and a multiple of that where other tests take the CPUs. */
const TIMEOUT_MS = 120_000;

interface Truth {
  /** What the machine makes of every cell of head. */
  readonly drift: number;
  /** What the change makes of the first cell. */
  readonly change: number;
  /** All cells but the first were settled after three rounds; it was measured for so many. */
  readonly settledEarly?: number;
}

function verdictsOf(seed: number, { drift, change, settledEarly }: Truth): readonly ChangeVerdict[] {
  const normal = normalStream(seed);
  const cells = (isHead: boolean): readonly CellFigures[] => {
    const all = Array.from({ length: settledEarly ?? TRIALS }, () => ROUND_SD * normal());
    return Array.from({ length: CELLS }, (_, i) => {
      const rounds = settledEarly === undefined || i === 0 ? all : all.slice(0, 3);
      const slower = isHead ? drift * (i === 0 ? change : 1) : 1;
      const trials = (value: number, good: 1 | -1): readonly number[] =>
        rounds.map((round) => value * Math.exp(-good * (Math.log(slower) + round) + SD * normal()));
      return {
        cell: cellOf('cluster', { scenario: `s${i}` }),
        perSec: trials(100 * (i + 1), 1),
        cpuMs: trials(10 / (i + 1), -1),
      };
    });
  };
  const compared = compareRuns(runOf(cells(false)), runOf(cells(true)), asked);
  return compared.cells.map(({ verdict }) => verdict);
}

function repeated(truth: Truth, firstSeed: number): readonly (readonly ChangeVerdict[])[] {
  return Array.from({ length: REPEATS }, (_, i) => verdictsOf(firstSeed + i, truth));
}

test('equal code on a machine that became 10% slower: 8 cells without a false alarm', { timeout: TIMEOUT_MS }, () => {
  const all = repeated({ drift: 1.1, change: 1 }, 1000);
  const quiet = all.filter((verdicts) => !verdicts.includes('worse') && !verdicts.includes('better'));
  expect(quiet.length / REPEATS).toBeGreaterThanOrEqual(0.95);
});

test('one of 8 cells became 10% slower: it is found, and it alone', { timeout: TIMEOUT_MS }, () => {
  const all = repeated({ drift: 1, change: 1.1 }, 5000);
  const found = all.filter(([first]) => first === 'worse');
  const wrong = all.filter(([, ...others]) => others.includes('worse') || others.includes('better'));
  expect(found.length / REPEATS).toBeGreaterThanOrEqual(0.9);
  expect(wrong.length / REPEATS).toBeLessThanOrEqual(0.05);
});

test('the other cells were settled after three rounds: still no false alarm', { timeout: TIMEOUT_MS }, () => {
  const all = repeated({ drift: 1.1, change: 1, settledEarly: 18 }, 9000);
  const quiet = all.filter((verdicts) => !verdicts.includes('worse') && !verdicts.includes('better'));
  expect(quiet.length / REPEATS).toBeGreaterThanOrEqual(0.95);
});

test('the other cells were settled after three rounds: a change is found', { timeout: TIMEOUT_MS }, () => {
  const all = repeated({ drift: 1, change: 1.15, settledEarly: 18 }, 13_000);
  const found = all.filter(([first]) => first === 'worse');
  expect(found.length / REPEATS).toBeGreaterThanOrEqual(0.9);
});

describe('launches of two speeds', () => {
  const LOOKS = 6;
  const RUNS = 200;

  /** Half of the trials are 10% slower, whatever their code is; else they differ by 0.3% in CPU time, and by twice that in throughput. */
  const launched = (trials: number, cells: number, seed: number): readonly CellFigures[] => {
    const [random, normal] = [randomStream(seed), normalStream(seed + 1)];
    return Array.from({ length: cells }, (_, i) => {
      const speeds = Array.from({ length: trials }, () => (random() < 0.5 ? Math.log(0.9) : 0));
      return {
        cell: cellOf('single', { scenario: `s${i}` }),
        perSec: speeds.map((speed) => 100 * Math.exp(speed + 0.006 * normal())),
        cpuMs: speeds.map((speed) => 10 * Math.exp(-speed + 0.003 * normal())),
      };
    });
  };
  const isAlarm = (verdicts: readonly ChangeVerdict[]): boolean =>
    verdicts.includes('worse') || verdicts.includes('better');
  const alarms = (verdictsOfRun: (seed: number) => readonly ChangeVerdict[]): number =>
    Array.from({ length: RUNS }, (_, i) => verdictsOfRun(2 * i * RUNS)).filter(isAlarm).length / RUNS;

  /** Measured until every cell is settled, or the budget is spent after the last look. */
  const abOf = (cells: number, seed: number): readonly ChangeVerdict[] => {
    const most = lookAfter(LOOKS - 1);
    const all = { base: launched(most, cells, seed), head: launched(most, cells, seed + RUNS) };
    const measured = new Map(all.base.map(({ cell }) => [cell.id, 0]));
    const upTo = (side: 'base' | 'head') =>
      runOf(
        all[side].map((one) => {
          const rounds = measured.get(one.cell.id) ?? 0;
          return { ...one, perSec: one.perSec.slice(0, rounds), cpuMs: one.cpuMs.slice(0, rounds) };
        }),
        { budgetMs: 60_000, ab: { id: 'x', side, duet: false } },
      );
    let open: readonly string[] = [...measured.keys()];
    let runs: BothRuns = { base: upTo('base'), head: upTo('head') };
    for (let look = 0; look < LOOKS && open.length > 0; look++) {
      for (const id of open) measured.set(id, lookAfter(look));
      runs = { base: upTo('base'), head: upTo('head') };
      open = openCells(runs, false).open;
    }
    return compareSides(runs, asked.labels).cells.map(({ verdict }) => verdict);
  };

  // Without a least scale and a first look at five rounds: 7% of one cell, 15% of four.
  test.each([1, 4])(
    'ab with so many equal cells has a false alarm in one run of twenty at most: %d',
    { timeout: TIMEOUT_MS },
    (cells) => {
      expect(alarms((seed) => abOf(cells, seed))).toBeLessThanOrEqual(0.05);
    },
  );

  const compared = (cells: number, trials: number, how: Partial<HowToCompare>, seed: number) => {
    const [base, head] = [launched(trials, cells, seed), launched(trials, cells, seed + RUNS)].map((all) => runOf(all));
    if (base === undefined || head === undefined) throw new RangeError('two runs');
    return compareRuns(base, head, { ...asked, ...how }).cells.map(({ verdict }) => verdict);
  };

  // Without a least scale: 22% of one cell, which has no control, and 9% of eight.
  test.each([
    { cells: 1, trials: 5 },
    { cells: 8, trials: 5 },
    { cells: 8, trials: 3 },
  ])('neither has compare: $cells cells, $trials trials', { timeout: TIMEOUT_MS }, ({ cells, trials }) => {
    expect(alarms((seed) => compared(cells, trials, {}, seed))).toBeLessThanOrEqual(0.05);
  });

  // With the spread that three rounds seem to have: 3% of one cell, 12% of four.
  test.each([1, 4])('nor has ab --rounds 3 with so many cells: %d', { timeout: TIMEOUT_MS }, (cells) => {
    const how = { pairing: 'rounds', control: 'none' } as const;
    expect(alarms((seed) => compared(cells, 3, how, seed))).toBeLessThanOrEqual(0.01);
  });
});

describe('three trials, of which eight cells share what is known of the spread', () => {
  const FEW = 3;
  const RUNS = 300;

  /** Of one of them that became 10% slower: how often that is found, and how often another one is told to differ. */
  const shares = (sd: number): { readonly found: number; readonly wrong: number } => {
    const all = Array.from({ length: RUNS }, (_, i) => {
      const normal = normalStream(20_000 + i);
      const trials = (value: number): readonly number[] =>
        Array.from({ length: FEW }, () => value * Math.exp(sd * normal()));
      const side = (slower: number): readonly CellFigures[] =>
        Array.from({ length: CELLS }, (_, cell) => ({
          cell: cellOf('cluster', { scenario: `s${cell}` }),
          perSec: trials(cell === 0 ? 100 / slower : 100),
          cpuMs: trials(cell === 0 ? 10 * slower : 10),
        }));
      return compareRuns(runOf(side(1)), runOf(side(1.1)), asked).cells.map(({ verdict }) => verdict);
    });
    const found = all.filter(([first]) => first === 'worse').length / RUNS;
    const wrong = all.filter(([, ...others]) => others.includes('worse') || others.includes('better')).length / RUNS;
    return { found, wrong };
  };

  // With the variance of each by itself: 43%, 14%, 4% and 1%.
  test.each([
    { sd: 0.01, least: 0.97 },
    { sd: 0.015, least: 0.78 },
    { sd: 0.02, least: 0.38 },
    { sd: 0.03, least: 0.08 },
  ])('that vary by $sd: a share of $least finds 10% at least', { timeout: TIMEOUT_MS }, ({ sd, least }) => {
    const { found, wrong } = shares(sd);
    expect(found).toBeGreaterThanOrEqual(least);
    expect(wrong).toBeLessThanOrEqual(0.05);
  });
});
