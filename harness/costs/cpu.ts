/** CPU time of repetitions, in a loop of its own: what keeps samples and makes statistics of them takes longer than a short one. */
import type { Task } from './tasks.ts';

/** CPU time of this process and the time, both in microseconds. */
export interface Clock {
  cpuUs(): number;
  nowUs(): number;
}

export const CLOCK: Clock = {
  cpuUs: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  nowUs: () => performance.now() * 1000,
};

/** In microseconds, of all repetitions together; `after` is left out of both, as it is of each time. */
export async function usageOver(
  task: Task,
  count: number,
  clock = CLOCK,
): Promise<{ readonly cpuUs: number; readonly elapsedUs: number }> {
  const othersBefore = await task.othersCpuUs();
  const own = task.after === undefined ? await within(task, count, clock) : await each(task, task.after, count, clock);
  return { ...own, cpuUs: own.cpuUs + (await task.othersCpuUs()) - othersBefore };
}

/** The clock is read once: reading it takes as long as what is short. */
async function within(task: Task, count: number, { cpuUs, nowUs }: Clock) {
  const [cpuBefore, begunUs] = [cpuUs(), nowUs()];
  for (let i = 0; i < count; i++) await task.run();
  return { cpuUs: cpuUs() - cpuBefore, elapsedUs: nowUs() - begunUs };
}

async function each(task: Task, after: () => Promise<void>, count: number, clock: Clock) {
  const sum = { cpuUs: 0, elapsedUs: 0 };
  for (let i = 0; i < count; i++) {
    const one = await within(task, 1, clock);
    sum.cpuUs += one.cpuUs;
    sum.elapsedUs += one.elapsedUs;
    await after();
  }
  return sum;
}
