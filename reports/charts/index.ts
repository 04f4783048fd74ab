import type { Chart, FaultChart, Overview, SeriesChart } from '../drawing/input.ts';

/** The charts of a report, in this order. The key is the file name and the first part of the image's name. */
export const charts = {
  throughput: () => import('./throughput.ts'),
  ratio: () => import('./ratio.ts'),
  matrix: () => import('./matrix.ts'),
  latency: () => import('./latency.ts'),
  'latency-percentiles': () => import('./latency-percentiles.ts'),
  'requests-per-worker': () => import('./requests-per-worker.ts'),
  'cpu-per-request': () => import('./cpu-per-request.ts'),
  memory: () => import('./memory.ts'),
  'cost-against-speed': () => import('./cost-against-speed.ts'),
  'latency-at-rate': () => import('./latency-at-rate.ts'),
  'latency-against-load': () => import('./latency-against-load.ts'),
  'sustained-rate': () => import('./sustained-rate.ts'),
  'latency-heat-map': () => import('./latency-heat-map.ts'),
  timeline: () => import('./timeline.ts'),
} satisfies Record<string, () => Promise<{ default: Chart }>>;

/** Images of a whole run, each file and key as above. */
export const overviews = {
  overview: () => import('./overview.ts'),
  faults: () => import('./faults/lost.ts'),
} satisfies Record<string, () => Promise<{ default: Overview }>>;

/** Images of each series of a run, each file and key as above. */
export const ofSeries = {
  'throughput-by-setting': () => import('./by-setting/throughput.ts'),
  'latency-by-setting': () => import('./by-setting/latency.ts'),
} satisfies Record<string, () => Promise<{ default: SeriesChart }>>;

/** Images of each fault that was put into the servers of a scenario, each file below `faults/`. */
export const ofFaults = {
  'fault-over-time': () => import('./faults/over-time.ts'),
  'fault-heat-map': () => import('./faults/heat-map.ts'),
  'fault-animation': () => import('./faults/animation.ts'),
} satisfies Record<string, () => Promise<{ default: FaultChart }>>;

/** Every chart by its key, in the order in which they stand in a report. */
export const allCharts = { ...overviews, ...ofSeries, ...charts, ...ofFaults };
