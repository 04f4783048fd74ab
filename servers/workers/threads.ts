/** Workers that are threads of this process. */
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { printError } from '../http/reply.ts';
import type { ServerContext } from '../model.ts';
import type { SpawnWorker } from './group.ts';

type OnExit = Parameters<SpawnWorker<never>>[2];

/** The heap of each process and thread of a server that faults are put into, so that it is soon full. */
export const HEAP_UNDER_FAULTS_MIB = 128;

/** Of a thread of a model, in the options of its `Worker`. */
export function limitsOf({ faults }: ServerContext): Pick<WorkerOptions, 'resourceLimits'> {
  return faults === true ? { resourceLimits: { maxOldGenerationSizeMb: HEAP_UNDER_FAULTS_MIB } } : {};
}

/** Runs the file at this path in a thread, with this as its `workerData`. What it throws is printed, and is how it ended. */
export function startThread(file: string, workerData: unknown, context: ServerContext, onExit: OnExit): Worker {
  const worker = new Worker(file, { workerData, ...limitsOf(context) });
  let error: Error | undefined;
  worker.once('error', (thrown) => {
    printError(thrown);
    error = thrown instanceof Error ? thrown : new Error(String(thrown));
  });
  worker.once('exit', (code) => onExit(error?.message ?? `exit code ${code}`));
  return worker;
}
