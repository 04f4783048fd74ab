import { expect, test } from 'vitest';
import { cellOf, manifestOf, noRates, planOf } from '../../fixtures/run.ts';
import { parseSlo } from '../../plan/options/slo.ts';
import type { LatencyPlan, ScenarioPlan } from '../../store/schema.ts';
import { toldBeforehand } from './beforehand.ts';

const limit = { kind: 'cpu', requestsPerSec: 200, cpus: 2, kernelCpuMs: 10 } as const;
const told = (latency: Partial<LatencyPlan>, plan: Partial<ScenarioPlan> = {}): string[] => {
  const manifest = manifestOf({
    cells: [cellOf('single'), cellOf('cluster')],
    scenarios: [planOf(plan)],
    latency: { ...noRates, rounds: 2, measureMs: 1000, mayStretch: false, ...latency },
  });
  return toldBeforehand(manifest).map(({ message, nextStep }) => `${message} → ${nextStep}`);
};
const at = (requestsPerSec: number) => ({ rates: [{ kind: 'number', requestsPerSec } as const] });

test('a rate with too few requests for a p99 is told, with the --duration that would do', () => {
  expect(told({}, at(100))).toEqual([
    'hello: p99 at 100 requests/s cannot be told: it takes 500 requests, and 2 trials of 1 s have about 200 → give --duration 3s',
  ]);
  expect(told({}, at(250))).toEqual([]);
});

test('where windows may be stretched, only what that does not mend', () => {
  expect(told({ mayStretch: true }, at(100))).toEqual([]);
  expect(told({ mayStretch: true }, at(20))).toHaveLength(1);
  expect(told({}, at(0.1))).toEqual([expect.stringMatching(/→ ask for a lower percentile, or a higher rate$/u)]);
});

test('a share is of less than the physical limit; without one nothing is certain', () => {
  const rates = [{ kind: 'share', share: 0.5 } as const];
  expect(told({}, { rates, limit })).toEqual([expect.stringContaining('p99 at 100 requests/s cannot be told')]);
  expect(told({}, { rates, limit: null })).toEqual([]);
});

test('an SLO that no trial can judge, at whatever rate, is told for the percentile and class that it is of', () => {
  expect(told({ slo: parseSlo('p99=100ms') }, { limit })).toEqual([
    'hello: whether p99 holds, even at 200 requests/s, cannot be told: it takes 500 requests, and a trial of 1 s has about 200 → give --duration 3s',
  ]);
  expect(told({ slo: parseSlo('p50=100ms') }, { limit })).toEqual([]);
  expect(told({ slo: parseSlo('p99=100ms'), measureMs: 4000 }, { limit })).toEqual([]);
  expect(told({ slo: parseSlo('p99=100ms') }, { limit: null })).toEqual([]);
});

test('a sweep whose highest rate has too few is told', () => {
  expect(told({ sweep: true }, { limit })).toEqual([
    expect.stringContaining('p99 of the sweep, even at 200 requests/s'),
  ]);
  expect(told({ sweep: true, measureMs: 2000 }, { limit })).toEqual([]);
});
