/** Workers that are threads of this process. */
import { Worker } from 'node:worker_threads';
import { printError } from '../http/reply.ts';
import type { SpawnWorker } from './group.ts';

type OnExit = Parameters<SpawnWorker<never>>[2];

/** Runs the file at this path in a thread, with this as its `workerData`. What it throws is printed, and is how it ended. */
export function startThread(file: string, workerData: unknown, onExit: OnExit): Worker {
  const worker = new Worker(file, { workerData });
  let error: Error | undefined;
  worker.once('error', (thrown) => {
    printError(thrown);
    error = thrown instanceof Error ? thrown : new Error(String(thrown));
  });
  worker.once('exit', (code) => onExit(error?.message ?? `exit code ${code}`));
  return worker;
}
