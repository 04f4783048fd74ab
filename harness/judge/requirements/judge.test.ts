import { describe, expect, test } from 'vitest';
import { UserError } from '../../errors.ts';
import {
  histogramOf,
  measurementOf,
  openMeasurementOf,
  repeated,
  serverOf,
  workerOf,
} from '../../fixtures/measurement.ts';
import {
  additionOf,
  cellOf,
  complete,
  failedTrial,
  manifestOf,
  okTrial,
  planOf,
  rateCellOf,
} from '../../fixtures/run.ts';
import type { Measurement, Run, Trial } from '../../store/schema.ts';
import type { JudgedRequirement } from '../schema/requirement.ts';
import { summarySchema } from '../schema/summary.ts';
import { summarise } from '../summary.ts';
import { isBadSide, withRequirements } from './judge.ts';

const [single, cluster] = [cellOf('single'), cellOf('cluster')];

/** A run of three rounds of capacity: `single` at 1,000 requests per second, and `cluster` as is given by round. */
function runOf(changes: readonly Partial<Measurement>[], more: Partial<Run> = {}): Run {
  const trials = changes.flatMap((own, round): Trial[] => [
    okTrial(single, round, measurementOf({ requestsPerSec: 1000 + round })),
    okTrial(cluster, round, measurementOf(own)),
  ]);
  return { manifest: manifestOf(), additions: [], trials, end: complete, ...more };
}

const served = (...perSec: readonly number[]): Run => runOf(perSec.map((requestsPerSec) => ({ requestsPerSec })));

function judge(text: string, run: Run): readonly JudgedRequirement[] {
  const summary = withRequirements(summarise(run), run, [text]);
  return summarySchema.parse(summary).requirements ?? [];
}

function only(text: string, run: Run): JudgedRequirement {
  const [one, ...rest] = judge(text, run);
  if (one === undefined || rest.length > 0) throw new Error(`${text} was not judged once`);
  return one;
}

describe('where the interval lies', () => {
  // 1,950 to 2,050 or a little more.
  const run = served(1990, 2000, 2010);
  const { low, high } = only('hello/cluster throughput>1', run);

  test('the interval is that of the figure in the tables', () => {
    const estimate = summarise(run).scenarios[0]?.cells[1]?.result?.requestsPerSec;
    expect({ low, high }).toEqual({ low: estimate?.low, high: estimate?.high });
    expect(low).toBeLessThan(1990);
    expect(high).toBeGreaterThan(2010);
  });

  test.each([
    ['throughput>1900', 'met'],
    ['throughput>=1900', 'met'],
    ['throughput<1900', 'broken'],
    ['throughput<=1900', 'broken'],
    ['throughput>2100', 'broken'],
    ['throughput>=2100', 'broken'],
    ['throughput<2100', 'met'],
    ['throughput<=2100', 'met'],
    ['throughput>2000', 'untold'],
    ['throughput>=2000', 'untold'],
    ['throughput<2000', 'untold'],
    ['throughput<=2000', 'untold'],
  ])('%s: %s', (condition, verdict) => {
    expect(only(`hello/cluster ${condition}`, run)).toMatchObject({ verdict, low, high });
  });

  test('what reaches over the limit says what to do', () => {
    const within = only('hello/cluster throughput>1995', run);
    expect(within.reason).toBe('the interval crosses the limit; measure more rounds');
    expect(isBadSide(within)).toBe(false);
    const beyond = only('hello/cluster throughput<1995', run);
    expect(beyond.reason).toBe('the figure is beyond the limit, and the interval reaches over it; measure more rounds');
    expect(isBadSide(beyond)).toBe(true);
  });

  // Trials that are all the same have an interval of no width.
  test.each([
    ['<', 'broken'],
    ['<=', 'met'],
    ['>', 'broken'],
    ['>=', 'met'],
  ])('at the very limit, %s is %s', (operator, verdict) => {
    const flat = runOf(repeated(3, { memory: { kind: 'pss', idleBytes: 1, peakBytes: 64 * 2 ** 20, front: null } }));
    expect(only(`hello/cluster memory${operator}64MiB`, flat)).toMatchObject({ verdict });
  });
});

