import { describe, expect, test } from 'vitest';
import { histogramOf, measurementOf } from '../../fixtures/measurement.ts';
import { parseSlo } from '../../plan/options/slo.ts';
import type { Capacity } from '../../plan/schedule/rates.ts';
import { randomStream } from '../../stats/random.ts';
import { boundaryPerSec, p99, type QueueServer, queueTrial } from '../fixtures/queue-server.ts';
import { type Sustained, sustainedSchema } from '../schema/rate.ts';
import type { Probe } from './levels.ts';
import { nextProbe, searchRates } from './search.ts';
import { type SloVerdict, sloVerdict } from './verdict.ts';

type Outcome = Sustained['outcome'];

const MOST_TRIALS = 24;
const ENOUGH = Number.POSITIVE_INFINITY;
const met: SloVerdict = { kind: 'met' };
const broken = (rate: number): SloVerdict => ({ kind: 'broken', why: `over at ${rate}` });
const untold: SloVerdict = { kind: 'untold', why: 'the generator was late' };

/** Of a server that was the limit in a closed loop. */
const own = (capacityPerSec: number, mostPerSec = ENOUGH): Capacity => ({
  capacityPerSec,
  isServerLimited: true,
  mostPerSec,
});
/** Of a closed loop that something else held back. */
const held = (capacityPerSec: number, mostPerSec = ENOUGH): Capacity => {
  return { capacityPerSec, isServerLimited: false, mostPerSec };
};

/** Asks and tries until the search is over. */
function search(capacityPerSec: number, trial: (rate: number, nth: number) => SloVerdict, most = ENOUGH) {
  return searchFrom(own(capacityPerSec, most), trial);
}

function searchFrom(capacity: Capacity, trial: (rate: number, nth: number) => SloVerdict) {
  const probes: Probe[] = [];
  for (;;) {
    const next = nextProbe(capacity, probes);
    if (next.kind === 'over') return { outcome: next.outcome, probes };
    // Of hundred thousands of trials: `expect` would take longer than the search.
    if (next.trials !== 1 || probes.length >= MOST_TRIALS) expect.fail(`${next.trials} more after ${probes.length}`);
    probes.push({ requestsPerSec: next.requestsPerSec, verdict: trial(next.requestsPerSec, probes.length) });
  }
}

/** What holds however the trials went. */
function expectSound(outcome: Outcome): void {
  expect(() => sustainedSchema.shape.outcome.parse(outcome)).not.toThrow();
  if (outcome.kind !== 'found') return;
  expect(outcome.low).toBeLessThanOrEqual(outcome.estimate);
  expect(outcome.estimate).toBeLessThan(outcome.brokeAt);
  expect(outcome.estimate).toBeLessThan(outcome.high);
}

