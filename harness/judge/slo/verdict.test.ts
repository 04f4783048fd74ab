import { describe, expect, test } from 'vitest';
import { histogramOf, measurementOf } from '../../fixtures/measurement.ts';
import { parseSlo } from '../../plan/options/slo.ts';
import type { Measurement } from '../../store/schema.ts';
import type { LimitedBy } from '../schema/capacity.ts';
import { sloVerdict } from './verdict.ts';

type Open = NonNullable<Measurement['open']>;

const workers: LimitedBy = { by: 'workers', evidence: 'workers were busy 99% of the time' };
const ms = (count: number, latencyMs: number): number[] =>
  Array.from({ length: count }, () => Math.round(latencyMs * 1000));
const nothing = histogramOf([]);

/** Five seconds in which these latencies in µs were recorded. */
function trialOf(latenciesUs: readonly number[], open: Partial<Open> = {}): Measurement {
  return measurementOf({
    windowMs: 5000,
    latencyHistogram: histogramOf(latenciesUs),
    open: {
      windowOffsetMs: 0,
      due: latenciesUs.length,
      serviceHistogram: nothing,
      sendDelayHistogram: nothing,
      classes: [],
      unfinished: 0,
      timeoutMs: 10_000,
      errors: 0,
      backlog: { start: 3, end: 4 },
      connections: { most: 64, waited: 0 },
      ...open,
    },
  });
}

function judged(trial: Measurement, slo = 'p99=100ms', limitedBy = workers, offered = (trial.open?.due ?? 0) / 5) {
  return sloVerdict(trial, offered, parseSlo(slo), limitedBy);
}
const broken = (why: string) => ({ kind: 'broken', why });
const untold = (why: string) => ({ kind: 'untold', why });

describe('a percentile with enough requests', () => {
  test('is met when no more requests than lie beyond it are over the limit', () => {
    expect(judged(trialOf([...ms(990, 20), ...ms(10, 143)]))).toEqual({ kind: 'met' });
  });

  test('is broken by one more', () => {
    expect(judged(trialOf([...ms(989, 20), ...ms(11, 143)]))).toEqual(broken('p99 was 143 ms, over 100 ms'));
  });

  test('is met at the limit itself, as far as the histogram can tell', () => {
    expect(judged(trialOf(ms(1000, 100)))).toEqual({ kind: 'met' });
  });

  test('has as many digits as it takes to be over its limit', () => {
    expect(judged(trialOf(ms(1000, 100.35)))).toEqual(broken('p99 was 100.4 ms, over 100 ms'));
  });

  test('is the time-out or more where requests had no reply', () => {
    const trial = trialOf([...ms(980, 20), ...ms(20, 10_000)], { unfinished: 20 });
    expect(judged(trial)).toEqual(broken('p99 was 10,000 ms or more, over 100 ms'));
  });

  test('every limit counts', () => {
    const trial = trialOf([...ms(900, 20), ...ms(100, 80)]);
    expect(judged(trial, 'p50=30ms,p99=100ms')).toEqual({ kind: 'met' });
    expect(judged(trial, 'p50=30ms,p99=70ms').kind).toBe('broken');
    expect(judged(trial, 'p50=10ms,p99=100ms')).toEqual(broken('p50 was 20 ms, over 10 ms'));
  });

  test('of one class', () => {
    const light = { name: 'light', due: 600, latencyHistogram: histogramOf(ms(600, 61)), unfinished: 0 };
    const trial = trialOf([...ms(600, 61), ...ms(600, 90)], { classes: [light] });
    expect(judged(trial, 'p99=100ms,light.p99=60ms')).toEqual(broken('p99 of light was 61 ms, over 60 ms'));
    expect(judged(trial, 'p99=100ms,light.p99=62ms')).toEqual({ kind: 'met' });
    expect(judged(trial, 'heavy.p99=60ms')).toEqual(untold('there is no request class heavy'));
  });
});