describe('each figure of a cell of capacity', () => {
  const own = (round: number): Partial<Measurement> => ({
    requestsPerSec: 2000 + round,
    // The cell has 1,500 requests of 40 to 55 ms.
    latencyHistogram: histogramOf(Array.from({ length: 500 }, (_, i) => 40_000 + 30 * i)),
    server: serverOf({ cpuMsPerRequest: 0.5 + round / 1000, workers: [workerOf(1000)] }),
    memory: { kind: 'pss', idleBytes: 2 ** 20, peakBytes: (100 + round) * 2 ** 20, front: null },
  });
  const run = runOf([own(0), own(1), own(2)]);

  test.each([
    ['p50<50ms', 'ms', 47.5],
    ['p99<50ms', 'ms', 54.8],
    ['cpu<1ms', 'ms', 0.501],
    ['memory<200MiB', 'bytes', 101 * 2 ** 20],
    ['rps>1', 'requests/s', 2001],
    ['vs single>1.5', 'ratio', 2],
    ['errors<=0', 'trials', 0],
  ])('%s', (condition, unit, about) => {
    const { point, ...rest } = only(`hello/cluster ${condition}`, run);
    expect(rest).toMatchObject({ unit, cell: 'hello/cluster', condition });
    expect((point ?? 0) - about).toBeLessThanOrEqual(about / 100);
    expect((point ?? 0) - about).toBeGreaterThanOrEqual(-about / 100);
  });

  test('a percentile is the one in the tables', () => {
    const { ms: point, low, high } = summarise(run).scenarios[0]?.cells[1]?.result?.latencyMs.p99 ?? {};
    expect([low, high], 'it has an interval').toEqual([expect.any(Number), expect.any(Number)]);
    expect(only('hello/cluster p99<50ms', run)).toMatchObject({ point, low, high, verdict: 'broken' });
  });

  test('a percentile that the sample cannot support is untold', () => {
    const judged = only('hello/cluster p99.9<1s', run);
    expect(judged).toMatchObject({
      verdict: 'untold',
      point: null,
      reason: expect.stringMatching(/^too few requests/),
    });
  });

  test('a ratio is that of the comparison, whichever of the two is its baseline', () => {
    const [forth, back] = [only('hello/cluster vs single>1.5', run), only('hello/single vs cluster<0.6', run)];
    expect([forth.verdict, back.verdict]).toEqual(['met', 'met']);
    expect(back.low).toBeCloseTo(1 / (forth.high ?? 0), 10);
    expect(back.high).toBeCloseTo(1 / (forth.low ?? 0), 10);
    expect(only('hello/single vs cluster>0.6', run).verdict).toBe('broken');
  });

  test('a pair that must not be compared is untold, with what to change', () => {
    const busy = [{ connections: 64, requests: 1000, cpuMs: 1000, utilisation: 1 }];
    const held = runOf(repeated(3, { generators: busy, server: serverOf({ workers: [workerOf(1000, 0.3)] }) }));
    const { verdict, reason } = only('hello/cluster vs single>0.1', held);
    expect(verdict).toBe('untold');
    expect(reason).toContain('cluster: limited by the generator; ');
  });

  test('a limit that is broken says so where something else than the server was at its end', () => {
    const busy = [{ connections: 64, requests: 1000, cpuMs: 1000, utilisation: 1 }];
    const held = runOf(repeated(3, { generators: busy, server: serverOf({ workers: [workerOf(1000, 0.3)] }) }));
    const [broken, met] = ['throughput>5000', 'throughput>10'].map((text) => only(`hello/cluster ${text}`, held));
    expect(broken).toMatchObject({ verdict: 'broken', reason: 'limited by the generator, not by the server' });
    expect(met).toMatchObject({ verdict: 'met', reason: null });
  });
});

describe('a handful of trials, or none', () => {
  test.each([
    [1, '1 valid trial, and an interval takes 3; measure more rounds'],
    [2, '2 valid trials, and an interval takes 3; measure more rounds'],
  ])('with %i nothing but errors is told', (count, reason) => {
    const run = runOf(repeated(count, {}));
    for (const condition of ['throughput>1', 'p50<1s', 'cpu<1s', 'memory<9GiB']) {
      const judged = only(`hello/cluster ${condition}`, run);
      expect(judged).toMatchObject({ verdict: 'untold', reason, low: null, high: null });
      expect(judged.point).toBeGreaterThan(0);
    }
    expect(only('hello/cluster vs single>0.1', run)).toMatchObject({ verdict: 'untold', point: null });
    expect(only('hello/cluster errors<1', run)).toMatchObject({ verdict: 'met', point: 0 });
  });

  test('failed trials are counted', () => {
    const run = served(2000, 2000, 2000);
    const more = { ...run, trials: [failedTrial(cluster, 0), ...run.trials] };
    expect(only('hello/cluster errors<=1', more)).toMatchObject({ verdict: 'met', point: 1, low: null });
    expect(only('hello/cluster errors<1', more)).toMatchObject({ verdict: 'broken', point: 1, reason: null });
  });

  test('a cell without a result has broken every limit of errors, and answers nothing else', () => {
    const trials = [0, 1, 2].map((attempt) => failedTrial(cluster, 0, 'timeout', attempt));
    const run = { ...served(), trials };
    const lost = 'it kept failing and was given up: a request had no reply within 10 s';
    expect(only('hello/cluster errors<=9', run)).toMatchObject({ verdict: 'broken', reason: 'there is no result' });
    expect(only('hello/cluster p50<1s', run)).toMatchObject({ verdict: 'untold', point: null, reason: lost });
    expect(only('hello/cluster vs single<9', run)).toMatchObject({ verdict: 'untold' });
    const once = { ...run, trials: trials.slice(0, 1) };
    expect(only('hello/cluster p50<1s', once)).toMatchObject({ verdict: 'untold', reason: 'no trial is valid' });
  });

  test('what was not measured is untold, errors too', () => {
    for (const condition of ['errors<1', 'p50<1s']) {
      const judged = only(`hello/cluster ${condition}`, served());
      expect(judged).toMatchObject({ verdict: 'untold', reason: 'it was not measured' });
    }
  });
});

