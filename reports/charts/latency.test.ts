import { expect, test } from 'vitest';
import { cell } from '../fixtures/build.ts';
import { summary } from '../fixtures/summary.ts';
import { resultWith, scenario, scenarioOf } from '../fixtures/variants.ts';
import type { ChartInput } from './chart.ts';
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
    cell('x', `model-${i}`, resultWith({ latencyMs: { p50, p90: null, p99: null, p999: null, max: 2000 } })),
  );
  expect(json(scenarioOf(...cells))).toContain('latency in ms (logarithmic scale)');
  expect(json(scenario('cpu'))).not.toContain('logarithmic');
});
