import { expect, test } from 'vitest';
import { latencySummary, withLatency } from '../fixtures/latency-summary.ts';
import { rateResult } from '../fixtures/rate-build.ts';
import { sweep } from '../fixtures/sweep.ts';
import { offeredLine, percentileText, rateHeading, rateMark, rateNote, rateNotices, rateText } from './rates.ts';

const due = 'Poisson arrivals, latency from when a request was due';

function linesOf(changes: Parameters<typeof withLatency>[1] = {}, share: number | null = 0.8) {
  const { latency } = withLatency(sweep, changes);
  if (latency === null) throw new Error('the fixture has no latency');
  const common = { offeredPerSec: 79.1, share, sentence: '', cells: [] };
  return { heading: rateHeading(common, latency), line: offeredLine(common, latency) };
}

test('a rate says what it is a share of, in its heading or below a short one', () => {
  expect(linesOf()).toEqual({
    heading: 'Latency at 79.1 requests/s, 80% of what single serves, the slowest that can be ranked',
    line: `80% of what single serves, the slowest that can be ranked; ${due}`,
  });
});

test('half of the slowest is what was offered because requests per second decide nothing', () => {
  const basis = { model: 'single', requestsPerSec: 158.2, ranked: false };
  expect(linesOf({ basis }, 0.5)).toEqual({
    heading: 'Latency at 79.1 requests/s, half of what single serves, the slowest',
    line: `Half of what single serves, the slowest; ${due}`,
  });
});

test('a rate that was asked for as a number is a share of nothing', () => {
  expect(linesOf({ arrivals: 'constant' }, null)).toEqual({
    heading: 'Latency at 79.1 requests/s',
    line: 'Evenly spaced arrivals, latency from when a request was due',
  });
});

test('a rate that was lowered says so, and so does a notice', () => {
  const lowered = 'the rate that higher ones were lowered to';
  expect(linesOf({ cappedAt: 79.1 }, null)).toEqual({
    heading: `Latency at 79.1 requests/s, ${lowered}`,
    line: `The rate that higher ones were lowered to; ${due}`,
  });
  const { latency } = withLatency(sweep, { cappedAt: 79.1 });
  expect(latency === null ? [] : rateNotices(latency)).toEqual([
    'Higher rates were lowered to 79.1 requests/s, the most that the generators can offer.',
  ]);
  expect(latencySummary.scenarios.flatMap((one) => (one.latency === null ? [] : rateNotices(one.latency)))).toEqual([]);
});

test('a rate has no digits that nobody chose', () => {
  expect([80, 79.1234, 1280, 0.5].map(rateText)).toEqual([
    '80 requests/s',
    '79.1 requests/s',
    '1,280 requests/s',
    '0.5 requests/s',
  ]);
});

test('a percentile with its interval, at least, or not at all', () => {
  expect(percentileText({ ms: 23.1, low: 22, high: 24.6, atLeast: false })).toBe('23.1 (22.0–24.6)');
  expect(percentileText({ ms: 1420, low: null, high: null, atLeast: true })).toBe('≥1,420');
  expect(percentileText(null)).toBe('–');
});

test.each([
  ['offered-rate', true, null, null],
  ['workers', true, null, null],
  ['workers', false, 'fell behind', 'fell behind: not a steady figure'],
  ['generator', true, 'not ranked', 'limited by the generator, not ranked'],
  ['unclear', false, 'not ranked', 'no bottleneck was found, not ranked'],
] as const)('limited by %s, kept up %s: %s', (by, keptUp, mark, note) => {
  const result = rateResult({ offered: 1, latency: [1, 2, 3, 4, 5], by, keptUp });
  expect([rateMark(result), rateNote(result)]).toEqual([mark, note]);
});
