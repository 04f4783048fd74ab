/** How often two runs are told apart that should not be, and how often a real slowdown is found: seeded, so always the same. */
import { expect, test } from 'vitest';
import { cellOf } from '../../fixtures/run.ts';
import { asked, type CellFigures, normalStream, runOf } from '../fixtures/two-runs.ts';
import type { ChangeVerdict } from '../schema/change.ts';
import { compareRuns } from './compare.ts';

const REPEATS = 500;
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
