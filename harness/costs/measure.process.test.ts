/** Every way of passing something on is really taken, once and shortly. */
import { expect, test } from 'vitest';
import { launchHere, measureCosts } from '../../dist/harness/costs/measure.js';
import { OPERATIONS } from './operations.ts';

test('each operation is timed, in a process that does not stay', async () => {
  const launching = launchHere();
  // One size of each: a process of its own takes longer than what it times.
  const operations = OPERATIONS.filter((one) => one.group !== 'messages' || one.bytes === 1024);
  try {
    const settings = {
      operations,
      rounds: 1,
      seed: 1,
      times: { warmUpMs: 0, measureMs: 0 },
      execPath: undefined,
      cpus: 64,
    };
    const costs = await measureCosts(launching, settings, () => {}, new AbortController().signal);
    expect(costs.map(({ operation }) => operation)).toEqual(operations);
    for (const { wallUs, samples } of costs) {
      expect(wallUs.point).toBeGreaterThan(0);
      expect(samples).toBeGreaterThanOrEqual(8);
    }
  } finally {
    await launching.close();
  }
});
