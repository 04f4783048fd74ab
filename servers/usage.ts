/** What a server reads about itself: the event loop of a thread, and its process. It must cost next to nothing. */

import { readFileSync, readlinkSync } from 'node:fs';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { GCProfiler } from 'node:v8';
import type { LoopUsage, ProcessRole, ProcessUsage } from './model.ts';

/** How often a timer is set to see how late it comes. A hundred a second cost a ten-thousandth of a CPU. */
const TIMER_MS = 10;
/** How often the records of collections are added up. */
const DRAIN_MS = 1000;
const NS_PER_MS = 1e6;
const US_PER_MS = 1e3;

export interface LoopProbe {
  /** The figures so far; the loop delay is that since the last call, and garbage collection counts from the first. */
  usage(connections: number): LoopUsage;
  stop(): void;
}

/** Begins to watch the calling thread. */
export function startLoopProbe(): LoopProbe {
  const timer = monitorEventLoopDelay({ resolution: TIMER_MS });
  timer.enable();
  const collections = watchCollections();
  const threadId = kernelThreadId();
  return {
    usage(connections) {
      // What is recorded is the time from one tick to the next, so a timer that is never late records its period.
      const loopDelayP99Ms = timer.count === 0 ? null : Math.max(0, timer.percentile(99) / NS_PER_MS - TIMER_MS);
      timer.reset();
      const { active, idle } = performance.eventLoopUtilization();
      const times = threadTimes();
      // Last, because reading the records takes time of the thread.
      const gcMs = collections.totalMs();
      return { activeMs: active, idleMs: idle, threadId, ...times, gcMs, loopDelayP99Ms, connections };
    },
    stop() {
      timer.disable();
      collections.stop();
    },
  };
}

/**
 * Time in garbage collection, from the profiler of V8: an observer of performance entries runs JavaScript after every
 * collection, which took 2% of the CPU time of a busy server. The profiler keeps some 3 KB about each collection until it
 * is asked, so it is asked every second; and it begins with the first question, because most servers are never asked.
 */
function watchCollections(): { totalMs(): number; stop(): void } {
  let profiler: GCProfiler | undefined;
  let totalMs = 0;
  let draining: NodeJS.Timeout | undefined;
  const take = (): void => {
    const costs = profiler?.stop()?.statistics.map(({ cost }) => cost) ?? [];
    totalMs += costs.reduce((sum, us) => sum + us, 0) / US_PER_MS;
    profiler = undefined;
  };
  const begin = (): void => {
    take();
    profiler = new GCProfiler();
    profiler.start();
  };
  return {
    totalMs() {
      begin();
      draining ??= setInterval(begin, DRAIN_MS).unref();
      return totalMs;
    },
    stop() {
      clearInterval(draining);
      take();
    },
  };
}

/** The link names `<process>/task/<thread>`. */
function kernelThreadId(): number | null {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').at(-1)) || null;
  } catch {
    return null;
  }
}

/**
 * Time on a CPU and time waiting for one, in microseconds, of the calling thread. Linux tells both in nanoseconds in
 * `schedstat` (Documentation/scheduler/sched-stats); elsewhere they are null rather than a guess.
 */
function threadTimes(): Pick<LoopUsage, 'threadCpuUs' | 'queuedUs'> {
  try {
    const [onCpuNs, queuedNs] = readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ').map(Number);
    if (onCpuNs === undefined || queuedNs === undefined) return UNKNOWN;
    return { threadCpuUs: onCpuNs / 1000, queuedUs: queuedNs / 1000 };
  } catch {
    return UNKNOWN;
  }
}

const UNKNOWN = { threadCpuUs: null, queuedUs: null };

/** CPU time and memory of this process, all its threads together. */
export function processUsage(role: ProcessRole): ProcessUsage {
  const { userCPUTime, systemCPUTime, voluntaryContextSwitches, involuntaryContextSwitches, maxRSS } =
    process.resourceUsage();
  return {
    pid: process.pid,
    role,
    atMs: performance.now(),
    userUs: userCPUTime,
    systemUs: systemCPUTime,
    // Windows does not count them, and libuv says 0 there.
    switches:
      process.platform === 'win32'
        ? null
        : { voluntary: voluntaryContextSwitches, involuntary: involuntaryContextSwitches },
    rssBytes: residentBytes(maxRSS),
  };
}

/** The size now, or the highest so far where Linux does not report it: without `/proc`, or when no more files can be opened. */
function residentBytes(highestKib: number): number {
  try {
    return process.memoryUsage.rss();
  } catch {
    return highestKib * 1024;
  }
}
