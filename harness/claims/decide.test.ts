import { expect, test } from 'vitest';
import { measurementOf, openMeasurementOf, repeated, serverOf } from '../fixtures/measurement.ts';
import { additionOf, cellOf, complete, manifestOf, okTrial, planOf, rateCellOf } from '../fixtures/run.ts';
import type { CellResult, LimitedBy } from '../judge/schema/capacity.ts';
import type { RateResult } from '../judge/schema/rate.ts';
import type { ScenarioSummary, Summary } from '../judge/schema/summary.ts';
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

/** The summary above, changed in its one scenario. */
function changed(of: (scenario: ScenarioSummary) => Partial<ScenarioSummary>): Summary {
  return { ...summary, scenarios: summary.scenarios.map((one) => ({ ...one, ...of(one) })) };
}

/** With another label, or another kind of memory, of every cell. */
function withResult(changes: Partial<Pick<CellResult, 'limitedBy' | 'memory'>>): Summary {
  return changed(({ cells }) => ({
    cells: cells.map((cell) => ({ ...cell, result: cell.result && { ...cell.result, ...changes } })),
  }));
}

const perSec = { kind: 'requests-per-sec', scenario: 'hello', model: 'cluster', connectionMode: 'keep-alive' } as const;

test.each<[LimitedBy['by'], Verdict]>([
  ['workers', 'confirmed'],
  ['connections', 'confirmed'],
  ['generator', 'undecided'],
  ['machine', 'undecided'],
  ['upstream', 'undecided'],
  ['unclear', 'undecided'],
])('served at most, limited by %s: %s', (by, expected) => {
  const limited = withResult({ limitedBy: { by, evidence: '' } });
  const decided = (to: number): Finding => decide({ decidedBy: { ...perSec, from: null, to } }, limited);
  expect(decided(1e6).verdict).toBe(expected);
  expect(decided(1e6).high === null).toBe(expected === 'undecided');
  expect(decided(1).verdict).toBe('refuted');
});

test('memory is compared where shared pages are counted once', () => {
  const [memory] = summary.scenarios[0]?.cells.flatMap(({ result }) => (result === null ? [] : [result.memory])) ?? [];
  if (memory === undefined) throw new Error('nothing was measured');
  const decidedBy = { ...ratio(0.5, 2), metric: 'peak-memory' } as DecidedBy;
  expect(decide({ decidedBy }, summary).verdict).toBe('confirmed');
  const found = decide({ decidedBy }, withResult({ memory: { ...memory, kind: 'rss' } }));
  expect(found).toMatchObject({ verdict: 'undecided', point: null });
  expect(found.why).toContain('shared pages');
});

test('what nothing can be ahead of: the limit as a multiple of what was served, which refutes and never confirms', () => {
  const by = { kind: 'most-possible', scenario: 'hello', model: 'single', connectionMode: 'keep-alive' } as const;
  const served = summary.scenarios[0]?.cells[0]?.result?.requestsPerSec.point ?? 0;
  const limit = (times: number) => ({ kind: 'cpu', requestsPerSec: times * served, cpus: 2, kernelCpuMs: 1 }) as const;
  const eight = { decidedBy: { ...by, from: 8, to: null } };
  const limited = (times: number): Summary => changed(() => ({ limit: limit(times) }));
  expect(decide(eight, limited(2))).toMatchObject({ verdict: 'refuted', point: 2 });
  expect(decide(eight, limited(10))).toMatchObject({ verdict: 'undecided', point: 10 });
  expect(decide(eight, summary).why).toBe('nothing limits hello but its servers');
  const disturbed = withResult({ limitedBy: { by: 'machine', evidence: '' } });
  const scenarios = disturbed.scenarios.map((one) => ({ ...one, limit: limit(10) }));
  expect(decide(eight, { ...disturbed, scenarios })).toMatchObject({ verdict: 'undecided', low: 0 });
});

