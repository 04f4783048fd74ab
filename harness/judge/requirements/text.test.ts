import { describe, expect, test } from 'vitest';
import { UserError } from '../../errors.ts';
import { type Operator, parseRequirements, type Requirement } from './text.ts';

const only = (text: string): Requirement => {
  const [one, ...rest] = parseRequirements([text]);
  if (one === undefined || rest.length > 0) throw new Error(`${text} is not one requirement`);
  return one;
};

const latency = (percentile: string, requestClass: string | null = null) => ({
  kind: 'latency',
  percentile,
  requestClass,
});
const metric = (name: string) => ({ kind: 'metric', metric: { names: expect.arrayContaining([name]) } });
const cpuOf10 = 'cpu:ms=10/cluster';

describe('what is accepted', () => {
  test.each([
    ['cpu/cluster p99<50ms', 'cpu/cluster', null, latency('p99'), '<', 50],
    [`${cpuOf10} p99<=50ms`, cpuOf10, null, latency('p99'), '<=', 50],
    ['files:count=2,kib=8/cluster p50<1ms', 'files:count=2,kib=8/cluster', null, latency('p50'), '<', 1],
    ['*/cluster p90 < 0.5s', '*/cluster', null, latency('p90'), '<', 500],
    ['  cpu/*   p99.9 <1.001 s ', 'cpu/*', null, latency('p999'), '<', 1001],
    ['cpu/cluster p999>250us', 'cpu/cluster', null, latency('p999'), '>', 0.25],
    ['cpu/cluster p50<900µs', 'cpu/cluster', null, latency('p50'), '<', 0.9],
    ['cpu/cluster p50<900μs', 'cpu/cluster', null, latency('p50'), '<', 0.9],
    ['cpu/cluster/per-request throughput>=1000', 'cpu/cluster/per-request', null, metric('throughput'), '>=', 1000],
    ['cpu/cluster rps>99.5/s', 'cpu/cluster', null, metric('throughput'), '>', 99.5],
    ['cpu/cluster cpu<1.5', 'cpu/cluster', null, metric('cpu'), '<', 1.5],
    ['cpu/cluster cpu<150us', 'cpu/cluster', null, metric('cpu'), '<', 0.15],
    ['cpu/cluster memory<200', 'cpu/cluster', null, metric('memory'), '<', 200 * 2 ** 20],
    ['cpu/cluster memory<200MiB', 'cpu/cluster', null, metric('memory'), '<', 200 * 2 ** 20],
    ['cpu/cluster memory<1.5GiB', 'cpu/cluster', null, metric('memory'), '<', 1.5 * 2 ** 30],
    ['* errors<=0', '*', null, { kind: 'errors' }, '<=', 0],
    ['* errors<1', '*', null, { kind: 'errors' }, '<', 1],
    ['mixed/cluster@112 p99<9ms', 'mixed/cluster', { kind: 'number', requestsPerSec: 112 }, latency('p99'), '<', 9],
    ['mixed/cluster@11.2/s p99<9ms', 'mixed/cluster', { kind: 'number', requestsPerSec: 11.2 }, latency('p99'), '<', 9],
    ['mixed/*@50% light.p99<9ms', 'mixed/*', { kind: 'share', share: 0.5 }, latency('p99', 'light'), '<', 9],
    ['mixed/*@* v1.2.p99.9<9ms', 'mixed/*', { kind: 'any' }, latency('p999', 'v1.2'), '<', 9],
    ['cpu/cluster vs single>1.5', 'cpu/cluster', null, { kind: 'ratio', model: 'single' }, '>', 1.5],
    ['cpu/* vs worker-threads >= 0.9x', 'cpu/*', null, { kind: 'ratio', model: 'worker-threads' }, '>=', 0.9],
    ['my workload/cluster p99<50ms', 'my workload/cluster', null, latency('p99'), '<', 50],
  ])('%s', (text, cells, rate, figure, operator, limit) => {
    expect(only(text)).toMatchObject({ cells, rate, figure, operator, limit });
  });
});

describe('every figure with every comparison, with spaces or without', () => {
  const figures = [
    ['p50', '2ms'],
    ['light.p99', '50us'],
    ['throughput', '1000'],
    ['cpu', '1.5ms'],
    ['memory', '64MiB'],
    ['vs single', '1.5'],
  ] as const;
  const operators: readonly Operator[] = ['<', '<=', '>', '>='];
  const gaps = ['', ' ', '  '];
  test.each(figures.flatMap(([metric, value]) => operators.map((operator) => ({ metric, operator, value }))))(
    '$metric $operator $value',
    ({ metric, operator, value }) => {
      const plain = `mixed/cluster ${metric}${operator}${value}`;
      for (const before of gaps) {
        for (const after of gaps) {
          const spaced = only(`mixed/cluster  ${metric}${before}${operator}${after}${value}`);
          expect(spaced).toEqual(only(plain));
          expect(spaced).toMatchObject({ asked: plain, condition: `${metric}${operator}${value}`, operator });
        }
      }
    },
  );
});

