import { performance } from 'node:perf_hooks';

/**
 * Milliseconds on the monotonic clock of the machine, the same in every thread: `performance.now()` starts at another
 * moment in each.
 */
export const monotonicMs: () => number = (() => {
  const [seconds, nanoseconds] = process.hrtime();
  const offsetMs = seconds * 1000 + nanoseconds / 1e6 - performance.now();
  return () => performance.now() + offsetMs;
})();