/** Both were offered half of what the slower one can do; cluster answers within 100 ms, single within 10. */
function atHalf(changes: Partial<RateResult> = {}, atLeast: readonly string[] = []): Summary {
  const cells = [
    ['single', 10],
    ['cluster', 100],
  ] as const;
  const base = rateSummary.scenarios[0]?.latency;
  if (base == null) throw new Error('no rate was offered');
  return changed(() => ({
    latency: {
      ...base,
      common: base.common.map((common) => ({ ...common, share: 0.5 })),
      cells: base.cells.map((cell) => {
        const ms = cells.find(([model]) => model === cell.model)?.[1] ?? 0;
        const p90 = { ms, low: ms * 0.9, high: ms * 1.1, atLeast: atLeast.includes(cell.model) };
        const latency = { p50: null, p90, p99: null, p999: null, maxMs: null };
        const classes = [{ name: 'light', requests: 1000, unfinished: 0, latency }];
        const own = cell.model === 'single' ? changes : {};
        const result = cell.result && { ...cell.result, keptUp: true, limitedBy: onTime, classes, ...own };
        return { ...cell, result };
      }),
    },
  }));
}
const onTime = { by: 'offered-rate', evidence: 'on time' } as const;
const rates = [rateCellOf('single', 500), rateCellOf('cluster', 500)];
const rateSummary = summarise({
  manifest: manifestOf({ scenarios: [planOf({ rates: [{ kind: 'share', share: 0.5 }] })] }),
  additions: [additionOf(rates, { why: { kind: 'common', basis: null, cappedAt: null }, rounds: [0, 1, 2] })],
  trials: [0, 1, 2].flatMap((round) => rates.map((cell) => okTrial(cell, round, openMeasurementOf(repeated(100, 5))))),
  end: complete,
});
const p90 = {
  ...({ kind: 'latency', scenario: 'hello', model: 'single', against: 'cluster', percentile: 'p90' } as const),
  ...{ requestClass: 'light', share: 0.5, from: null, to: 0.5 },
};

test('a percentile of latency, where it is that of the server at a rate that both kept up with', () => {
  const found = (at: Summary): Finding => decide({ decidedBy: p90 }, at);
  expect(found(atHalf())).toMatchObject({ verdict: 'confirmed', point: 0.1 });
  expect(found(atHalf({ keptUp: false })).why).toBe('single did not keep up with 50% of the capacity');
  const late = found(atHalf({ limitedBy: { by: 'generator', evidence: 'it was late' } }));
  expect(late).toMatchObject({ verdict: 'undecided', point: null });
  expect(late.why).toBe('latencies of single are not those of the server alone: it was late');
});

test('a percentile among requests without a reply is that or more', () => {
  const other = { model: 'cluster', against: 'single', from: 5, to: null } as const;
  const decided = (by: object, atLeast: string): Finding =>
    decide({ decidedBy: { ...p90, ...by } }, atHalf({}, [atLeast]));
  expect(decided({}, 'cluster')).toMatchObject({ verdict: 'confirmed', low: 0 });
  expect(decided({}, 'single')).toMatchObject({ verdict: 'undecided', high: null });
  expect(decided(other, 'cluster')).toMatchObject({ verdict: 'confirmed', high: null });
  expect(decided(other, 'single')).toMatchObject({ verdict: 'undecided', low: 0 });
});

const found = (...verdicts: readonly Verdict[]) =>
  verdicts.map((one, nth) => ({
    ...{ verdict: one, point: nth, low: nth, high: nth, why: null },
    ...{ node: '22.12.0', cpuModel: 'a CPU' },
  }));

test.each<[Verdict, number, readonly Verdict[]]>([
  ['refuted', 2, ['refuted', 'refuted', 'undecided']],
  ['undecided', 0, ['refuted', 'confirmed']],
  ['undecided', 0, ['refuted', 'refuted', 'confirmed']],
  ['undecided', 2, ['confirmed', 'undecided', 'undecided', 'confirmed']],
  ['confirmed', 1, ['confirmed']],
])('of several repetitions: %s by %d of %j', (verdict, agreed, of) => {
  expect(verdictOf(found(...of))).toMatchObject({ verdict, agreed });
});

test('what is shown is a repetition that agrees', () => {
  expect(verdictOf(found('undecided', 'refuted', 'refuted')).shown?.point).toBe(1);
});

test.each([{ node: '24.0.0' }, { cpuModel: 'another CPU' }])('a repetition on %j is none of these', (other) => {
  const [first, ...rest] = found('undecided', 'refuted', 'refuted');
  if (first === undefined) throw new Error('there is none');
  expect(verdictOf([first, ...rest.map((one) => ({ ...one, ...other }))])).toMatchObject({
    ...{ verdict: 'undecided', agreed: 1, shown: first },
  });
});
