import { describe, expect, test } from 'vitest';
import { difference, estimateOf, outliersAmong, pairedLocation, type Ratio, ratioOf } from './estimate.ts';
import { drift, heavyTailed, type Noise, normal, slowedAtTimes } from './fixtures/noise.ts';
import { type Location, locationOf } from './location.ts';
import { randomStream } from './random.ts';
import { mean } from './spread.ts';
import { studentQuantile } from './student.ts';

const SD = 0.03;
const SIZES = [3, 4, 5, 8, 20] as const;
const LEVELS = [0.95, 0.99, 0.999] as const;
/** So many that a share of 95% is known to 0.3 points. */
const SAMPLES = 5000;

const noises = {
  normal,
  t5: (random) => heavyTailed(random, 5),
  t3: (random) => heavyTailed(random, 3),
} satisfies Record<string, (random: () => number) => Noise>;
const kinds = ['normal', 't5', 't3'] as const;
/** How far coverage may lie above the level, in points: very heavy tails make four values look further apart than they are. */
const above = { normal: 1, t5: 1, t3: 1.5 };

/** The share of samples in which the interval at each of `LEVELS` holds the truth, in percent. */
function covered(sample: () => Location, truth: number): readonly { readonly level: number; readonly share: number }[] {
  const locations = Array.from({ length: SAMPLES }, sample);
  return LEVELS.map((level) => {
    const hits = locations.filter((location) => {
      const { low, high } = ratioOf(location, level, 3);
      return low <= truth && truth <= high;
    });
    return { level: 100 * level, share: (100 * hits.length) / SAMPLES };
  });
}

function values(n: number, noise: Noise, sd = SD): number[] {
  return Array.from({ length: n }, () => 1000 * Math.exp(sd * noise()));
}

const pairedRatio = (pairs: Parameters<typeof pairedLocation>[0], level: number): Ratio =>
  ratioOf(pairedLocation(pairs), level, pairs.length);

describe('an estimate', () => {
  test('is where the trials lie, with an interval around it and the range', () => {
    const { point, low, high, ...rest } = estimateOf([90, 100, 110]);
    expect(point).toBeCloseTo((90 * 100 * 110) ** (1 / 3), 9);
    expect(rest).toEqual({ level: 0.95, trials: 3, min: 90, max: 110 });
    // Symmetric on the log scale.
    expect((low ?? 0) * (high ?? 0)).toBeCloseTo(point ** 2, 6);
  });

  test.each([[[7]], [[7, 8]]])('of %j has no interval', (trials) => {
    expect(estimateOf(trials)).toMatchObject({ low: null, high: null, trials: trials.length });
  });

  test('of figures that may be 0 is on their own scale', () => {
    expect(estimateOf([0, 1, 2])).toMatchObject({ point: 1, min: 0, max: 2 });
  });

  test('of one value again and again is that value', () => {
    expect(estimateOf([5, 5, 5])).toMatchObject({ point: expect.closeTo(5, 9), low: expect.closeTo(5, 9) });
  });

  test('is not moved far by one disturbed trial', () => {
    expect(estimateOf([1000, 1010, 990, 1005, 600]).point).toBeGreaterThan(975);
  });

  test.each(kinds)('covers at its level under %s noise', (kind) => {
    for (const n of SIZES) {
      const noise = noises[kind](randomStream(n));
      const share = coveredByEstimate(n, noise, SD, 1000);
      expect(share, `${n} trials`).toBeGreaterThan(94);
      expect(share, `${n} trials`).toBeLessThan(95 + above[kind]);
    }
  });

  test('covers what trials come to that are slowed at times', () => {
    const noise = slowedAtTimes(randomStream(77), 0.02);
    const truth = 1000 * Math.exp(locationOf(Array.from({ length: 200_000 }, noise)).point);
    for (const n of SIZES) {
      expect(coveredByEstimate(n, noise, 1, truth), `${n} trials`).toBeGreaterThan(94);
    }
  });

  /** In percent. */
  function coveredByEstimate(n: number, noise: Noise, sd: number, truth: number): number {
    const hits = Array.from({ length: SAMPLES }, () => estimateOf(values(n, noise, sd))).filter(
      ({ low, high }) => low !== null && high !== null && low <= truth && truth <= high,
    );
    return (100 * hits.length) / SAMPLES;
  }
});

