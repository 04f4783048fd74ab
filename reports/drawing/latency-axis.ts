/** The horizontal axis of latency in milliseconds. */
import { axisRange } from './ticks.ts';

/** From zero where that is readable, and logarithmic where it is not. */
export function latencyAxis(valuesMs: readonly number[]) {
  const range = axisRange(valuesMs);
  const axis = { grid: true, format: ',~f', labelOverlap: false };
  const type = 'quantitative' as const;
  return range.kind === 'linear'
    ? {
        type,
        scale: { domain: [0, range.end], nice: false, zero: true },
        axis: { ...axis, tickCount: 6, title: 'latency in ms' },
      }
    : {
        type,
        scale: { type: 'log' as const, domain: [range.start, range.end], nice: false },
        axis: { ...axis, values: [...range.ticks], title: 'latency in ms (logarithmic scale)' },
      };
}

export type LatencyAxis = ReturnType<typeof latencyAxis>;
