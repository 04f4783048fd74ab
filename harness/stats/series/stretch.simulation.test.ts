/** That the end of an outage is found within 50 ms, whatever part of the requests it takes, and that nothing is found where nothing was. */
import { describe, expect, test } from 'vitest';
import { randomStream } from '../random.ts';
import { poisson } from '../fixtures/counts.ts';
import { type Bin, stretchOf } from './stretch.ts';

const BIN_MS = 20;
const WATCHED_MS = 4000;
const TRIALS = 400;

interface Outage {
  readonly requestsPerSec: number;
  readonly forMs: number;
  /** Of the requests, while it lasts and otherwise. */
  readonly share: number;
  readonly usual?: number;
}

/** Requests come at random, and the outage begins anywhere in the first bin. */
function simulated({ requestsPerSec, forMs, share, usual = 0 }: Outage, random: () => number) {
  const startMs = random() * BIN_MS;
  const endMs = startMs + forMs;
  const bins = Array.from({ length: WATCHED_MS / BIN_MS }, (_, i): Bin => {
    const all = poisson((requestsPerSec * BIN_MS) / 1000).next(random);
    let bad = 0;
    for (let k = 0; k < all; k++) {
      const atMs = (i + random()) * BIN_MS;
      const isWrong = atMs >= startMs && atMs < endMs;
      if (random() < (isWrong ? share : usual)) bad++;
    }
    return { all, bad };
  });
  return { bins, startMs };
}

function withinShare(outage: Outage): number {
  const random = randomStream(11);
  let near = 0;
  for (let i = 0; i < TRIALS; i++) {
    const { bins, startMs } = simulated(outage, random);
    const recoveryMs = Math.max(0, stretchOf(bins, outage.usual ?? 0) * BIN_MS - startMs);
    if (Math.abs(recoveryMs - outage.forMs) <= 50) near++;
  }
  return near / TRIALS;
}

describe.each([200, 2000])('%d requests per second', (requestsPerSec) => {
  test.each([200, 500, 1000, 2000])('an outage of %d ms of all requests', (forMs) => {
    expect(withinShare({ requestsPerSec, forMs, share: 1 })).toBeGreaterThanOrEqual(0.95);
  });

  test.each([200, 500, 1000, 2000])('an outage of %d ms of half of them', (forMs) => {
    expect(withinShare({ requestsPerSec, forMs, share: 0.5 })).toBeGreaterThanOrEqual(0.95);
  });

  test('one in a hundred is lost at all times', () => {
    expect(withinShare({ requestsPerSec, forMs: 500, share: 1, usual: 0.01 })).toBeGreaterThanOrEqual(0.95);
  });

  test('nothing happened', () => {
    expect(withinShare({ requestsPerSec, forMs: 0, share: 0 })).toBe(1);
  });
});

test('an end that was not seen is none', () => {
  const bad: Bin = { all: 4, bad: 4 };
  const good: Bin = { all: 4, bad: 0 };
  const empty: Bin = { all: 0, bad: 0 };
  expect(stretchOf([bad, bad, bad], 0)).toBe(3);
  expect(stretchOf([bad, bad, empty, empty], 0)).toBe(4);
  expect(stretchOf([bad, bad, empty, good], 0)).toBe(2);
  expect(stretchOf([good, good], 0)).toBe(0);
  // A good reply in between is no end, nor is a bad one long after it a beginning.
  expect(stretchOf([bad, { all: 4, bad: 3 }, good, bad, good, good, good], 0)).toBe(4);
  expect(stretchOf([bad, ...Array.from({ length: 40 }, () => good), { all: 4, bad: 1 }, good], 0)).toBe(1);
});