describe('a paired ratio', () => {
  const paired = (n: number, noise: Noise, machine: (round: number) => number) =>
    Array.from({ length: n }, (_, round) => ({
      baseline: 1000 * Math.exp(machine(round) + SD * noise()),
      candidate: 1080 * Math.exp(machine(round) + SD * noise()),
    }));
  const still = (): number => 0;

  test('is candidate ÷ baseline', () => {
    const pairs = [0, 1, 2].map((i) => ({ baseline: 100 + i, candidate: 2 * (100 + i) }));
    expect(pairedRatio(pairs, 0.99)).toEqual({
      ...{ point: expect.closeTo(2, 9), low: expect.closeTo(2, 9), high: expect.closeTo(2, 9) },
      ...{ level: 0.99, trials: 3 },
    });
  });

  test('the other way round is its inverse', () => {
    const pairs = paired(6, normal(randomStream(4)), still);
    const there = pairedRatio(pairs, 0.95);
    const back = pairedRatio(
      pairs.map(({ baseline, candidate }) => ({ baseline: candidate, candidate: baseline })),
      0.95,
    );
    expect(back.low).toBeCloseTo(1 / there.high, 9);
    expect(back.point).toBeCloseTo(1 / there.point, 9);
  });

  test.each(kinds)('covers at every level under %s noise', (kind) => {
    for (const n of SIZES) {
      const noise = noises[kind](randomStream(100 + n));
      for (const { level, share } of covered(() => pairedLocation(paired(n, noise, still)), 1.08)) {
        expect(share, `${n} pairs, ${level}%`).toBeGreaterThan(level - 1);
        expect(share, `${n} pairs, ${level}%`).toBeLessThan(level + above[kind]);
      }
    }
  });

  test('covers the same on a machine that drifts, where an unpaired one hardly tells anything', () => {
    for (const n of SIZES) {
      const random = randomStream(200 + n);
      const noise = heavyTailed(random, 5);
      const rounds = (): ReturnType<typeof paired> => {
        const machine = drift(random, n, 0.02);
        return paired(n, noise, (round) => machine[round] ?? 0);
      };
      for (const { level, share } of covered(() => pairedLocation(rounds()), 1.08)) {
        expect(Math.abs(share - level), `${n} pairs, ${level}%`).toBeLessThan(1);
      }
      const pairs = rounds();
      const unpaired = ratioOf(
        difference(
          locationOf(pairs.map(({ candidate }) => Math.log(candidate))),
          locationOf(pairs.map(({ baseline }) => Math.log(baseline))),
        ),
        0.95,
        n,
      );
      if (n >= 8) expect(widthOf(unpaired)).toBeGreaterThan(1.5 * widthOf(pairedRatio(pairs, 0.95)));
    }
  });

  describe('with trials that are slowed at times', () => {
    const pairs = (n: number, noise: Noise) =>
      Array.from({ length: n }, () => ({ baseline: Math.exp(noise()), candidate: 1.08 * Math.exp(noise()) }));

    test('covers at its level at least', () => {
      for (const n of SIZES) {
        const noise = slowedAtTimes(randomStream(300 + n), 0.02);
        for (const { level, share } of covered(() => pairedLocation(pairs(n, noise)), 1.08)) {
          expect(share, `${n} pairs, ${level}%`).toBeGreaterThan(level - 1);
        }
      }
    });

    test.each([
      [8, 0.7],
      [12, 0.6],
      [20, 0.55],
      [40, 0.5],
    ])('of %d pairs has an interval of less than %d times the width of that of the mean', (n, times) => {
      const noise = slowedAtTimes(randomStream(400 + n), 0.02);
      const widths = Array.from({ length: 2000 }, () => {
        const sample = pairs(n, noise);
        return [
          widthOf(pairedRatio(sample, 0.95)),
          widthOfMean(sample.map((one) => Math.log(one.candidate / one.baseline))),
        ];
      });
      expect(mean(widths.map(([own = 0]) => own))).toBeLessThan(times * mean(widths.map(([, plain = 0]) => plain)));
    });
  });

  /** On the log scale. */
  function widthOf(ratio: Ratio | null): number {
    return ratio === null ? Number.NaN : Math.log(ratio.high / ratio.low);
  }

  function widthOfMean(logs: readonly number[]): number {
    const [n, middle] = [logs.length, mean(logs)];
    const sd = Math.sqrt(logs.reduce((sum, log) => sum + (log - middle) ** 2, 0) / (n - 1));
    return (2 * studentQuantile(0.975, n - 1) * sd) / Math.sqrt(n);
  }
});

