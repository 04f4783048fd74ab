/**
 * One HTTP front end, N threads, jobs by message.
 *
 * The same topology as the fork pool inside one process: threads share memory with the front end, so large bodies are
 * handed over instead of copied, and threads share one libuv pool, and die together.
 */
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { keepChannel } from './app/process.ts';
import { loadHandler } from './http/handler.ts';
import type { BuiltInModel, ServerContext } from './model.ts';
import type { JobBatch, ReplyBatch } from './pool/dispatcher.ts';
import { JobRunner } from './pool/job-runner.ts';
import { type PoolWorker, startPool } from './pool/pool.ts';
import { handOverJobs, LARGE_BYTES, ReplyMemory } from './pool/transfer.ts';
import type { SpawnWorker, WorkerCommand, WorkerMessage } from './workers/group.ts';
import { startThread } from './workers/threads.ts';
import { followCommands } from './workers/worker.ts';

const ROLE = 'fourways-worker-thread';

/** Jobs, and memory of replies that have been sent, which goes back with them: a message of its own costs too much. */
interface JobsAndMemory {
  readonly jobs: JobBatch;
  readonly spare: readonly ArrayBuffer[];
}

const spawnFor =
  (context: ServerContext): SpawnWorker<PoolWorker> =>
  (_id, onMessage, onExit) => {
    const worker = startThread(fileURLToPath(import.meta.url), ROLE, context, onExit);
    /** Memory of replies that have been sent. */
    const spare: ArrayBuffer[] = [];
    worker.on('message', (message: WorkerMessage | ReplyBatch) => {
      if (Array.isArray(message)) handle.onReplies(message);
      else onMessage(message);
    });
    const handle: PoolWorker = {
      send: (command) => worker.postMessage(command),
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
    return handle;
  };

/** Runs in each thread. */
function work(port: NonNullable<typeof parentPort>): void {
  let runner: JobRunner | undefined;
  const memory = new ReplyMemory();
  const follow = followCommands(
    (message) => port.postMessage(message),
    async (context, id) => {
      keepChannel();
      const jobs = new JobRunner(await loadHandler(context), (replies) =>
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
  port.on('message', (message: WorkerCommand | JobBatch | JobsAndMemory) => {
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

const model: BuiltInModel = {
  summary: 'one HTTP front end and a pool of N threads, jobs by message',
  style: 'offload',
  colour: { light: '#009e73', dark: '#2cc796' },
  effort: { rank: 3, why: 'one process, whose threads get requests as messages' },
  start: (context) => startPool(context, spawnFor(context), 'both'),
};

export default model;
