/** How often two runs with a yardstick are told apart, and how often a real change is found: seeded, so always the same. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openMeasurementOf, serverOf, workerOf } from '../../fixtures/measurement.ts';
import { additionOf, cellOf, okTrial, rateCellOf } from '../../fixtures/run.ts';
import { dueTimes, seedFrom } from '../../stats/arrivals.ts';
import { randomStream } from '../../stats/random.ts';
import type { Cell, Run } from '../../store/schema.ts';
import { asked, type CellFigures, normalStream, runOf, withYardstick } from '../fixtures/two-runs.ts';
import type { Change } from '../schema/change.ts';
import { compareRuns } from './compare.ts';
import { changeExitCode } from './gate.ts';

const ROUNDS = 5;
const TIMEOUT_MS = 120_000;

/**
 * What trials of the runs in `docs` differed by from the mean of their cell, as logarithms of CPU time per request and of requests per
 * second: of cells of the kernel, and round by round of four cells of `hello`, which a shared machine disturbs far more.
 */
const pairSchema = z.tuple([z.number(), z.number()]);
const recorded = z
  .object({ kernel: z.array(pairSchema), hello: z.array(z.array(pairSchema).length(4)) })
  .parse(JSON.parse(readFileSync(new URL('../fixtures/recorded-noise.json', import.meta.url), 'utf8')));

interface Truth {
  /** What the code of head takes, as a multiple, by cell. */
  readonly code: (cell: number) => number;
  /** How many times slower the machine of head is in a round. */
  readonly machine: (round: number) => number;
}

type Noise = readonly (readonly [number, number])[];
/** So many cells are of the kernel, and four of `hello` come after them. */
const KERNEL_CELLS = 4;
const MODELS = ['single', 'cluster', 'fork-pool', 'worker-threads'];

/** Five rounds of trials with recorded noise: by cell, the yardstick first. Those of `hello` follow each other as they did. */
function drawn(random: () => number, helloFrom: number): readonly Noise[] {
  const ofKernel = (): Noise =>
    Array.from({ length: ROUNDS }, () => recorded.kernel[Math.floor(random() * recorded.kernel.length)] ?? [0, 0]);
  const rounds = Array.from(
    { length: ROUNDS },
    (_, i) => recorded.hello[(helloFrom + i) % recorded.hello.length] ?? [],
  );
  return [
    ...Array.from({ length: 1 + KERNEL_CELLS }, ofKernel),
    ...Array.from({ length: 4 }, (_, cell) => rounds.map((row): [number, number] => row[cell] ?? [0, 0])),
  ];
}

function runWith([own = [], ...noise]: readonly Noise[], { code, machine }: Truth): Run {
  const cells = noise.map((trials, i): CellFigures => {
    const slower = (round: number): number => code(i) * machine(round);
    return {
      cell: cellOf(MODELS[i % 4] ?? '', { scenario: i < KERNEL_CELLS ? 'cpu' : 'hello' }),
      cpuMs: trials.map(([cpu], round) => 10 * slower(round) * Math.exp(cpu)),
      perSec: trials.map(([, perSec], round) => (100 / slower(round)) * Math.exp(perSec)),
    };
  });
  return withYardstick(
    runOf(cells, { rounds: ROUNDS }),
    own.map(([cpu], round) => 2 * machine(round) * Math.exp(cpu)),
  );
}

const SAME = { code: () => 1, machine: () => 1 };
/** With 300: 0.7% alarms; 15% in all cells is found in all of them, and in one of eight in 92%. */
const REPEATS = 120;

/** Pairs of runs; those of `hello` have no round in common. */
function compared(truth: Truth): readonly Change[] {
  const random = randomStream(1);
  const count = recorded.hello.length;
  return Array.from({ length: REPEATS }, () => {
    const from = Math.floor(random() * count);
    const apart = ROUNDS + Math.floor(random() * (count - 2 * ROUNDS + 1));
    return compareRuns(runWith(drawn(random, from), SAME), runWith(drawn(random, from + apart), truth), asked);
  });
}

const share = (changes: readonly Change[], holds: (change: Change) => boolean): number =>
  changes.filter(holds).length / changes.length;
const isWorse = (change: Change): boolean => changeExitCode(change, { strict: false }) === 1;
const isAlarm = ({ cells }: Change): boolean =>
  cells.some(({ verdict }) => verdict === 'worse' || verdict === 'better');

const MACHINES = [
  ['the same machine', () => 1],
  ['a machine that is 10% slower', () => 1.1],
  ['a machine that becomes 10% slower', (round: number) => 1 + (0.1 * round) / (ROUNDS - 1)],
] as const;

describe.each(MACHINES)('recorded noise, on %s', (_, machine) => {
  test('equal code: one alarm in twenty runs at most', { timeout: TIMEOUT_MS }, () => {
    expect(share(compared({ ...SAME, machine }), isAlarm)).toBeLessThanOrEqual(0.05);
  });

  test('15% more in all cells is found', { timeout: TIMEOUT_MS }, () => {
    expect(share(compared({ code: () => 1.15, machine }), isWorse)).toBeGreaterThanOrEqual(0.9);
  });

  test('15% more in one of them is found, and in none of the others', { timeout: TIMEOUT_MS }, () => {
    const all = compared({ code: (cell) => (cell === 0 ? 1.15 : 1), machine });
    // The other seven tell of the spread, and share the error.
    expect(share(all, ({ cells }) => cells[0]?.verdict === 'worse')).toBeGreaterThanOrEqual(0.85);
    expect(share(all, ({ cells }) => cells.slice(1).some(({ verdict }) => verdict === 'worse'))).toBeLessThanOrEqual(
      0.05,
    );
  });
});

