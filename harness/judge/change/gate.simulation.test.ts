/** How often `ab` stops an equal head, and how often a changed one passes, with all of its metrics: seeded, so always the same. */
import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { describe, expect, test } from 'vitest';
import { measurementOf, openMeasurementOf, serverOf, workerOf } from '../../fixtures/measurement.ts';
import { cellOf, complete, manifestOf, okTrial, rateCellOf } from '../../fixtures/run.ts';
import { lookAfter } from '../../stats/looks.ts';
import { randomStream } from '../../stats/random.ts';
import type { Run, Trial } from '../../store/schema.ts';
import { normalStream } from '../fixtures/two-runs.ts';
import type { Change } from '../schema/change.ts';
import { changeExitCode } from './gate.ts';
import { compareSides, openCells } from './open.ts';

const TIMEOUT_MS = 240_000;
const capacity = cellOf('single');
const rate = rateCellOf('single', 500);
/** Rounds that a budget of two minutes gives: looks at 5, 8 and 12. */
const MOST_ROUNDS = 12;
const MIB = 2 ** 20;

/** What every trial has: figures of base in a quiet trial. */
const USUAL = { cpuMs: 1, perSec: 1000, startUpMs: 200, memoryMiB: 50, p50: 8, p99: 30, slowest: 45 };
type Figures = typeof USUAL;

/** Standard deviations of the logarithm of a ratio of one round. */
interface Noise {
  readonly cpu: number;
  readonly throughput: number;
  readonly startUp: number;
  readonly memory: number;
  readonly p50: number;
  readonly p99: number;
  readonly slowest: number;
  /** Half of all launches are so much slower. */
  readonly slowLaunch?: number;
  /** So much slower from one trial to the next. */
  readonly drift?: number;
  /** Share of the trials that something else disturbs. */
  readonly disturbed?: number;
}

const QUIET: Noise = { cpu: 0.015, throughput: 0.02, startUp: 0.06, memory: 0.03, p50: 0.05, p99: 0.25, slowest: 0.35 };

const histogram = build({
  lowestDiscernibleValue: 1,
  highestTrackableValue: 60_000_000,
  numberOfSignificantValueDigits: 3,
});
const SIZE = 1000;

/** Of requests of which the 500th, the 990th and the slowest ten are these. */
function latencies({ p50, p99, slowest }: Figures): string {
  histogram.reset();
  const us = (ms: number): number => Math.max(1, Math.round(1000 * ms));
  histogram.recordValueWithCount(us(p50), 600);
  histogram.recordValueWithCount(us(p99), 390);
  histogram.recordValueWithCount(us(slowest), 10);
  return encodeIntoCompressedBase64(histogram);
}

/** The trials of a side. */
function trialsOf(noise: Noise, change: Partial<Figures>, seed: number, isHead: boolean): readonly Trial[] {
  const [random, normal] = [randomStream(seed), normalStream(seed + 1)];
  const { slowLaunch = 0, drift = 0, disturbed = 0 } = noise;
  const vary = (sd: number): number => Math.exp((sd / Math.SQRT2) * normal());
  return Array.from({ length: MOST_ROUNDS }, (_, round) => {
    // One side is first in one round, and the other in the next.
    const drifted = Math.exp(drift * (2 * round + (isHead === (round % 2 === 0) ? 1 : 0)));
    const launched = random() < 0.5 ? 1 + slowLaunch : 1;
    const hit = random() < disturbed ? random() : 0;
    const slower = drifted * launched * vary(noise.cpu);
    const latency = slower * (1 + hit) * vary(noise.p50);
    const tail = latency * (1 + 4 * hit) * vary(noise.p99);
    const of = (key: keyof Figures): number => change[key] ?? USUAL[key];
    const figures: Figures = {
      cpuMs: of('cpuMs') * slower * (1 + 0.2 * hit),
      perSec: of('perSec') / (slower * (1 + hit) * vary(noise.throughput)),
      startUpMs: of('startUpMs') * slower * (1 + hit) * vary(noise.startUp),
      memoryMiB: of('memoryMiB') * vary(noise.memory),
      p50: of('p50') * latency,
      p99: of('p99') * tail,
      slowest: of('slowest') * tail * vary(noise.slowest),
    };
    const server = serverOf({ cpuMsPerRequest: figures.cpuMs, workers: [workerOf(SIZE, 0.99)] });
    const memory = { kind: 'pss', idleBytes: 40 * MIB, peakBytes: figures.memoryMiB * MIB, front: null } as const;
    const { startUpMs, perSec: requestsPerSec } = figures;
    return [
      okTrial(capacity, round, measurementOf({ startUpMs, requestsPerSec, server, memory })),
      okTrial(rate, round, { ...OPEN, latencyHistogram: latencies(figures) }),
    ];
  }).flat();
}

