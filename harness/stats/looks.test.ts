import { describe, expect, test } from 'vitest';
import { judge, type Pair } from '../judge/models/verdict.ts';
import { FIRST_OF_GATE, lookAfter, looksAt, resolvableChange, shareOf } from './looks.ts';
import { randomStream } from './random.ts';

test('looks grow by a half', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 7].map(lookAfter)).toEqual([3, 5, 8, 12, 18, 27, 41, 62]);
});

test('shares of all looks come to 1 at most, and to nearly that', () => {
  const spent = Array.from({ length: 1000 }, (_, look) => shareOf(look)).reduce((sum, share) => sum + share, 0);
  expect(spent).toBeLessThanOrEqual(1);
  expect(spent).toBeGreaterThan(0.99);
});

test('every look is where it would have been with fewer rounds', () => {
  const whole = looksAt(62);
  expect(whole.map(({ rounds }) => rounds)).toEqual([3, 5, 8, 12, 18, 27, 41, 62]);
  for (let look = 0; look < whole.length; look++) expect(looksAt(lookAfter(look))).toEqual(whole.slice(0, look + 1));
});

test('one that is taken early is the last, and spends what it would have spent', () => {
  expect(looksAt(10)).toEqual([...looksAt(8), { rounds: 10, share: shareOf(3) }]);
  expect(looksAt(4)).toEqual([
    { rounds: 3, share: 1 / 3 },
    { rounds: 4, share: 1 / 6 },
  ]);
});

test('when nothing follows, the last one spends all that is left', () => {
  expect(looksAt(8, true)).toEqual([...looksAt(5), { rounds: 8, share: expect.closeTo(1 / 2, 12) }]);
  for (const rounds of [3, 4, 5, 10, 62]) {
    expect(looksAt(rounds, true).reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  }
});

describe('looks of a gate', () => {
  test('begin at five rounds, and spend as much from there', () => {
    expect(looksAt(8, false, FIRST_OF_GATE)).toEqual([
      { rounds: 5, share: 1 / 3 },
      { rounds: 8, share: 1 / 6 },
    ]);
  });

  test('do not begin early, unless it is the only one', () => {
    expect(looksAt(4, false, FIRST_OF_GATE)).toEqual([]);
    expect(looksAt(4, true, FIRST_OF_GATE)).toEqual([{ rounds: 4, share: 1 }]);
  });
});

test.each([0, 1, 2])('with %d rounds there is nothing to look at', (rounds) => {
  expect(looksAt(rounds)).toEqual([]);
});

const [margin, error, power] = [0.03, 0.025, 0.9];

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Share of runs that call a candidate with so much more CPU time per request worse. */
function foundShare(change: number, sdLogRatio: number, rounds: number): number {
  const random = randomStream(7);
  const runs = 400;
  let found = 0;
  for (let run = 0; run < runs; run++) {
    const pairs: Pair[] = Array.from({ length: rounds }, (_, round) => ({
      round,
      baseline: 1,
      candidate: (1 + change) * Math.exp(sdLogRatio * normal(random)),
    }));
    if (judge(pairs, { margin, error, looks: 'last', isGate: true }, 'less').verdict === 'worse') found++;
  }
  return found / runs;
}

describe('the smallest change that can be resolved', () => {
  test.each([
    [0.02, 12],
    [0.04, 27],
    [0.06, 18],
  ])('is found about as often as promised: sd %d, %d rounds', (sdLogRatio, rounds) => {
    const change = resolvableChange({ sdLogRatio, rounds, margin, error, power }) ?? Number.NaN;
    // Roughly: the spread of a handful of rounds is itself an estimate, and earlier looks may find it as well.
    expect(foundShare(change, sdLogRatio, rounds)).toBeGreaterThan(power - 0.1);
    const half = margin + (change - margin) / 2;
    expect(foundShare(half, sdLogRatio, rounds)).toBeLessThan(0.6);
  });

  test('is never below the margin, and smaller with more rounds', () => {
    const at = (rounds: number) => resolvableChange({ sdLogRatio: 0.03, rounds, margin, error, power }) ?? Number.NaN;
    expect(at(8)).toBeGreaterThan(at(27));
    expect(at(1000)).toBeGreaterThan(margin);
    expect(resolvableChange({ sdLogRatio: 0, rounds: 8, margin, error, power })).toBeCloseTo(margin);
  });

  test('takes three rounds', () => {
    expect(resolvableChange({ sdLogRatio: 0.03, rounds: 2, margin, error, power })).toBeNull();
  });
});
