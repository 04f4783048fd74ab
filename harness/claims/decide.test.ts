import { expect, test } from 'vitest';
import { measurementOf, serverOf } from '../fixtures/measurement.ts';
import { cellOf, complete, manifestOf, okTrial } from '../fixtures/run.ts';
import { summarise } from '../judge/summary.ts';
import type { DecidedBy } from './claim.ts';
import { decide, type Finding, type Verdict, verdictOf } from './decide.ts';

const [single, cluster] = [cellOf('single'), cellOf('cluster')];
const noise = [0.99, 1, 1.01, 1.005, 0.995];
/** cluster takes 1.5 times the CPU time of single. */
const summary = summarise({
  manifest: manifestOf(),
  additions: [],
  trials: noise.flatMap((factor, round) => [
    okTrial(single, round, measurementOf({ server: serverOf({ cpuMsPerRequest: factor }) })),
    okTrial(cluster, round, measurementOf({ server: serverOf({ cpuMsPerRequest: 1.5 * factor ** 2 }) })),
  ]),
  end: complete,
});

function ratio(from: number | null, to: number | null, model = 'cluster', against = 'single'): DecidedBy {
  const about = { kind: 'ratio', scenario: 'hello', model, against, metric: 'cpu-per-request' } as const;
  return { ...about, connectionMode: 'keep-alive', from, to };
}
const verdict = (decidedBy: DecidedBy): Verdict => decide({ decidedBy }, summary).verdict;

test.each<[number | null, number | null, Verdict]>([
  [1.2, null, 'confirmed'],
  [1.2, 1.8, 'confirmed'],
  [null, 1.8, 'confirmed'],
  [1.2, 1.4, 'refuted'],
  [1.7, null, 'refuted'],
  [1.5, null, 'undecided'],
  [null, 1.5, 'undecided'],
])('about 1.5, claimed from %s to %s: %s', (from, to, expected) => {
  expect(verdict(ratio(from, to))).toBe(expected);
});

test('a ratio is of the model to the other, whichever the run has as its baseline', () => {
  const [one, other] = [ratio(0.5, 0.8, 'single', 'cluster'), ratio(1.2, 1.8)].map((by) =>
    decide({ decidedBy: by }, summary),
  );
  expect(one?.verdict).toBe('confirmed');
  expect(1 / (one?.low ?? 0)).toBeCloseTo(other?.high ?? 0);
});

test.each<[string, DecidedBy, string]>([
  ['another scenario', { ...ratio(1, 2), scenario: 'io' }, 'io was not measured'],
  ['another model', ratio(1, 2, 'piscina'), 'piscina and single were not compared'],
  ['another use of connections', { ...ratio(1, 2), connectionMode: 'per-request' } as DecidedBy, 'were not compared'],
])('%s cannot be decided', (_, decidedBy, why) => {
  const finding = decide({ decidedBy }, summary);
  expect(finding).toMatchObject({ verdict: 'undecided', point: null });
  expect(finding.why).toContain(why);
});

test('a number of requests per second', () => {
  const by = { kind: 'requests-per-sec', scenario: 'hello', model: 'cluster', connectionMode: 'keep-alive' } as const;
  expect(verdict({ ...by, from: null, to: 1 })).toBe('refuted');
  expect(verdict({ ...by, from: 1, to: null })).toBe('confirmed');
});

test('what nothing can be ahead of: the limit as a multiple of what was served', () => {
  const by = { kind: 'most-possible', scenario: 'hello', model: 'single', connectionMode: 'keep-alive' } as const;
  const [scenario] = summary.scenarios;
  const limit = {
    kind: 'cpu',
    requestsPerSec: 2 * (scenario?.cells[0]?.result?.requestsPerSec.point ?? 0),
    cpus: 2,
    kernelCpuMs: 1,
  } as const;
  const limited = { ...summary, scenarios: summary.scenarios.map((one) => ({ ...one, limit })) };
  const finding = decide({ decidedBy: { ...by, from: 8, to: null } }, limited);
  expect(finding).toMatchObject({ verdict: 'refuted', point: 2 });
  expect(decide({ decidedBy: { ...by, from: 8, to: null } }, summary).why).toBe('nothing limits hello but its servers');
});

const found = (...verdicts: readonly Verdict[]): readonly Finding[] =>
  verdicts.map((one) => ({ verdict: one, point: 1, low: 1, high: 1, why: null }));

test('of several repetitions, the verdict of most, and how many agree', () => {
  expect(verdictOf(found('refuted', 'refuted', 'undecided'))).toEqual({ verdict: 'refuted', agreed: 2 });
  expect(verdictOf(found('refuted', 'confirmed'))).toEqual({ verdict: 'undecided', agreed: 0 });
  expect(verdictOf(found('confirmed'))).toEqual({ verdict: 'confirmed', agreed: 1 });
});
