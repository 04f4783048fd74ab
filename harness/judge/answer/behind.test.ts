import { describe, expect, test } from 'vitest';
import type { Answer } from '../schema/answer.ts';
import { mostText, othersText, standingText } from './behind.ts';

type Metric = Answer['metric'];
const away = (metric: Metric, atLeastBehind: number, atMostBehind: number | null): string =>
  standingText(metric, { cell: '', atLeastBehind, atMostBehind });

describe('how far one is behind', () => {
  test.each<[Metric, number, number | null, string]>([
    ['throughput', 0, 0, 'the best'],
    ['throughput', 0, 0.002, 'the best or at most 0.2% behind'],
    ['cpu-per-request', 0, 0.02, 'the least or at most 2% more'],
    ['start-up', 0, 0.5, 'the shortest or at most 50% longer'],
    ['throughput', 0.44, 0.5, '44% to 50% behind'],
    ['latency-p99', 0.12, 0.2, '12% to 20% longer'],
    ['throughput', 0.44, null, 'at least 44% behind'],
    ['peak-memory', 0, null, 'possibly the least'],
  ])('%s: at least %d and at most %s is "%s"', (metric, atLeast, atMost, text) => {
    expect(away(metric, atLeast, atMost)).toBe(text);
  });

  test.each<[Metric, number, number, string]>([
    // Upper bounds up and lower ones down, so that neither promises more than it holds.
    ['throughput', 0.0612, 0.0613, '6.1% to 6.2% behind'],
    ['throughput', 0.449, 0.491, '44% to 50% behind'],
    ['throughput', 0, 0.00001, 'the best or at most 0.1% behind'],
    ['throughput', 0.0004, 0.0301, 'at most 3.1% behind'],
    ['cpu-per-request', 0.0999, 0.0999, '9% to 10% more'],
    ['cpu-per-request', 0.851, 2.149, '1.8 to 3.2 times as much'],
    ['cpu-per-request', 0.8, 2.1, '1.8 to 3.1 times as much'],
    ['latency-p99', 9.2, 12.31, '10 to 14 times as long'],
    // What is exact is not moved, whatever arithmetic leaves of it.
    ['throughput', 0.07, 0.07, '7% behind'],
    ['throughput', 0.29, 0.57, '29% to 57% behind'],
  ])('%s: bounds %d and %d are rounded outward: "%s"', (metric, atLeast, atMost, text) => {
    expect(away(metric, atLeast, atMost)).toBe(text);
  });

  test('is not known from a hundredfold on', () => {
    expect(mostText('throughput', { atMostBehind: 0.995 })).toBe('an unknown amount behind');
    expect(mostText('cpu-per-request', { atMostBehind: 1e6 })).toBe('an unknown amount more');
    expect(away('latency-p99', 1.5, 1e6)).toBe('at least 150% longer');
  });
});

describe('the others', () => {
  const answer = (metric: Metric): Answer => ({
    ...{ metric, offeredPerSec: null, rounds: 3, best: ['a'], within: ['a'], level: false, roundsToAnswer: 0 },
    models: [
      { cell: 'a', atLeastBehind: 0, atMostBehind: 0 },
      { cell: 'b', atLeastBehind: 0.44, atMostBehind: 0.5 },
      { cell: 'c', atLeastBehind: 0, atMostBehind: 0.06 },
      { cell: 'd', atLeastBehind: 0, atMostBehind: 0.06 },
    ],
  });
  const told = (metric: Metric, others: readonly string[]): string => othersText(answer(metric), others, (id) => id);

  test('are told the nearest first, those with the same bounds together', () => {
    expect(told('throughput', ['b', 'c', 'd'])).toBe('c and d are at most 6% behind; b 44% to 50% behind');
    expect(told('throughput', ['b'])).toBe('b is 44% to 50% behind');
    expect(told('throughput', [])).toBe('');
  });

  test.each<[Metric, string]>([
    ['cpu-per-request', 'c and d need at most 6% more'],
    ['start-up', 'c and d take at most 6% longer'],
  ])('with the word of the figure: %s', (metric, text) => {
    expect(told(metric, ['c', 'd'])).toBe(text);
  });
});
