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
import { tellError } from './tell-error.ts';
import { handOverJobs, LARGE_BYTES, ReplyMemory } from './transfer.ts';

const ROLE = 'fourways-worker-thread';

/** Jobs, and memory of replies that have been sent, which goes back with them: a message of its own costs too much. */
interface JobsAndMemory {
  readonly jobs: JobBatch;
  readonly spare: readonly ArrayBuffer[];
}

const spawn: Spawn<PoolMember> = (_id, onNotice, onExit) => {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: ROLE });
  let error: Error | undefined;
  /** Memory of replies that have been sent. */
  const spare: ArrayBuffer[] = [];
  worker.on('message', (message: Notice | ReplyBatch) => {
    if (Array.isArray(message)) member.onReplies(message);
    else onNotice(message);
  });
  worker.once('error', (thrown) => {
    tellError(thrown);
    error = thrown instanceof Error ? thrown : new Error(String(thrown));
  });
  worker.once('exit', (code) => onExit(error?.message ?? `exit code ${code}`));
  const member: PoolMember = {
    send: (order) => worker.postMessage(order),
    sendJobs: (jobs) => {
      const memory = handOverJobs(jobs);
      if (spare.length === 0) {
        worker.postMessage(jobs, memory);
        return;
      }
      const message: JobsAndMemory = { jobs, spare: spare.splice(0) };
      worker.postMessage(message, [...memory, ...message.spare]);
    },
    onReplies: () => {},
    giveBack: ({ byteLength, buffer }) => {
      if (byteLength >= LARGE_BYTES && buffer instanceof ArrayBuffer) spare.push(buffer);
    },
    kill: () => void worker.terminate(),
  };
  return member;
};

/** Runs in each thread. */
function work(port: NonNullable<typeof parentPort>): void {
  let runner: JobRunner | undefined;
  const memory = new ReplyMemory();
  const follow = reportForWork(
    (notice) => port.postMessage(notice),
    async (context, id) => {
      const jobs = jobRunner(await loadHandler(context), (replies) =>
        port.postMessage(replies, memory.handOver(replies)),
      );
      runner = jobs;
      return {
        port: 0,
        report: () => ({ worker: jobs.usage(id), process: null }),
        stop: async () => {},
      };
    },
  );
  port.on('message', (message: Order | JobBatch | JobsAndMemory) => {
    if (Array.isArray(message)) {
      runner?.accept(message);
    } else if ('jobs' in message) {
      for (const buffer of message.spare) memory.takeBack(buffer);
      runner?.accept(message.jobs);
    } else {
      void follow(message);
    }
  });
}

if (workerData === ROLE && parentPort !== null) work(parentPort);

const model: Model = {
  summary: 'one HTTP front, N worker threads, jobs by message',
  style: 'offload',
  start: (context) => startPool(context, spawn, 'both'),
};

export default model;