const OPEN = openMeasurementOf([1]);

/** Measured until the gate is settled, or the budget is spent. */
function abOf(noise: Noise, change: Partial<Figures>, seed: number): Change {
  const all = {
    base: trialsOf(noise, {}, 2 * seed, false),
    head: trialsOf(noise, change, 2 * seed + 1_000_003, true),
  };
  const upTo = (side: 'base' | 'head', rounds: number): Run => ({
    manifest: manifestOf({ cells: [capacity, rate], budgetMs: 60_000, ab: { id: 'x', side, duet: false } }),
    additions: [],
    trials: all[side].filter(({ round }) => round < rounds),
    end: complete,
  });
  for (let look = 1; ; look++) {
    const rounds = lookAfter(look);
    const runs = { base: upTo('base', rounds), head: upTo('head', rounds) };
    if (rounds >= MOST_ROUNDS || openCells(runs, false).open.length === 0) {
      return compareSides(runs, { base: 'a', head: 'b' });
    }
  }
}

interface Tally {
  /** Shares of the runs. */
  readonly told: number;
  /** With `--strict`. */
  readonly stopped: number;
  readonly failed: number;
}

function tally(noise: Noise, change: Partial<Figures>, runs: number, firstSeed: number): Tally {
  const all = Array.from({ length: runs }, (_, i) => abOf(noise, change, firstSeed + 7 * i));
  const share = (is: (one: Change) => boolean): number => all.filter((one) => is(one)).length / runs;
  return {
    told: share(({ cells }) => cells.some(({ verdict }) => verdict === 'worse' || verdict === 'better')),
    stopped: share((one) => changeExitCode(one, { strict: true }) !== 0),
    failed: share(({ outcome }) => outcome === 'fail'),
  };
}

const HARD: Noise = { ...QUIET, drift: 0.002, disturbed: 0.1 };

// Of strict gates that stop an equal head most have fewer rounds than they need: of five with launches of two speeds 9%, of three 40%.
describe('equal sides, all metrics together: at most one run in twenty is told better or worse, and one in fifty is stopped', () => {
  const RUNS = 150;

  test.each([
    { what: 'a quiet machine', noise: QUIET },
    { what: 'drift, and one trial in ten disturbed', noise: HARD },
    { what: 'and launches of two speeds', noise: { ...HARD, slowLaunch: 0.1 } },
    { what: 'twice the noise', noise: { ...HARD, cpu: 0.03, throughput: 0.04 } },
  ])('$what', { timeout: TIMEOUT_MS }, ({ noise }) => {
    const { told, stopped } = tally(noise, {}, RUNS, 100);
    expect(told).toBeLessThanOrEqual(0.05);
    expect(stopped).toBeLessThanOrEqual(0.02);
  });
});

describe('a change fails', () => {
  const RUNS = 40;

  test.each<{ what: string; change: Partial<Figures> }>([
    { what: '8% more CPU time', change: { cpuMs: 1.08, perSec: 1000 / 1.08 } },
    { what: '10 ms more of each request', change: { p50: 18, p99: 40, slowest: 55 } },
    { what: '300 ms more of one request in a hundred', change: { slowest: 345 } },
    { what: '60 MiB more', change: { memoryMiB: 110 } },
  ])('$what', { timeout: TIMEOUT_MS }, ({ change }) => {
    expect(tally(QUIET, change, RUNS, 100).failed).toBeGreaterThanOrEqual(0.95);
    expect(tally(HARD, change, RUNS, 100).stopped).toBeGreaterThanOrEqual(0.95);
  });
});