describe('a percentile with few requests', () => {
  test('is not told', () => {
    expect(judged(trialOf(ms(499, 20)))).toEqual(
      untold('p99 takes 500 requests, and there were 499; give --duration 7s'),
    );
    expect(judged(trialOf(ms(500, 20)))).toEqual({ kind: 'met' });
    expect(judged(trialOf(ms(500, 20)), 'p99.9=100ms')).toEqual(
      untold('p99.9 takes 5,000 requests, and there were 500; give --duration 60s'),
    );
    expect(judged(trialOf(ms(9, 20)), 'p50=100ms')).toEqual(
      untold('p50 takes 10 requests, and there were 9; give --duration 7s'),
    );
  });

  test('no duration that is allowed would do', () => {
    expect(judged(trialOf(ms(20, 20)), 'p99.9=100ms')).toEqual(
      untold('p99.9 takes 5,000 requests, and there were 20; give a lower percentile'),
    );
  });

  test('is broken when five are over, which is more than its share', () => {
    expect(judged(trialOf([...ms(95, 20), ...ms(5, 130)]))).toEqual(
      broken('p99 is over: 5 of 100 requests took 130 ms or more, over 100 ms'),
    );
    expect(judged(trialOf([...ms(96, 20), ...ms(4, 130)])).kind).toBe('untold');
  });

  test('no request at all', () => {
    const light = { name: 'light', due: 0, latencyHistogram: nothing, unfinished: 0 };
    expect(judged(trialOf(ms(1000, 5), { classes: [light] }), 'light.p99=5ms')).toEqual(
      untold('p99 of light takes 500 requests, and there were 0; give a longer --duration'),
    );
    expect(judged(trialOf([]), 'p99=5ms', workers, 100).kind).toBe('untold');
  });

  test('another limit that is broken is enough', () => {
    expect(judged(trialOf(ms(100, 20)), 'p99=100ms,p50=10ms')).toEqual(broken('p50 was 20 ms, over 10 ms'));
  });
});

describe('errors', () => {
  test.each([
    [0, 0, 'p99=100ms', null],
    [1, 0, 'p99=100ms', '1 of 1000 requests failed'],
    [1, 2, 'p99=100ms', '3 of 1000 requests failed, 2 of them without a reply within 10,000 ms'],
    [1, 0, 'p99=100ms,errors=0.1%', null],
    [2, 0, 'p99=100ms,errors=0.1%', '2 of 1000 requests failed, over 0.1%'],
  ])('%i failed and %i without a reply, within %s', (errors, unfinished, slo, why) => {
    const trial = trialOf(ms(1000 - errors, 20), { due: 1000, errors, unfinished });
    expect(judged(trial, slo)).toEqual(why === null ? { kind: 'met' } : broken(why));
  });
});

describe('keeping up', () => {
  test.each([
    // More than a twentieth of 1000, but not more than twice √1000.
    [1000, 63, 'met'],
    [1000, 64, 'broken'],
    // More than twice √10000, but not more than a twentieth.
    [10_000, 500, 'met'],
    [10_000, 501, 'broken'],
    [10_000, -600, 'met'],
  ] as const)('%i due and a backlog that grew by %i: %s', (due, growth, kind) => {
    const trial = trialOf(ms(due, 20), { backlog: { start: 700, end: 700 + growth } });
    expect(judged(trial, 'p99=5s').kind).toBe(kind);
  });

  test('both rates', () => {
    const trial = trialOf(ms(1000, 20), { backlog: { start: 2, end: 72 } });
    expect(judged(trial)).toEqual(broken('fell behind: answered 186 of 200 requests/s that were due'));
  });

  test('a rate that was not offered is not met', () => {
    expect(judged(trialOf(ms(1000, 20)), 'p99=100ms', workers, 250)).toEqual(
      untold('only 200 of 250 requests/s were offered'),
    );
    expect(judged(trialOf(ms(1000, 20)), 'p99=100ms', workers, 205)).toEqual({ kind: 'met' });
    expect(judged(trialOf(ms(1000, 200)), 'p99=100ms', workers, 250).kind).toBe('broken');
  });
});

describe('what was to blame', () => {
  const evidence = 'the generator was busy 99% of the time';

  test.each<[LimitedBy['by'], string]>([
    ['generator', `p99 was 143 ms, over 100 ms, but the load generator was saturated: ${evidence}`],
    ['machine', `p99 was 143 ms, over 100 ms, but the server did not have its CPUs to itself: ${evidence}`],
    ['connections', `p99 was 143 ms, over 100 ms, but the harness opened no more connections: ${evidence}`],
  ])('%s: broken is not told, and met is met', (by, why) => {
    expect(judged(trialOf(ms(1000, 143)), 'p99=100ms', { by, evidence })).toEqual(untold(why));
    expect(judged(trialOf(ms(1000, 90)), 'p99=100ms', { by, evidence })).toEqual({ kind: 'met' });
  });

  test.each<LimitedBy['by']>(['workers', 'front', 'offered-rate', 'upstream', 'unclear'])(
    '%s: broken is broken',
    (by) => {
      expect(judged(trialOf(ms(1000, 143)), 'p99=100ms', { by, evidence }).kind).toBe('broken');
    },
  );
});

test('a trial of another load', () => {
  expect(judged(measurementOf(), 'p99=100ms', workers, 100)).toEqual(untold('the trial did not record an open loop'));
});
