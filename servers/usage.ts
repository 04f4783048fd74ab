/** What a thread or a process can tell about itself. Called in every worker, so it must cost next to nothing. */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { LoopUsage, ProcessUsage } from './model.ts';

/**
 * CPU time of the calling thread in microseconds. Linux tells it in nanoseconds in the first field of `schedstat`
 * (Documentation/scheduler/sched-stats); elsewhere it is null rather than a guess.
 */
function threadCpuUs(): number | null {
  try {
    const [nanoseconds] = readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ');
    return Number(nanoseconds) / 1000;
  } catch {
    return null;
  }
}

/** The calling thread's event loop, with the HTTP connections that are open on it. */
export function loopUsage(connections: number): LoopUsage {
  const { active, idle } = performance.eventLoopUtilization();
  return { activeMs: active, idleMs: idle, threadCpuUs: threadCpuUs(), connections };
}

export function processUsage(): ProcessUsage {
  const { user, system } = process.cpuUsage();
  return {
    pid: process.pid,
    atMs: performance.now(),
    userUs: user,
    systemUs: system,
    rssBytes: process.memoryUsage.rss(),
  };
}
