/**
 * One HTTP front, N processes made with `child_process.fork`, jobs over IPC.
 *
 * The front accepts, parses and replies; a worker only runs handler code, so a slow handler never holds up a
 * connection. Every request and reply is copied through a pipe: small ones as messages over IPC, large ones as raw bytes.
 */
import { fork } from 'node:child_process';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { hasLargeBody, joined, readFrames, writeFrame } from './body-pipe.ts';
import type { Notice, Order, Spawn } from './crew.ts';
import { reportForWork } from './crew-member.ts';
import type { JobBatch, ReplyBatch } from './dispatcher.ts';
import { loadHandler } from './handler.ts';
import { type JobRunner, jobRunner } from './job-runner.ts';
import type { Model } from './model.ts';
import { type PoolMember, startPool } from './pool.ts';
import { processUsage } from './process-usage.ts';

const ROLE = 'fourways-fork-pool-worker';
/** File descriptor of the body pipe, after those of standard streams and IPC. */
const BODY_PIPE = 4;

const spawn: Spawn<PoolMember> = (_id, onNotice, onExit) => {
  const child = fork(fileURLToPath(import.meta.url), [ROLE], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc', 'overlapped'],
  });
  const pipe = child.stdio[BODY_PIPE];
  if (!(pipe instanceof Socket)) throw new Error('a forked worker came without its pipe');
  pipe.on('error', () => {}); // The worker is going: its exit fails the jobs that it held.
  readFrames(pipe, (message) => member.onReplies(message));
  child.on('message', (message: Notice | ReplyBatch) => {
    if (Array.isArray(message)) member.onReplies(message);
    else onNotice(message);
  });
  child.once('exit', (code, signal) => onExit(signal ?? `exit code ${code}`));
  const send = (message: Order | JobBatch): void => {
    // A send that fails means the worker is going: its exit fails the jobs that it held.
    if (child.connected) child.send(message, () => {});
  };
  const member: PoolMember = {
    send,
    sendJobs: (batch) => {
      if (hasLargeBody(batch)) writeFrame(pipe, batch);
      else send(batch);
    },
    onReplies: () => {},
    kill: () => child.kill('SIGKILL'),
  };
  return member;
};

/** Runs in each worker process. */
function work(): void {
  let runner: JobRunner | undefined;
  const pipe = new Socket({ fd: BODY_PIPE });
  pipe.on('error', () => process.exit()); // The front is gone.
  readFrames(pipe, (message) => runner?.accept(joined(message)));
  const send = (message: Notice | ReplyBatch): void => {
    process.send?.(message);
  };
  const follow = reportForWork(send, async (context, id) => {
    const jobs = jobRunner(await loadHandler(context), (replies) => {
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
  process.on('message', (message: Order | JobBatch) => {
    if (Array.isArray(message)) runner?.accept(message);
    else void follow(message);
  });
  process.on('disconnect', () => process.exit());
}

if (process.argv[2] === ROLE) work();

const model: Model = {
  summary: 'one HTTP front, N forked processes, jobs over IPC',
  style: 'offload',
  start: (context) => startPool(context, spawn, 'front'),
};

export default model;
