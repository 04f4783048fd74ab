import cluster from './cluster.ts';
import clusterSharedHandle from './cluster-shared-handle.ts';
import forkPool from './fork-pool.ts';
import listenerThreads from './listener-threads.ts';
import type { BuiltInModel, Style } from './model.ts';
import piscina from './piscina.ts';
import reusePort from './reuse-port.ts';
import single from './single.ts';
import socketPass from './socket-pass.ts';
import workerThreads from './worker-threads.ts';

/** The built-in models. The key is the file name, the value on the command line and the label in a report. */
export const models = {
  single,
  cluster,
  'cluster-shared-handle': clusterSharedHandle,
  'reuse-port': reusePort,
  'listener-threads': listenerThreads,
  'socket-pass': socketPass,
  'fork-pool': forkPool,
  'worker-threads': workerThreads,
  piscina,
} satisfies Record<string, BuiltInModel>;

type ModelName = keyof typeof models;

/** Measured when no model is named. */
export const defaultModels: readonly ModelName[] = ['single', 'cluster', 'fork-pool', 'worker-threads'];

/** The names of the models in which each worker has the HTTP server, and of those in which a front end passes jobs to workers. */
export const modelGroups = {
  listeners: namesOf((style) => style !== 'offload'),
  pools: namesOf((style) => style === 'offload'),
} as const;

function namesOf(isIn: (style: Style) => boolean): readonly string[] {
  return Object.entries<BuiltInModel>(models).flatMap(([name, { style }]) => (isIn(style) ? [name] : []));
}

const byName: ReadonlyMap<string, BuiltInModel> = new Map(Object.entries(models));

/** Undefined for a model of the user. */
export function builtInModel(name: string): BuiltInModel | undefined {
  return byName.get(name);
}