describe('a difference of two that are independent', () => {
  test("is Welch's where both sides are alike", () => {
    const [a, b] = [locationOf([1, 2, 3, 4, 5]), locationOf([2, 4, 6, 8, 10])];
    // Variances of the means: 2.5 ÷ 5 and 10 ÷ 5; degrees of freedom 2.5² ÷ (0.5² ÷ 4 + 2² ÷ 4).
    expect(difference(b, a)).toMatchObject({
      point: expect.closeTo(3, 9),
      standardError: expect.closeTo(Math.sqrt(2.5), 9),
      degreesOfFreedom: expect.closeTo(6.25 / 1.0625, 9),
    });
  });

  test('has no more than 1.5 times the degrees of freedom of the side with fewer', () => {
    const many = locationOf(Array.from({ length: 40 }, (_, i) => i % 10));
    expect(difference(locationOf([4, 4.1, 3.9]), many).degreesOfFreedom).toBe(3);
    expect(difference(locationOf([5, 5, 5]), locationOf([4, 4, 4, 4]))).toMatchObject({ point: 1, standardError: 0 });
  });

  /** Trials of the baseline and of the candidate, and how many times the candidate's spread is that of the baseline. */
  const sides = [
    [4, 25, 1],
    [5, 5, 1],
    [5, 5, 3],
    [5, 12, 2],
    [8, 5, 1],
    [12, 12, 4],
    [20, 5, 2],
  ] as const;

  test.each(kinds)('covers at every level under %s noise, though sides differ in size and in spread', (kind) => {
    for (const [a, b, times] of sides) {
      const noise = noises[kind](randomStream(1000 * a + b));
      const side = (n: number, sd: number): Location => locationOf(Array.from({ length: n }, () => sd * noise()));
      for (const { level, share } of covered(() => difference(side(b, times * SD), side(a, SD)), 1)) {
        expect(share, `${a} and ${b} trials, ${times} times the spread, ${level}%`).toBeGreaterThan(level - 1.3);
        expect(share, `${a} and ${b} trials, ${times} times the spread, ${level}%`).toBeLessThan(level + 4);
      }
    }
  });

  test.each([3, 8, 40])('of three trials and %d that spread alike covers at its level at least', (many) => {
    const noise = normal(randomStream(many));
    const side = (n: number): Location => locationOf(Array.from({ length: n }, noise));
    for (const { level, share } of covered(() => difference(side(3), side(many)), 1)) {
      expect(share, `${level}%`).toBeGreaterThan(level - 1);
    }
  });
});

describe('outliers', () => {
  test('are far from the others on the log scale', () => {
    expect(outliersAmong([1000, 1010, 990, 1005, 600])).toEqual([false, false, false, false, true]);
  });

  test.each([[[1, 1000]], [[23_808, 23_620, 15_806]], [[100, 100, 100, 50]]])(
    'are not told of fewer than five trials, each of which counts in full: %j',
    (values) => {
      expect(outliersAmong(values)).toEqual(values.map(() => false));
    },
  );
});