describe('a yardstick that is noisier than what it is held against', () => {
  const CELLS = 8;
  /** Cells vary by 1%, the yardstick by 4%. */
  const noisy = (truth: Truth): readonly Change[] =>
    Array.from({ length: REPEATS }, (_, i) => {
      const normal = normalStream(7000 + i);
      const trials = (value: number, sd: number, slower: (round: number) => number): readonly number[] =>
        Array.from({ length: ROUNDS }, (__, round) => value * slower(round) * Math.exp(sd * normal()));
      const side = ({ code, machine }: Truth): Run =>
        withYardstick(
          runOf(
            Array.from({ length: CELLS }, (__, cell) => {
              const slower = (round: number): number => code(cell) * machine(round);
              const [cpuMs, takenMs] = [trials(10, 0.01, slower), trials(10, 0.01, slower)];
              return {
                cell: cellOf('single', { scenario: `s${cell}` }),
                cpuMs,
                perSec: takenMs.map((ms) => 1000 / ms),
              };
            }),
            { rounds: ROUNDS },
          ),
          trials(2, 0.04, machine),
        );
      return compareRuns(side(SAME), side(truth), asked);
    });

  // Held against the yardstick alone, one of its errors is one of all cells.
  test('raises no alarm on a machine that is 10% slower', { timeout: TIMEOUT_MS }, () => {
    expect(share(noisy({ ...SAME, machine: () => 1.1 }), isAlarm)).toBeLessThanOrEqual(0.05);
  });
});

describe('latency at a rate', () => {
  const RATE = 100;
  const RUNS = 60;
  const WINDOW_MS = 6000;
  const cell = rateCellOf('single', RATE, { scenario: 'queue' });

  /** Requests of one queue: arrivals follow from the seed of the run and the round, work from the day. */
  const latenciesOf = (seed: number, day: number, round: number, meanMs: number, moreMs: number): readonly number[] => {
    const next = dueTimes({ kind: 'poisson', requestsPerSec: RATE, index: 0, of: 1, seed: seedFrom(seed, round) });
    const random = randomStream(seedFrom(seed, day, round));
    const latencies: number[] = [];
    let free = 0;
    for (let due = next(); due < WINDOW_MS; due = next()) {
      free = Math.max(free, due) - meanMs * Math.log(1 - random());
      latencies.push(free - due + moreMs);
    }
    return latencies;
  };
  interface Queue {
    readonly busy: number;
    readonly machine: number;
    readonly moreMs: number;
  }
  const runOfQueue = (seed: number, day: number, { busy, machine, moreMs }: Queue): Run => {
    const normal = normalStream(seedFrom(seed, day));
    const vary = (value: number, sd: number): readonly number[] =>
      Array.from({ length: ROUNDS }, () => value * machine * Math.exp(sd * normal()));
    const capacity: readonly [Cell, readonly number[]] = [
      cellOf('single', { scenario: 'queue' }),
      vary(10 * busy, 0.02),
    ];
    const plain = runOf([{ cell: capacity[0], cpuMs: capacity[1], perSec: capacity[1].map((ms) => 1000 / ms) }], {
      rounds: ROUNDS,
      seed,
    });
    const trials = vary(10 * busy, 0.02).map((meanMs, round) => {
      const latencies = latenciesOf(seed, day, round, meanMs, moreMs);
      const server = serverOf({ workers: [workerOf(latencies.length, Math.min(1, busy * machine))] });
      return okTrial(cell, round, openMeasurementOf(latencies, {}, { windowMs: WINDOW_MS, server }));
    });
    const rounds = trials.map((_, round) => round);
    const added = additionOf([cell], {
      scenario: 'queue',
      why: { kind: 'common', basis: null, cappedAt: null },
      rounds,
    });
    const whole = { ...plain, additions: [added], trials: [...plain.trials, ...trials] };
    return withYardstick(whole, [...vary(2, 0.02), ...vary(2, 0.02)]);
  };
  const changes = (base: Queue, head: Queue): readonly Change[] =>
    Array.from({ length: RUNS }, (_, i) => compareRuns(runOfQueue(i, 1, base), runOfQueue(i, 2, head), asked));
  const told = (verdict: string) => (change: Change) =>
    change.cells.some(({ id, comparisons }) => id === cell.id && comparisons.some((one) => one.verdict === verdict));

  test.each([0.3, 0.5, 0.8])(
    'equal code, busy for a share of %s, on a machine that is 10% slower',
    { timeout: TIMEOUT_MS },
    (busy) => {
      const base = { busy, machine: 1, moreMs: 0 };
      expect(share(changes(base, { ...base, machine: 1.1 }), told('worse'))).toBeLessThanOrEqual(0.05);
      expect(share(changes(base, base), (one) => told('worse')(one) || told('better')(one))).toBeLessThanOrEqual(0.05);
    },
  );

  test('10 ms more for every request is found', { timeout: TIMEOUT_MS }, () => {
    const base = { busy: 0.5, machine: 1, moreMs: 0 };
    expect(share(changes(base, { ...base, moreMs: 10 }), told('worse'))).toBeGreaterThanOrEqual(0.9);
  });
});
