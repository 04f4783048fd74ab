import { logRange } from '../../drawing/ticks.ts';
import type { LoadLine } from './lines.ts';

/** The label above the limit of an SLO lies within the plot. */
const LIMIT_ROOM = 1.2;

/** The axes of a chart of latency against load, with what they span. */
export interface LoadAxes {
  readonly end: number;
  readonly range: ReturnType<typeof logRange>;
  readonly x: ReturnType<typeof xAxis>;
  readonly y: ReturnType<typeof yAxis>;
}

function xAxis(end: number) {
  return {
    type: 'quantitative' as const,
    scale: { domain: [0, end], nice: false, zero: true },
    axis: { title: 'offered requests per second', grid: false, tickCount: 8, format: ',~f' },
  };
}

function yAxis({ start, end, ticks }: ReturnType<typeof logRange>) {
  return {
    type: 'quantitative' as const,
    scale: { type: 'log' as const, domain: [start, end], nice: false },
    axis: { title: null, grid: true, format: ',~f', labelOverlap: false, values: [...ticks] },
  };
}

/** Axes that hold all points with their intervals, the capacities and the limit of the SLO. */
export function loadAxes(lines: readonly LoadLine[], limitMs: number | null): LoadAxes {
  const points = lines.flatMap((line) => line.points);
  const rates = [...points.map(({ rate }) => rate), ...lines.flatMap(({ capacity }) => capacity?.requestsPerSec ?? [])];
  const latencies = points.flatMap(({ p99: { ms, low, high } }) => [ms, low ?? ms, high ?? ms]);
  const range = logRange([...latencies.filter((ms) => ms > 0), ...(limitMs === null ? [] : [limitMs * LIMIT_ROOM])]);
  const end = Math.max(...rates) * 1.03;
  return { end, range, x: xAxis(end), y: yAxis(range) };
}
