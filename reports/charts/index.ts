import type { Chart } from './chart.ts';

/** The charts of a report, in this order. The key is the file name and the first part of the image's name. */
export const charts = {
  throughput: () => import('./throughput.ts'),
  latency: () => import('./latency.ts'),
  'requests-per-worker': () => import('./requests-per-worker.ts'),
  'latency-at-rate': () => import('./latency-at-rate.ts'),
  'latency-against-load': () => import('./latency-against-load.ts'),
  'sustained-rate': () => import('./sustained-rate.ts'),
} satisfies Record<string, () => Promise<{ default: Chart }>>;
