/** When a trial on real processes waits for the one that runs beside it. */
import { setTimeout } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { ProcessRegistry } from '../../../dist/harness/measure/processes/registry.js';
import { measurementOf, trialOf } from '../fixtures/trials.ts';

const registry = new ProcessRegistry();
afterAll(() => registry.close());

const WINDOW_MS = 300;
/** Three times the window, so that figures which took it for a part of the window would be four times what they are. */
const LATE_MS = 900;

test('once warm, and again when the window is over', async () => {
  const calledMs: number[] = [];
  const goneOnMs: number[] = [];
  const barrier = {
    wait: async () => {
      calledMs.push(performance.now());
      // The other side is late, each time.
      await setTimeout(LATE_MS);
      goneOnMs.push(performance.now());
    },
    abandon: () => {},
  };
  const trial = await trialOf(registry, { scenario: 'hello', model: 'single', measureMs: WINDOW_MS, barrier });
  const { windowMs, requests, server } = measurementOf(trial);
  expect(calledMs).toHaveLength(2);
  // The window begins only after the first wait, whoever was late, and the load goes on until after the second.
  expect((calledMs[1] ?? 0) - (goneOnMs[0] ?? 0)).toBeGreaterThanOrEqual(WINDOW_MS - 1);
  // The window holds no more for that.
  const [worker] = server.workers ?? [];
  expect(worker?.requests ?? 0).toBeLessThan(1.3 * requests);
  expect(worker?.cpuMs ?? 0).toBeLessThan(1.2 * windowMs);
});
