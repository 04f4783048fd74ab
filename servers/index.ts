import cluster from './cluster.ts';
import forkPool from './fork-pool.ts';
import type { BuiltInModel } from './model.ts';
import single from './single.ts';
import workerThreads from './worker-threads.ts';

/** The built-in models. The key is the file name, the value on the command line and the label in a report. */
export const models = {
  single,
  cluster,
  'fork-pool': forkPool,
  'worker-threads': workerThreads,
} satisfies Record<string, BuiltInModel>;

const byName: ReadonlyMap<string, BuiltInModel> = new Map(Object.entries(models));

/** Undefined for a model of the user. */
export function builtInModel(name: string): BuiltInModel | undefined {
  return byName.get(name);
}