describe('at a rate', () => {
  const plan = planOf({
    requestClasses: [
      { name: 'light', weight: 1 },
      { name: 'heavy', weight: 1 },
    ],
    rates: [{ kind: 'share', share: 0.5 }],
  });
  const manifest = manifestOf({ scenarios: [plan] });
  const [rated, swept] = [rateCellOf('cluster', 500), rateCellOf('cluster', 900)];
  const searched = { ...rateCellOf('cluster', 500), id: `${rated.id}/slo` };
  const basis = { cell: 'hello/single', requestsPerSec: 1000, ranked: true };
  const common = additionOf([rated], { why: { kind: 'common', basis, cappedAt: null } });
  const additions = [common, additionOf([swept, searched])];
  const light = {
    latencyHistogram: histogramOf(repeated(500, 4000)),
    name: 'light',
    due: 500,
    unfinished: 0,
    errors: 0,
  };
  const heavy = { ...light, latencyHistogram: histogramOf(repeated(500, 30_000)), name: 'heavy' };
  const both = [...repeated(500, 4), ...repeated(500, 30)];
  const at = (cell: typeof rated, latenciesMs = both): Trial[] =>
    [0, 1, 2].map((round) => okTrial(cell, round, openMeasurementOf(latenciesMs, { classes: [light, heavy] })));
  const run: Run = runOf([{}, {}, {}], {
    manifest,
    additions,
    trials: [...at(rated), ...at(swept, repeated(1000, 90)), ...at(searched, repeated(1000, 900))],
  });

  test.each([
    ['@50% p99<20ms', ['hello/cluster@500 broken']],
    ['@500 p99<20ms', ['hello/cluster@500 broken']],
    ['@500/s p99<40ms', ['hello/cluster@500 met']],
    ['@* p99<40ms', ['hello/cluster@500 met']],
    ['@900 p99<40ms', ['hello/cluster@900 broken']],
    ['@50% light.p99<20ms', ['hello/cluster@500 met']],
    ['@50% heavy.p99<20ms', ['hello/cluster@500 broken']],
    ['@50% memory<65MiB', ['hello/cluster@500 met']],
    ['@50% throughput>900', ['hello/cluster@500 met']],
    ['@50% cpu<0.1ms', ['hello/cluster@500 broken']],
    ['@50% errors<1', ['hello/cluster@500 met']],
  ])('%s: %j', (text, expected) => {
    const judged = judge(`hello/cluster${text}`, run);
    expect(judged.map(({ cell, verdict }) => `${cell} ${verdict}`)).toEqual(expected);
  });

  test('its percentiles are those of the tables', () => {
    const latency = summarise(run).scenarios[0]?.latency?.cells.find(({ id }) => id === rated.id)?.result?.latency.p99;
    const { point, low, high } = only('hello/cluster@50% p99<1s', run);
    expect({ ms: point, low, high }).toMatchObject({ ms: latency?.ms, low: latency?.low, high: latency?.high });
  });

  test('a rate that was not offered in the end is untold, and says which were', () => {
    expect(only('hello/cluster@501 p99<20ms', run)).toMatchObject({
      cell: 'hello/cluster',
      verdict: 'untold',
      reason: 'it was not offered that rate, only 500/s, 900/s',
    });
    expect(only('hello/single@501 p99<20ms', run).reason).toBe('it was offered no rate');
  });

  test('requests without a reply leave the upper end open, and a limit below is broken all the same', () => {
    const late = [...repeated(900, 5), ...repeated(100, 10_000)];
    const trials = [0, 1, 2].map((round) => okTrial(rated, round, openMeasurementOf(late, { unfinished: 100 })));
    const judged = only('hello/cluster@50% p99<50ms', { ...run, trials });
    expect(judged).toMatchObject({ verdict: 'broken', high: null });
    expect(judged.low).toBeGreaterThan(50);
    expect(only('hello/cluster@50% p99<11s', { ...run, trials }).verdict).toBe('untold');
    expect(only('hello/cluster@50% p50<50ms', { ...run, trials }).verdict).toBe('met');
  });
});

describe('what is asked of a run', () => {
  const run = served(2000, 2001, 2002);

  test('every cell that is meant, in the order in which it was asked', () => {
    const { requirements } = withRequirements(summarise(run), run, ['hello/* errors<1', '*/single p50<1s']);
    expect(requirements?.map(({ cell, condition }) => `${cell} ${condition}`)).toEqual([
      'hello/single errors<1',
      'hello/cluster errors<1',
      'hello/single p50<1s',
    ]);
  });

  test('nothing leaves the summary as it is', () => {
    const summary = summarise(run);
    expect(withRequirements(summary, run, undefined)).toBe(summary);
    expect(withRequirements(summary, run, [])).toBe(summary);
  });

  test('a cell that is not there is a mistake', () => {
    expect(() => judge('hello/clutser p50<1s', run)).toThrow(UserError);
  });
});
