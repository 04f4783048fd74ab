import { describe, expect, test } from 'vitest';
import { parseSlo } from '../../plan/options/slo.ts';
import type { Sustained } from '../schema/rate.ts';
import { sloSentence } from './slo.ts';

const slo = parseSlo('p99=100ms');

function of(model: string, outcome: Sustained['outcome'], changes: Partial<Sustained> = {}): Sustained {
  return { cell: `cpu/${model}`, model, connectionMode: 'keep-alive', outcome, trials: 12, ...changes };
}
function found(model: string, estimate: number, low: number, high: number, brokeAt = high): Sustained {
  return of(model, { kind: 'found', estimate, low, high, brokeAt, brokeBy: 'p99 was 143 ms, over 100 ms' });
}

describe('models that sustain a rate', () => {
  test('one', () => {
    expect(sloSentence(slo, [found('single', 61.2, 58.3, 64.3)])).toBe(
      'Within p99 ≤ 100 ms and no errors, single sustains about 61.2 requests per second (58.3 to 64.3): ' +
        'it broke at 64.3 (p99 was 143 ms, over 100 ms).',
    );
  });

  test('the highest first, and no other may sustain as much', () => {
    expect(sloSentence(slo, [found('single', 61, 58, 64), found('cluster', 1520, 1450, 1600)])).toBe(
      'Within p99 ≤ 100 ms and no errors, cluster sustains about 1,520 requests per second (1,450 to 1,600) and ' +
        'single 61 (58 to 64): cluster broke at 1,600 (p99 was 143 ms, over 100 ms) and single broke at 64 ' +
        '(p99 was 143 ms, over 100 ms).',
    );
  });

  test('one whose interval reaches above the low end of the first may sustain as much; one that only touches may not', () => {
    const cluster = found('cluster', 150, 142, 157);
    expect(sloSentence(slo, [cluster, found('fork-pool', 140, 134, 143)])).toMatch(/ fork-pool may sustain as much\.$/);
    expect(sloSentence(slo, [cluster, found('fork-pool', 140, 134, 142)])).not.toContain('as much');
  });

  test('each is set against the first alone', () => {
    const [b, c] = [found('b', 138, 130, 145), found('c', 125, 120, 135)];
    expect(sloSentence(slo, [found('a', 150, 140, 160), b, c])).toMatch(/ b may sustain as much\.$/);
    expect(sloSentence(slo, [found('a', 150, 120, 160), b, c])).toMatch(/ b and c may sustain as much\.$/);
  });

  test('how they were connected to, where that differs', () => {
    const text = sloSentence(slo, [
      found('single', 61, 58, 64),
      { ...found('single', 40, 38, 42), connectionMode: 'per-request' },
    ]);
    expect(text).toContain('single sustains about 61');
    expect(text).toContain('single with a connection per request 40 (38 to 42)');
  });
});

test('every limit is named', () => {
  const asked = parseSlo('p50=1.5s,light.p99.9=20ms,errors=0.1%');
  expect(sloSentence(asked, [found('single', 61, 58, 64)])).toContain(
    'Within p50 ≤ 1,500 ms, p99.9 of light ≤ 20 ms and errors ≤ 0.1%, single',
  );
});

test('models without a rate are told with what was tried', () => {
  const text = sloSentence(slo, [
    of('single', { kind: 'none', triedPerSec: 5.03, brokeBy: 'p99 was 101 ms, over 100 ms' }),
    of('cluster', { kind: 'all', triedPerSec: 250, why: 'that is 125% of what it serves in a closed loop' }),
    of('fork-pool', { kind: 'untold', metPerSec: null, why: '24 trials did not settle it' }),
  ]);
  expect(text).toBe(
    'Asked for p99 ≤ 100 ms and no errors: single meets it at no rate that was tried: it broke at 5.03 requests per ' +
      'second (p99 was 101 ms, over 100 ms). cluster meets it up to the highest rate that was tried, 250 requests per ' +
      'second: that is 125% of what it serves in a closed loop. There is no result for fork-pool: 24 trials did not settle it.',
  );
});

test('no model at all', () => {
  expect(sloSentence(slo, [])).toBe('No model was searched for the highest rate within p99 ≤ 100 ms and no errors.');
});
