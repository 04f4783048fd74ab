import { describe, expect, test } from 'vitest';
import type { Percentile } from '../../harness/judge/schema/capacity.ts';
import type { ChartInput } from '../drawing/input.ts';
import { cell } from '../fixtures/build.ts';
import { percentiles } from '../fixtures/percentiles.ts';
import { summary } from '../fixtures/summary.ts';
import { resultWith, scenario, scenarioOf } from '../fixtures/variants.ts';
import latency from './latency.ts';

function json(scenarioSummary: ChartInput['scenario']): string {
  return JSON.stringify(latency.draw({ scenario: scenarioSummary, summary }));
}

test('a percentile that no model has is left out altogether', () => {
  expect(json(scenario('cpu'))).not.toContain('p99.9');
  expect(json(scenario('hello'))).toContain('p99.9');
});

test('a percentile that one model lacks is a dash with an explanation', () => {
  expect(json(scenario('io'))).toContain('–: too few requests for this percentile.');
});

test('the axis says when it is logarithmic', () => {
  const cells = [1, 1000].map((p50, i) =>
    cell('x', `model-${i}`, resultWith({ latencyMs: percentiles([p50, null, null, null, 2000]) })),
  );
  expect(json(scenarioOf(...cells))).toContain('latency in ms (logarithmic scale)');
  expect(json(scenario('cpu'))).not.toContain('logarithmic');
});

describe('the interval of p99', () => {
  const latencyMs = percentiles([20, 25, 30, null, 40]);
  const drawnWith = (p99: Partial<Percentile>) => {
    const changed = latencyMs.p99 === null ? null : { ...latencyMs.p99, ...p99 };
    return json(scenarioOf(cell('x', 'single', resultWith({ latencyMs: { ...latencyMs, p99: changed } }))));
  };

  test('is a whisker that fits on the axis, and is told in words', () => {
    const drawn = drawnWith({ low: 26, high: 71 });
    expect(drawn).toContain('"low":26,"high":71');
    expect(drawn).toContain('Whisker: 95% interval of p99');
    expect(drawn).toContain('p99 30.0 (26.0–71.0) ms');
    const [, end] = /"domain":\[0,([\d.]+)\]/u.exec(drawn) ?? [];
    expect(Number(end)).toBeGreaterThanOrEqual(71);
  });

  test('is left out where there are too few trials for one', () => {
    const drawn = drawnWith({ low: null, high: null });
    expect(drawn).not.toContain('Whisker');
    expect(drawn).toContain('p99 30.0 ms');
  });

  test('is not drawn where it says only that the trials disagree', () => {
    const drawn = drawnWith({ low: 1, high: 900 });
    expect(drawn).not.toContain('"high":900');
    expect(drawn).toContain('p99 30.0 (unsettled) ms');
    expect(drawn).toContain('Unsettled: the trials disagree');
  });
});
