/** When the requests of an open loop are due, and of which class they are: decided by a seed, and never by replies. */
import { randomStream } from './random.ts';

/** One of `of` streams that together make up the load. */
export interface Stream {
  readonly kind: 'poisson' | 'constant';
  /** Of all streams together. */
  readonly requestsPerSec: number;
  /** From 0. */
  readonly index: number;
  readonly of: number;
  readonly seed: number;
}

/**
 * The due times of one stream, in milliseconds from the start, each call the next one. Poisson: gaps are exponential, by
 * inversion of their distribution (Devroye 1986, II.2); independent streams add up to a Poisson stream. Constant: each
 * stream evenly spaced, and out of step with the others if they begin at the same moment.
 */
export function dueTimes({ kind, requestsPerSec, index, of, seed }: Stream): () => number {
  const meanGapMs = (1000 * of) / requestsPerSec;
  switch (kind) {
    case 'poisson': {
      const random = randomStream(seedFrom(seed, index));
      let dueMs = 0;
      return () => {
        dueMs -= meanGapMs * Math.log(1 - random());
        return dueMs;
      };
    }
    case 'constant': {
      const phase = (index + 1) / of;
      let nth = 0;
      // Multiplied and not added up, so that rounding does not make the schedule drift.
      return () => (nth++ + phase) * meanGapMs;
    }
    default:
      return kind satisfies never;
  }
}

/** Indexes of weights at random, each as often as its weight says: splitting a Poisson stream so gives Poisson streams. */
export function classMarks(weights: readonly number[], { seed, index }: Stream): () => number {
  const last = weights.length - 1;
  if (last === 0) return () => 0;
  // Another stream than that of the due times, or classes would depend on gaps.
  const random = randomStream(seedFrom(seed, index, 'classes'));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return () => {
    let left = random() * total;
    for (const [i, weight] of weights.entries()) {
      left -= weight;
      if (left < 0) return i;
    }
    return last;
  };
}

/** One seed out of several parts (FNV-1a, 32 bits): other parts give a stream that has nothing to do with this one. */
export function seedFrom(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const character of parts.join('\u0000')) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash >>> 0;
}
