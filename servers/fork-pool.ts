/**
 * One HTTP front end, N processes made with `child_process.fork`, jobs over IPC.
 *
 * The front end accepts, parses and replies; a worker only runs handler code, so a slow handler never holds up a
 * connection. Every request and reply is copied through a pipe: small ones as messages over IPC, large ones as raw bytes.
 */
import { fork } from 'node:child_process';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { keepChannel } from './app/process.ts';
import { loadHandler } from './http/handler.ts';
import type { BuiltInModel } from './model.ts';
import { hasLargeBody, joined, readFrames, writeFrame } from './pool/body-pipe.ts';
import type { JobBatch, ReplyBatch } from './pool/dispatcher.ts';
import { JobRunner } from './pool/job-runner.ts';
import { type PoolWorker, startPool } from './pool/pool.ts';
import { processUsage } from './usage.ts';
import type { SpawnWorker, WorkerCommand, WorkerMessage } from './workers/group.ts';
import { onEnd } from './workers/processes.ts';
import { followCommands } from './workers/worker.ts';

const ROLE = 'fourways-fork-pool-worker';
/** File descriptor of the body pipe, after those of standard streams and IPC. */
const BODY_PIPE = 4;

const spawn: SpawnWorker<PoolWorker> = (_id, onMessage, onExit) => {
  const child = fork(fileURLToPath(import.meta.url), [ROLE], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc', 'overlapped'],
  });
  const pipe = child.stdio[BODY_PIPE];
  if (!(pipe instanceof Socket)) throw new Error('a forked worker came without its pipe');
  pipe.on('error', () => {}); // The worker is going: its exit fails the jobs that it held.
  readFrames(pipe, (message) => handle.onReplies(message));
  child.on('message', (message: WorkerMessage | ReplyBatch) => {
    if (Array.isArray(message)) handle.onReplies(message);
    else onMessage(message);
  });
  onEnd(child, onExit);
  const send = (message: WorkerCommand | JobBatch): void => {
    // A send that fails means the worker is going: its exit fails the jobs that it held.
    if (child.connected) child.send(message, () => {});
  };
  const handle: PoolWorker = {
    send,
    sendJobs: (batch) => {
      if (hasLargeBody(batch)) writeFrame(pipe, batch);
      else send(batch);
    },
    onReplies: () => {},
    kill: () => child.kill('SIGKILL'),
  };
  return handle;
};

/** Runs in each worker process. */
function work(): void {
  let runner: JobRunner | undefined;
  const pipe = new Socket({ fd: BODY_PIPE });
  pipe.on('error', () => process.exit()); // The front end is gone.
  readFrames(pipe, (message) => runner?.accept(joined(message)));
  const tell = process.send?.bind(process);
  const send = (message: WorkerMessage | ReplyBatch): void => {
    tell?.(message);
  };
  const follow = followCommands(send, async (context, id) => {
    keepChannel();
    const jobs = new JobRunner(await loadHandler(context), (replies) => {
      if (hasLargeBody(replies)) writeFrame(pipe, replies);
      else send(replies);
    });
    runner = jobs;
    return {
      port: 0,
      report: () => ({ worker: jobs.usage(id), process: processUsage('worker') }),
      stop: async () => {},
    };
  });
  process.on('message', (message: WorkerCommand | JobBatch) => {
    if (Array.isArray(message)) runner?.accept(message);
    else void follow(message);
  });
  process.on('disconnect', () => process.exit());
}

if (process.argv[2] === ROLE) work();

const model: BuiltInModel = {
  summary: 'one HTTP front end and a pool of N forked processes, jobs over IPC',
  style: 'offload',
  colour: { light: '#d55e00', dark: '#f58b3c' },
  effort: { rank: 4, why: 'processes that get requests as messages' },
  start: (context) => startPool(context, spawn, 'front'),
};

export default model;
