/** Fits to servers whose law is known: how often the interval of the peak has the true one. */
import { expect, test } from 'vitest';
import { normal } from '../fixtures/noise.ts';
import { randomStream } from '../random.ts';
import { type ScalingFigure, scalabilityOf } from './scalability.ts';

const RUNS = 100;
const ERROR = 0.05;

interface Law {
  readonly sigma: number;
  readonly kappa: number;
  readonly counts: readonly number[];
  readonly rounds: number;
  readonly spread: number;
  /** As many as workers at most, where it is not said. */
  readonly cpus?: number;
}

function measured({ sigma, kappa, counts, rounds, spread }: Law, random: () => number): ScalingFigure[] {
  return Array.from({ length: rounds }, (_, round) => {
    const level = 0.05 * normal(random)();
    return counts.map((workers) => {
      const truth = (500 * workers) / (1 + sigma * (workers - 1) + kappa * workers * (workers - 1));
      return { workers, round, y: Math.log(truth) + level + spread * normal(random)() };
    });
  }).flat();
}

test.each<[string, Law]>([
  ['a peak among what was measured', { sigma: 0.05, kappa: 0.02, counts: [1, 2, 4, 8, 16], rounds: 5, spread: 0.02 }],
  ['a peak beyond it', { sigma: 0.02, kappa: 0.002, counts: [1, 2, 4, 8], rounds: 8, spread: 0.01 }],
  ['four numbers, three rounds', { sigma: 0.1, kappa: 0.03, counts: [1, 2, 4, 8], rounds: 3, spread: 0.03 }],
  [
    'waiting for something else than its CPUs',
    { sigma: 0.05, kappa: 0.01, counts: [1, 2, 4, 8], rounds: 5, spread: 0.02, cpus: 2 },
  ],
  ['contention alone, and no peak', { sigma: 0.1, kappa: 0, counts: [1, 2, 4, 8], rounds: 5, spread: 0.02 }],
])('%s: the interval has the truth in nine of ten runs, and a law that holds is seldom rejected', (_, law) => {
  const random = randomStream(18);
  const truth = law.kappa === 0 ? Number.POSITIVE_INFINITY : Math.sqrt((1 - law.sigma) / law.kappa);
  let covered = { peak: 0, contention: 0, coherency: 0 };
  let fitted = 0;
  for (let run = 0; run < RUNS; run++) {
    const fit = scalabilityOf(measured(law, random), { error: ERROR, cpus: law.cpus ?? Math.max(...law.counts) });
    if (fit.kind !== 'fitted') continue;
    fitted++;
    const has = (low: number, high: number | null, value: number) =>
      Number(low <= value * (1 + 1e-4) && value <= (high ?? Number.POSITIVE_INFINITY) * (1 + 1e-4));
    covered = {
      peak: covered.peak + has(fit.peak.low, fit.peak.high, truth),
      contention: covered.contention + has(fit.contention.low - 1e-6, fit.contention.high, law.sigma),
      coherency: covered.coherency + has(fit.coherency.low - 1e-9, fit.coherency.high, law.kappa),
    };
  }
  expect(fitted / RUNS).toBeGreaterThan(0.95);
  for (const count of Object.values(covered)) expect(count / fitted).toBeGreaterThanOrEqual(0.9);
});

function plateaued(
  cpus: number,
  counts: readonly number[],
  { rounds, noise }: { rounds: number; noise: () => number },
) {
  return Array.from({ length: rounds }, (_, round) =>
    counts.map((workers) => ({ workers, round, y: Math.log(Math.min(cpus, workers)) + noise() })),
  ).flat();
}

test.each<[number, readonly number[]]>([
  [2, [1, 2, 3, 4]],
  [2, [1, 2, 4, 8]],
  [3, [1, 2, 3, 4]],
  [3, [1, 2, 3, 6]],
])('%i CPUs and %j workers: a plateau is not taken for the law', (cpus, counts) => {
  const random = normal(randomStream(4));
  const noise = () => 0.05 * random();
  expect(scalabilityOf(plateaued(cpus, counts, { rounds: 3, noise }), { error: ERROR, cpus })).toEqual({ kind: 'few' });
  const fits = Array.from({ length: RUNS / 4 }, () =>
    scalabilityOf(plateaued(cpus, counts, { rounds: 5, noise }), { error: ERROR, cpus }),
  );
  expect(fits.filter(({ kind }) => kind === 'fitted')).toHaveLength(0);
});

test('with four numbers within the CPUs those beyond are left out', () => {
  const random = normal(randomStream(4));
  const figures = plateaued(4, [1, 2, 3, 4, 8, 16], { rounds: 3, noise: () => 0.02 * random() });
  expect(scalabilityOf(figures, { error: ERROR, cpus: 4 })).toMatchObject({ kind: 'fitted', upTo: 4 });
});
