import { describe, expect, test } from 'vitest';
import { dueTimes } from '../../stats/arrivals.ts';
import { mean } from '../../stats/spread.ts';
import { sojournTimes } from './queue.ts';

const SERVICE_MS = 10;

describe('a request', () => {
  test.each<[string, readonly number[], readonly number[]]>([
    ['waits for nobody when it is alone', [7], [10]],
    ['waits for those before it, and not for those that are gone', [0, 4, 8, 100], [10, 16, 22, 10]],
    ['that comes with others waits for all of them', [5, 5, 5], [10, 20, 30]],
    ['that comes as the one before it leaves does not wait', [0, 10, 20], [10, 10, 10]],
  ])('%s', (_, dueMs, expected) => {
    expect([...sojournTimes(dueMs, SERVICE_MS)]).toEqual(expected);
  });

  test('and without one there is nothing', () => {
    expect(sojournTimes([], SERVICE_MS)).toHaveLength(0);
  });
});

test('due times may come one by one', () => {
  const dueMs = [0, 4, 8, 100];
  expect(sojournTimes(dueMs.values(), SERVICE_MS)).toEqual(sojournTimes(dueMs, SERVICE_MS));
});

test('above its capacity the queue grows by what is too much', () => {
  const dueMs = Array.from({ length: 1000 }, (_, i) => 8 * i);
  expect(sojournTimes(dueMs, SERVICE_MS).at(-1)).toBe(10 + 999 * 2);
});

describe('with Poisson arrivals the mean wait is ρ·D / (2·(1-ρ)) (Pollaczek and Khinchine, M/D/1)', () => {
  test.each([
    [0.5, 5],
    [0.8, 20],
  ])('at utilisation %d', (utilisation, expectedMs) => {
    const requestsPerSec = (1000 * utilisation) / SERVICE_MS;
    const next = dueTimes({ kind: 'poisson', requestsPerSec, index: 0, of: 1, seed: 12 });
    const sojourns = sojournTimes(Array.from({ length: 400_000 }, next), SERVICE_MS);
    const waitMs = mean([...sojourns]) - SERVICE_MS;
    expect(Math.abs(waitMs / expectedMs - 1)).toBeLessThan(0.03);
  });
});
