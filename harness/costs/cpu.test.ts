import { expect, test } from 'vitest';
import { usageOver } from './cpu.ts';

/** Each repetition takes 3 µs of CPU time here and 2 elsewhere, and what comes after it 100. */
function simulated() {
  const at = { cpuUs: 50, nowUs: 70, others: 11, runs: 0, reads: 0 };
  const takes = (us: number): void => {
    at.cpuUs += us;
    at.nowUs += 2 * us;
  };
  const clock = {
    cpuUs: () => {
      at.reads++;
      return at.cpuUs;
    },
    nowUs: () => at.nowUs,
  };
  const task = {
    run: async () => {
      at.runs++;
      at.others += 2;
      takes(3);
    },
    othersCpuUs: async () => {
      takes(1000);
      return at.others;
    },
  };
  const after = async (): Promise<void> => takes(100);
  return { at, clock, task, after };
}

test('CPU time is that of the repetitions alone, here and elsewhere, with two readings', async () => {
  const { at, clock, task } = simulated();
  expect(await usageOver(task, 1000, clock)).toEqual({ cpuUs: 5000, elapsedUs: 6000 });
  expect([at.runs, at.reads]).toEqual([1000, 2]);
});

test('what comes after each, such as its end, is in neither figure', async () => {
  const { at, clock, task, after } = simulated();
  expect(await usageOver({ ...task, after }, 10, clock)).toEqual({ cpuUs: 50, elapsedUs: 60 });
  expect(at.runs).toBe(10);
});
