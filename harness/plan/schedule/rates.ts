/** Which rates an open loop is offered, and what its generators can offer at most. */
import type { Cell, Rate } from '../../store/schema.ts';

type ConnectionMode = Cell['connectionMode'];

/**
 * What one generator process may be asked for, in requests per second. Measured on the CPUs of small virtual machines, it
 * sends 10,000 a second at two thirds of a CPU, and opens 2,000 connections a second at half of one.
 */
const MOST_ASKED: Readonly<Record<ConnectionMode, number>> = { 'keep-alive': 20_000, 'per-request': 4000 };
/** What a share of capacity may come to: half a generator, so that it is not late for being busy. */
const MOST_AUTOMATIC: Readonly<Record<ConnectionMode, number>> = { 'keep-alive': 5000, 'per-request': 1000 };

/** What all generators together may be asked for. */
export function mostAsked(generators: number, modes: readonly ConnectionMode[]): number {
  return generators * Math.min(...modes.map((mode) => MOST_ASKED[mode]));
}

/** What shares of capacity are lowered to, all generators together. */
export function mostOffered(generators: number, modes: readonly ConnectionMode[]): number {
  return generators * Math.min(...modes.map((mode) => MOST_AUTOMATIC[mode]));
}

/** A rate as it is offered. */
export interface Offered {
  readonly requestsPerSec: number;
  /** null when it was asked for as a number, or had to be lowered. */
  readonly share: number | null;
  readonly capped: boolean;
}

/**
 * The rates in requests per second, lowest first and each once; one that was also lowered to counts as capped. Shares are of
 * `basisPerSec`, and come to `mostPerSec` at most; without a basis there are none of them.
 */
export function offeredRates(rates: readonly Rate[], basisPerSec: number | null, mostPerSec: number): Offered[] {
  const all = rates.flatMap((rate): Offered[] => {
    if (rate.kind === 'number') return [{ requestsPerSec: rate.requestsPerSec, share: null, capped: false }];
    if (basisPerSec === null) return [];
    const wanted = threeDigits(rate.share * basisPerSec);
    if (wanted <= mostPerSec) return [{ requestsPerSec: wanted, share: rate.share, capped: false }];
    return [{ requestsPerSec: mostPerSec, share: null, capped: true }];
  });
  const sorted = all.toSorted((a, b) => a.requestsPerSec - b.requestsPerSec || Number(b.capped) - Number(a.capped));
  return sorted.filter(({ requestsPerSec }, i) => requestsPerSec !== sorted[i - 1]?.requestsPerSec);
}

/** Of what the slowest model can do: what all can carry with room to spare, where the same work is to be compared. */
export const EQUAL_WORK_SHARE = 0.5;

/** Shares of its own capacity that each model is offered in a sweep: closer together where the knee is to be expected. */
const SWEEP_SHARES: readonly number[] = [0.1, 0.3, 0.5, 0.65, 0.8, 0.9, 0.95, 1, 1.05];

/** And where something else limited capacity, so that the knee lies somewhere beyond it. */
const SHARES_BEYOND: readonly number[] = [1.5, 2, 3];

/** What is known of a model before rates of its own are chosen. */
export interface Capacity {
  /** Throughput in a closed loop. */
  readonly capacityPerSec: number;
  /** Whether the server was the limit there. If not, it may do more in an open loop. */
  readonly isServerLimited: boolean;
  /** What the generators can be asked for. */
  readonly mostPerSec: number;
}

/** The rates of a sweep of one model, in requests per second, as far as they can be offered. */
export function sweepRates({ capacityPerSec, isServerLimited, mostPerSec }: Capacity): readonly number[] {
  const shares = isServerLimited ? SWEEP_SHARES : [...SWEEP_SHARES, ...SHARES_BEYOND];
  return shares.map((share) => threeDigits(share * capacityPerSec)).filter((rate) => rate <= mostPerSec);
}

/** Points that a sweep usually has. */
export const SWEEP_POINTS = SWEEP_SHARES.length;
/** At most, if fewer were asked for: a sweep has many cells, and an interval takes three trials. */
export const SWEEP_ROUNDS = 3;

function threeDigits(value: number): number {
  return Number(value.toPrecision(3));
}