test('what is asked twice is asked once, in the order in which it was given', () => {
  const asked = ['b/* errors<1', 'a/* p99 < 50ms', 'b/*  errors < 1', 'a/* p99<50ms'];
  expect(parseRequirements(asked).map((one) => one.asked)).toEqual(['b/* errors<1', 'a/* p99<50ms']);
  expect(parseRequirements(undefined)).toEqual([]);
});

const SHAPE = "give a cell, a metric, one of < <= > >= and a limit; for example --require 'cpu/cluster p99<50ms'";
const TIME = 'give a time above 0 with its unit, us, ms or s; for example p99<50ms';
const RATE = 'give requests per second above 0; for example throughput>1000';
const CPU = 'give a time above 0 in us, ms or s, or in ms without a unit; for example cpu<1.5ms';
const MEMORY = 'give MiB or GiB above 0, MiB without a unit; for example memory<200MiB';
const ERRORS = 'give how many trials may fail, with < or <=; for example errors<=0';
const RATIO = 'give a multiple above 0 without a unit; for example vs single>1.5';
const AT = 'after @ give a rate such as 112, a share such as 50%, or * for every rate';

describe('what is refused, in one line that names the flag, the text and the way out', () => {
  test.each([
    ['', SHAPE],
    ['p99<50ms', SHAPE],
    ['cpu/cluster', SHAPE],
    ['cpu/cluster p99', SHAPE],
    ['cpu/cluster p99<', SHAPE],
    ['cpu/cluster p99=50ms', SHAPE],
    ['cpu/cluster p99!=50ms', SHAPE],
    ['<50ms', SHAPE],
    ['cpu/cluster <50ms', SHAPE],
    ['cpu/cluster p99<50', `'p99<50': ${TIME}`],
    ['cpu/cluster p99<0ms', `'p99<0ms': ${TIME}`],
    ['cpu/cluster p99<-5ms', `'p99<-5ms': ${TIME}`],
    ['cpu/cluster p99<5m', `'p99<5m': ${TIME}`],
    ['cpu/cluster p99<1e3ms', `'p99<1e3ms': ${TIME}`],
    ['cpu/cluster p99<50MiB', `'p99<50MiB': ${TIME}`],
    ['cpu/cluster p99<50ms,p50<9ms', `'p99<50ms,p50<9ms': ${TIME}`],
    ['cpu/cluster p99<>50ms', `'p99<>50ms': ${TIME}`],
    ['cpu/cluster p99<50constructor', `'p99<50constructor': ${TIME}`],
    ['cpu/cluster throughput>9ms', `'throughput>9ms': ${RATE}`],
    ['cpu/cluster throughput>10,000', `'throughput>10,000': ${RATE}`],
    ['cpu/cluster cpu<1MiB', `'cpu<1MiB': ${CPU}`],
    ['cpu/cluster memory<200MB', `'memory<200MB': ${MEMORY}`],
    ['cpu/cluster errors<0', `'errors<0': ${ERRORS}`],
    ['cpu/cluster errors<0.5', `'errors<0.5': ${ERRORS}`],
    ['cpu/cluster errors<1%', `'errors<1%': ${ERRORS}`],
    ['cpu/cluster errors>=1', `'errors>=1': ${ERRORS}`],
    ['cpu/cluster vs single>50%', `'vs single>50%': ${RATIO}`],
    ['cpu/cluster@ p99<9ms', AT],
    ['cpu/cluster@0 p99<9ms', AT],
    ['cpu/cluster@half p99<9ms', AT],
    ['cpu/cluster@50% vs single>1', 'vs compares capacity; leave out the rate after @'],
  ])('%s', (text, what) => {
    const error = thrownBy(() => parseRequirements(['cpu/cluster errors<1', text]));
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toBe(`--require '${text}': ${what}`);
  });

  test.each([
    ['cpu/cluster p98<9ms', /^--require 'cpu\/cluster p98<9ms': unknown metric 'p98'\. Did you mean 'p9[09]'\?/],
    ['cpu/cluster trougput>9', /unknown metric 'trougput'\. Did you mean 'throughput'\?/],
    ['cpu/cluster requests/s>9', /unknown metric 'requests\/s'\. Known: p50, p90, /],
    ['cpu/cluster light.errors<1', /unknown metric 'light\.errors'/],
    ['cpu/cluster p99\n<=\nnothing', /^--require 'cpu\/cluster p99 <= nothing': 'p99<=nothing': give a time above 0/],
  ])('%j', (text, message) => {
    const error = thrownBy(() => parseRequirements([text]));
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('\n');
  });
});

function thrownBy(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}
