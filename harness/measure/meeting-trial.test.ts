/** When a whole trial on real processes waits for the one beside it. */
import { setTimeout } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { Keeper } from '../../dist/harness/measure/keeper.js';
import { measurementOf, trialOf } from './fixtures/trials.ts';

const keeper = new Keeper();
afterAll(() => keeper.close());

const WINDOW_MS = 500;
/** Three times the window, so that figures which took it for a part of the window would be four times what they are. */
const LATE_MS = 1500;

test('once warm, again when the server has been read, and when the window is over', async () => {
  const calledMs: number[] = [];
  const goneOnMs: number[] = [];
  const meeting = {
    meet: async () => {
      calledMs.push(performance.now());
      // The server of the other side answers late.
      if (calledMs.length === 2) await setTimeout(LATE_MS);
      goneOnMs.push(performance.now());
    },
    leave: () => {},
  };
  const trial = await trialOf(keeper, { scenario: 'hello', model: 'single', measureMs: WINDOW_MS, meeting });
  const { windowMs, requests, server } = measurementOf(trial);
  expect(calledMs).toHaveLength(3);
  // The window begins only after the second meeting, whoever was late.
  expect((calledMs[2] ?? 0) - (goneOnMs[1] ?? 0)).toBeGreaterThanOrEqual(WINDOW_MS - 1);
  // The readings are further apart than the window is long: CPU time is scaled to it, requests of the loop are as counted.
  const [worker] = server.workers;
  expect(worker?.requests ?? 0).toBeGreaterThan(1.3 * requests);
  expect(worker?.cpuMs ?? 0).toBeLessThan(1.2 * windowMs);
  const scaled = (server.cpuMsPerRequest * (worker?.requests ?? 0) * windowMs) / (windowMs + LATE_MS);
  expect(server.cpuMs / scaled).toBeGreaterThan(0.5);
  expect(server.cpuMs / scaled).toBeLessThan(2);
});
