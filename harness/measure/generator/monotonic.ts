import { performance } from 'node:perf_hooks';

/**
 * Milliseconds on the monotonic clock of the machine, the same in every thread: `performance.now()` starts at another
 * moment in each.
 */
export const monotonicMs: () => number = (() => {
  // The largest of several: whatever comes between the two readings makes the difference smaller.
  const offsetMs = Math.max(
    ...Array.from({ length: 9 }, () => {
      const [seconds, nanoseconds] = process.hrtime();
      return seconds * 1000 + nanoseconds / 1e6 - performance.now();
    }),
  );
  return () => performance.now() + offsetMs;
})();