describe('the rates that may be tried', () => {
  test('from 5% to 125% of capacity, each about 1.05 times the one below', () => {
    const rates = searchRates(own(1000));
    expect([rates[0], rates.at(-1), rates.length]).toEqual([50, 1250, 67]);
    for (const [i, rate] of rates.slice(1).entries()) {
      expect(rate / (rates[i] ?? 0)).toBeGreaterThan(1.03);
      expect(rate / (rates[i] ?? 0)).toBeLessThan(1.07);
      expect(Number(rate.toPrecision(3))).toBe(rate);
    }
  });

  test('what the generators can offer cuts them short and leaves the others as they are', () => {
    const rates = searchRates(own(7.77));
    expect(searchRates(own(7.77, 4))).toEqual(rates.filter((rate) => rate <= 4));
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('a capacity of %d', (capacity) => {
    expect(nextProbe(own(capacity), [])).toEqual({
      kind: 'over',
      outcome: { kind: 'untold', metPerSec: null, why: 'its capacity is not known' },
    });
  });

  test('generators that cannot even offer the lowest', () => {
    expect(nextProbe(own(1000, 40), [])).toEqual({
      kind: 'over',
      outcome: {
        kind: 'untold',
        metPerSec: null,
        why: 'the generators can offer 40 requests/s, and the lowest rate to try is 50',
      },
    });
  });
});

describe('without noise', () => {
  const rates = searchRates(own(200));

  test.each(rates.slice(0, -1).map((rate, i) => [rate, rates[i + 1] ?? 0] as const))(
    'a boundary between %d and %d is found',
    (below, above) => {
      const { outcome, probes } = search(200, (rate) => (rate <= below ? met : broken(rate)));
      const brokeBy = `over at ${above}`;
      expect(outcome).toEqual({ kind: 'found', estimate: below, low: below, high: above, brokeAt: above, brokeBy });
      expect(probes.length).toBeLessThanOrEqual(16);
    },
  );

  test('broken everywhere', () => {
    const { outcome, probes } = search(200, broken);
    expect(outcome).toEqual({ kind: 'none', triedPerSec: 10, brokeBy: 'over at 10' });
    expect(probes.filter(({ requestsPerSec }) => requestsPerSec === 10)).toHaveLength(3);
  });

  test('met everywhere', () => {
    const why = 'that is 125% of what it serves in a closed loop';
    expect(search(200, () => met).outcome).toEqual({ kind: 'all', triedPerSec: 250, why });
  });

  test('met wherever the generators can offer it', () => {
    const why = 'the generators can offer no more';
    const { outcome } = search(200, () => met, 150);
    expect(outcome).toEqual({ kind: 'all', triedPerSec: Math.max(...searchRates(own(200, 150))), why });
  });

  test('trials at other rates are passed over', () => {
    const other: Probe = { requestsPerSec: 123.456, verdict: broken(1) };
    expect(nextProbe(own(200), [other])).toEqual(nextProbe(own(200), []));
  });

  test('the order of trials does not matter', () => {
    const { outcome, probes } = search(200, (rate) => (rate < 150 ? met : broken(rate)));
    expect(nextProbe(own(200), probes.toReversed())).toEqual({ kind: 'over', outcome });
  });
});

describe('where something else held the closed loop back', () => {
  const rates = searchRates(held(200));

  test('the same rates may be tried, and more up to 8 times as much', () => {
    const ordinary = searchRates(own(200));
    expect(rates.slice(0, ordinary.length)).toEqual(ordinary);
    expect(rates.at(-1)).toBeGreaterThan(8 * 200 * 0.95);
    expect(rates.at(-1)).toBeLessThanOrEqual(8 * 200);
    expect(searchRates(held(200, 700))).toEqual(rates.filter((rate) => rate <= 700));
  });

  test.each(rates.slice(0, -1).map((rate, i) => [rate, rates[i + 1] ?? 0] as const))(
    'a boundary between %d and %d is found',
    (below, above) => {
      const { outcome } = searchFrom(held(200), (rate) => (rate <= below ? met : broken(rate)));
      expect(outcome).toMatchObject({ kind: 'found', estimate: below, brokeAt: above });
    },
  );

  test('rates are doubled until one breaks', () => {
    const { probes } = searchFrom(held(200), (rate) => (rate < 450 ? met : broken(rate)));
    const [first = 0, second = 0, third = 0] = probes.map(({ requestsPerSec }) => requestsPerSec / 200);
    expect(first).toBeCloseTo(0.625, 1);
    expect(second).toBeCloseTo(1.25, 1);
    expect(third).toBeCloseTo(2.5, 1);
  });

  test('met everywhere, and how far that is', () => {
    const why = 'that is 8.0 times what it serves in a closed loop';
    expect(searchFrom(held(200), () => met).outcome).toEqual({ kind: 'all', triedPerSec: rates.at(-1), why });
    const cut = searchFrom(held(200, 700), () => met).outcome;
    expect(cut).toMatchObject({ kind: 'all', why: 'the generators can offer no more' });
  });

  test('a boundary below rates of which nothing can be told is found as ever', () => {
    const verdict = (rate: number) => (rate < 150 ? met : rate < 240 ? broken(rate) : untold);
    expect(searchFrom(held(200), verdict).outcome.kind).toBe('found');
  });

  test('any trials whatever: it ends, and what it says is sound', () => {
    const random = randomStream(12);
    for (let run = 0; run < 200; run++) {
      const shares = [random(), random() * random()] as const;
      const { outcome } = searchFrom(held(10 ** (4 * random()), 5000), (rate) => {
        if (random() < shares[1]) return untold;
        return random() < shares[0] ? met : broken(rate);
      });
      expectSound(outcome);
    }
  });
});

describe('one trial that noise turned over', () => {
  const boundary = 150;
  const honest = (rate: number): SloVerdict => (rate < boundary ? met : broken(rate));
  const clean = search(200, honest);

  test.each(clean.probes.map((_, nth) => nth))('trial %i', (wrong) => {
    const flip = (rate: number): SloVerdict => (honest(rate).kind === 'met' ? broken(rate) : met);
    const { outcome } = search(200, (rate, nth) => (nth === wrong ? flip(rate) : honest(rate)));
    expectSound(outcome);
    expect(outcome).toMatchObject({
      kind: 'found',
      estimate: clean.outcome.kind === 'found' && clean.outcome.estimate,
    });
  });
});

describe('trials of which nothing can be told', () => {
  test('one is tried again', () => {
    const { outcome } = search(200, (rate, nth) => (nth === 0 ? untold : rate < 100 ? met : broken(rate)));
    expect(outcome.kind).toBe('found');
  });

  test('a level in the bracket is gone around', () => {
    const rates = searchRates(own(200));
    const [bad = 0] = rates.filter((rate) => rate > 100);
    const { outcome } = search(200, (rate) => (rate === bad ? untold : rate < bad ? met : broken(rate)));
    const i = rates.indexOf(bad);
    expect(outcome).toMatchObject({ kind: 'found', estimate: rates[i - 1], brokeAt: rates[i + 1] });
  });

  test('all above some rate', () => {
    const { outcome, probes } = search(200, (rate) => (rate < 140 ? met : untold));
    expect(outcome.kind === 'untold' && outcome.why).toMatch(
      /^it was met at 13\d requests\/s, but no verdict was possible at 14\d requests\/s: the generator was late$/,
    );
    expect(probes.length).toBeLessThanOrEqual(16);
  });

  test('all below some rate', () => {
    const { outcome } = search(200, (rate) => (rate < 50 ? untold : broken(rate)));
    expect(outcome.kind === 'untold' && outcome.why).toMatch(
      /^it was broken at 5\d(\.\d)? requests\/s, but no verdict was possible at 4\d(\.\d)? requests\/s: the generator was late$/,
    );
  });

  test('everywhere', () => {
    const { outcome, probes } = search(200, () => untold);
    expect(outcome.kind === 'untold' && outcome.why).toMatch(/^no verdict was possible at .*: the generator was late$/);
    expect(probes).toHaveLength(6);
  });
});

test('any trials whatever: it ends, and what it says is sound', () => {
  const random = randomStream(11);
  for (let run = 0; run < 200; run++) {
    const shares = [random(), random() * random()] as const;
    const { outcome, probes } = search(10 ** (4 * random()), (rate) => {
      if (random() < shares[1]) return untold;
      return random() < shares[0] ? met : broken(rate);
    });
    expectSound(outcome);
    // Trials in an order that no search would have made, as a file that was put together by hand may have.
    const rates = searchRates(own(100));
    const scattered = probes.map(({ verdict }) => {
      return { requestsPerSec: rates[Math.floor(random() * rates.length)] ?? 0, verdict };
    });
    const next = nextProbe(own(100), [...scattered, ...scattered, ...scattered]);
    if (next.kind === 'over') expectSound(next.outcome);
  }
});

/** Searches on a simulated server, with the capacity measured to about 3%. */
function simulated(server: QueueServer, limitMs: number, repetitions: number) {
  const truth = boundaryPerSec(server, limitMs, 201);
  const runs = Array.from({ length: repetitions }, (_, seed) => {
    const random = randomStream(1000 + seed);
    const capacity = server.capacityPerSec * (0.95 + 0.1 * random());
    const { outcome, probes } = search(capacity, (rate) =>
      p99(queueTrial(server, rate, random)) > limitMs ? broken(rate) : met,
    );
    expectSound(outcome);
    return { outcome, trials: probes.length };
  });
  const found = runs.flatMap(({ outcome }) => (outcome.kind === 'found' ? [outcome] : []));
  const share = (is: (outcome: (typeof found)[number]) => boolean): number => found.filter(is).length / repetitions;
  return {
    within: (error: number) => share(({ estimate }) => Math.abs(estimate / truth - 1) <= error),
    covered: share(({ low, high }) => low <= truth && truth <= high),
    meanTrials: runs.reduce((sum, { trials }) => sum + trials, 0) / repetitions,
    mostTrials: Math.max(...runs.map(({ trials }) => trials)),
    truth,
  };
}

describe('simulated servers with a queue, with random arrivals and 3% from launch to launch', () => {
  const server: QueueServer = { capacityPerSec: 500, service: 'constant', launchNoise: 0.03, windowSec: 2.5 };

  test('the rate at which half of all trials break is found within 8% in 95% of searches', () => {
    const figures = simulated(server, 100, 200);
    expect(figures.within(0.08)).toBeGreaterThanOrEqual(0.95);
    expect(figures.covered).toBeGreaterThanOrEqual(0.85);
    expect(figures.meanTrials).toBeLessThan(14);
    expect(figures.mostTrials).toBeLessThanOrEqual(MOST_TRIALS);
  });

  test('within 16% where a window has few requests of very unequal length', () => {
    const figures = simulated({ ...server, capacityPerSec: 200, service: 'exponential' }, 100, 200);
    expect(figures.within(0.16)).toBeGreaterThanOrEqual(0.95);
    expect(figures.covered).toBeGreaterThanOrEqual(0.8);
    expect(figures.meanTrials).toBeLessThan(17);
  });

  test('judged from what a trial records, as far as the limit goes and below', () => {
    const slo = parseSlo('p99=100ms');
    const rest = {
      windowOffsetMs: 0,
      serviceHistogram: '',
      sendDelayHistogram: '',
      classes: [],
      unfinished: 0,
      timeoutMs: 10_000,
      errors: 0,
    };
    const random = randomStream(3);
    const { outcome } = search(server.capacityPerSec, (rate) => {
      const latencyHistogram = histogramOf([...queueTrial(server, rate, random)].map((ms) => Math.round(1000 * ms)));
      const due = Math.round(rate * server.windowSec);
      const backlog = { start: 0, end: 0 };
      const open = { ...rest, due, backlog, connections: { most: 64, waited: 0 } };
      const measurement = measurementOf({ windowMs: 1000 * server.windowSec, latencyHistogram, open });
      return sloVerdict(measurement, rate, slo, { by: 'workers', evidence: '' });
    });
    expectSound(outcome);
    expect(outcome.kind === 'found' && outcome.estimate).toBeGreaterThan(450);
    expect(outcome.kind === 'found' && outcome.estimate).toBeLessThan(540);
    expect(outcome.kind === 'found' && outcome.brokeBy).toMatch(/^p99 was \d+ ms, over 100 ms$/);
  });
});
