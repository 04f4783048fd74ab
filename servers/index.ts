import type { Model } from './model.ts';

/** The concurrency models. The key is the file name, the value on the command line and the label in a report. */
export const models = {
  single: () => import('./single.ts'),
  cluster: () => import('./cluster.ts'),
  'fork-pool': () => import('./fork-pool.ts'),
  'worker-threads': () => import('./worker-threads.ts'),
} satisfies Record<string, () => Promise<{ default: Model }>>;

export type ModelName = keyof typeof models;
