import type { ProcessRole, ProcessUsage } from './model.ts';

/** What a process can tell about itself, all its threads together. */
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

/** The size now, or the highest so far where Linux does not tell: without `/proc`, or when no file can be opened any more. */
function residentBytes(highestKib: number): number {
  try {
    return process.memoryUsage.rss();
  } catch {
    return highestKib * 1024;
  }
}
