import { describe, expect, test } from 'vitest';
import type { Rate } from '../../store/schema.ts';
import { mostAsked, mostOffered, offeredRates, SWEEP_POINTS, sweepRates } from './rates.ts';

const number = (requestsPerSec: number): Rate => ({ kind: 'number', requestsPerSec });
const share = (of: number): Rate => ({ kind: 'share', share: of });

test('what generators can offer is that of the mode that can offer less, and a share comes to less than may be asked', () => {
  for (const generators of [1, 3]) {
    for (const modes of [['keep-alive'], ['per-request'], ['keep-alive', 'per-request']] as const) {
      expect(mostOffered(generators, modes)).toBeLessThan(mostAsked(generators, modes));
      expect(mostOffered(generators, modes)).toBe(generators * mostOffered(1, modes));
    }
    expect(mostAsked(generators, ['keep-alive', 'per-request'])).toBe(mostAsked(generators, ['per-request']));
  }
});

describe('what is offered', () => {
  const offered = (rates: readonly Rate[], basis: number | null = 1000, most = 5000) =>
    offeredRates(rates, basis, most);

  test('is a share of the basis in three digits, lowest first', () => {
    expect(offered([share(0.8), share(0.5)], 987.654)).toEqual([
      { requestsPerSec: 494, share: 0.5, capped: false },
      { requestsPerSec: 790, share: 0.8, capped: false },
    ]);
    expect(offered([share(0.5)], 0.0123)).toMatchObject([{ requestsPerSec: 0.00615 }]);
  });

  test('is a number as it was given, whatever the basis', () => {
    const rates = [number(1234.5), number(7)];
    const expected = [
      { requestsPerSec: 7, share: null, capped: false },
      { requestsPerSec: 1234.5, share: null, capped: false },
    ];
    expect(offered(rates)).toEqual(expected);
    expect(offered(rates, null)).toEqual(expected);
    expect(offered(rates, 1, 5)).toEqual(expected);
  });

  test('is no share without a basis', () => {
    expect(offered([share(0.5), number(200), share(0.8)], null)).toMatchObject([{ requestsPerSec: 200 }]);
    expect(offered([share(0.5)], null)).toEqual([]);
  });

  test('is lowered to what the generators can offer, once, and no share any more', () => {
    expect(offered([share(0.5), share(0.8), share(0.9)], 8000)).toEqual([
      { requestsPerSec: 4000, share: 0.5, capped: false },
      { requestsPerSec: 5000, share: null, capped: true },
    ]);
    expect(offered([share(0.5)], 10_000)).toEqual([{ requestsPerSec: 5000, share: 0.5, capped: false }]);
  });

  test('is each rate once, also when a number is what a share comes to', () => {
    expect(offered([share(0.5), number(500)]).map(({ requestsPerSec }) => requestsPerSec)).toEqual([500]);
    expect(offered([number(200), number(200)]).map(({ requestsPerSec }) => requestsPerSec)).toEqual([200]);
  });

  test('says that a share was lowered, also when its new rate was asked for as a number', () => {
    const lowered = [{ requestsPerSec: 5000, share: null, capped: true }];
    expect(offered([share(0.8), number(5000)], 10_000)).toEqual(lowered);
    expect(offered([number(5000), share(0.8)], 10_000)).toEqual(lowered);
  });

  test('is nothing when nothing was asked for', () => {
    expect(offered([])).toEqual([]);
  });
});

describe('a sweep', () => {
  const own = (capacityPerSec: number, mostPerSec: number) => ({ capacityPerSec, isServerLimited: true, mostPerSec });

  test('goes on where capacity was not that of the server, as far as the generators do', () => {
    const beyond = (mostPerSec: number) => sweepRates({ ...own(1000, mostPerSec), isServerLimited: false });
    expect(beyond(5000)).toEqual([...sweepRates(own(1000, 5000)), 1500, 2000, 3000]);
    expect(beyond(2000).at(-1)).toBe(2000);
  });

  test('goes from a tenth of the capacity to a little more than all of it, upwards', () => {
    const rates = sweepRates(own(1000, 5000));
    expect(rates).toHaveLength(SWEEP_POINTS);
    expect([rates[0], rates.at(-1)]).toEqual([100, 1050]);
    expect(rates).toEqual([...new Set(rates)].toSorted((a, b) => a - b));
  });

  test('has distinct rates at any capacity', () => {
    for (let capacity = 0.001; capacity < 1e6; capacity *= 1.37) {
      expect(new Set(sweepRates(own(capacity, 1e9))).size, `${capacity}`).toBe(SWEEP_POINTS);
    }
  });

  test('ends where the generators do', () => {
    expect(sweepRates(own(10_000, 5000))).toEqual([1000, 3000, 5000]);
    expect(sweepRates(own(1_000_000, 5000))).toEqual([]);
  });
});
