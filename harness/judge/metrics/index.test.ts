import { describe, expect, test } from 'vitest';
import { measurementOf, serverOf, workerOf } from '../../fixtures/measurement.ts';
import type { Measurement } from '../../store/schema.ts';
import { METRICS } from './index.ts';

const trialOf = (...requests: readonly number[]): Measurement =>
  measurementOf({ server: serverOf({ workers: requests.map((count) => workerOf(count)) }) });

describe('shares of the workers', () => {
  test('are ordered by size before they are averaged', () => {
    expect(METRICS.workerShares.over([trialOf(750, 250), trialOf(250, 750)])).toEqual([0.75, 0.25]);
  });

  test('are those of the trials in which workers answered something', () => {
    expect(METRICS.workerShares.over([trialOf(600, 400), trialOf(0, 0)])).toEqual([0.6, 0.4]);
  });

  test('are 0 when workers answered nothing in any trial', () => {
    expect(METRICS.workerShares.over([trialOf(0, 0), trialOf(0, 0)])).toEqual([0, 0]);
  });
});
