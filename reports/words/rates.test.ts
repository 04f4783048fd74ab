import { expect, test } from 'vitest';
import { latencySummary, withLatency } from '../fixtures/latency-summary.ts';
import { rateResult } from '../fixtures/rate-build.ts';
import { sweep } from '../fixtures/sweep.ts';
import { offeredLine, percentileText, rateMark, rateNote, rateNotices, rateText } from './rates.ts';

const due = 'Poisson arrivals, latency from when a request was due';

function line(changes: Parameters<typeof withLatency>[1] = {}, share: number | null = 0.8): string {
  const { latency } = withLatency(sweep, changes);
  if (latency === null) throw new Error('the fixture has no latency');
  return offeredLine({ offeredPerSec: 79.1, share, sentence: '', cells: [] }, latency);
}

test('what was offered says what it is a share of', () => {
  expect(line()).toBe(`80% of what single serves, the slowest that can be ranked: 79.1 requests/s, ${due}`);
});

test('what was offered says when no model could be ranked', () => {
  expect(line({ basis: { model: 'single', requestsPerSec: 99, ranked: false } })).toBe(
    `80% of what single serves, the lowest throughput, as no model could be ranked: 79.1 requests/s, ${due}`,
  );
});

test('a rate that was asked for as a number is a share of nothing', () => {
  expect(line({ arrivals: 'constant' }, null)).toBe(
    '79.1 requests/s, evenly spaced arrivals, latency from when a request was due',
  );
});

test('a rate that was lowered says so, and so does a notice', () => {
  expect(line({ cappedAt: 79.1 }, null)).toContain('79.1 requests/s, to which higher rates were lowered, ');
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
