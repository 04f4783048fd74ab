/**
 * One HTTP front, N threads, jobs by message.
 *
 * The same topology as the fork pool inside one process: threads share memory with the front, so large bodies are
 * handed over instead of copied, and threads share one libuv pool and one fate.
 */
import { fileURLToPath } from 'node:url';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import type { Notice, Order, Spawn } from './crew.ts';
import { reportForWork } from './crew-member.ts';
import type { JobBatch, ReplyBatch } from './dispatcher.ts';
import { loadHandler } from './handler.ts';
import { type JobRunner, jobRunner } from './job-runner.ts';
import type { Model } from './model.ts';
import { type PoolMember, startPool } from './pool.ts';
import { handOverJobs, handOverReplies } from './transfer.ts';

const ROLE = 'fourways-worker-thread';

const spawn: Spawn<PoolMember> = (_id, onNotice, onExit) => {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: ROLE });
  let error: Error | undefined;
  worker.on('message', (message: Notice | ReplyBatch) => {
    if (Array.isArray(message)) member.onReplies(message);
    else onNotice(message);
  });
  worker.once('error', (thrown) => {
    error = thrown instanceof Error ? thrown : new Error(String(thrown));
  });
  worker.once('exit', (code) => onExit(error?.message ?? `exit code ${code}`));
  const member: PoolMember = {
    send: (order) => worker.postMessage(order),
    sendJobs: (batch) => worker.postMessage(batch, handOverJobs(batch)),
    onReplies: () => {},
    kill: () => void worker.terminate(),
  };
  return member;
};

/** Runs in each thread. */
function work(port: NonNullable<typeof parentPort>): void {
  let runner: JobRunner | undefined;
  const follow = reportForWork(
    (notice) => port.postMessage(notice),
    async (context, id) => {
      const jobs = jobRunner(await loadHandler(context), (replies) =>
        port.postMessage(replies, handOverReplies(replies)),
      );
      runner = jobs;
      return {
        port: 0,
        report: () => ({ worker: jobs.usage(id), process: null }),
        stop: async () => {},
      };
    },
  );
  port.on('message', (message: Order | JobBatch) => {
    if (Array.isArray(message)) runner?.accept(message);
    else void follow(message);
  });
}

if (workerData === ROLE && parentPort !== null) work(parentPort);

const model: Model = {
  summary: 'one HTTP front, N worker threads, jobs by message',
  style: 'offload',
  start: (context) => startPool(context, spawn, 'both'),
};

export default model;
