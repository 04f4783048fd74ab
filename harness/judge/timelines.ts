import type { Measurement, Trial } from '../store/schema.ts';
import type { Timeline } from './traces.ts';

const MS_PER_SEC = 1000;

/**
 * Completions over time of one trial. Generators tell what they completed every `binMs` and go on until the harness has
 * read the server once more, which takes as long as a busy server lets it: when the load ended is not recorded. So the last
 * bin is the last that was over by the end of the window, up to which there was load for certain.
 */
export function timelineOf({ cell, round, attempt }: Trial, { timeline, windowMs }: Measurement): Timeline {
  const { binMs, completions, windowStartMs } = timeline;
  const whole = Math.floor((windowStartMs + windowMs) / binMs);
  return {
    ...{ cell, round, attempt, binMs, windowStartMs, windowMs },
    perSec: completions.slice(0, whole).map((count) => (count * MS_PER_SEC) / binMs),
  };
}
