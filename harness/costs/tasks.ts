/** What is repeated for each operation. */
import { type ChildProcess, fork, type SerializationType } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { entryBeside } from '../../scenarios/entry.ts';
import type { Operation } from './operations.ts';
import type { ThreadRole, UsageQuestion } from './peer.ts';

export interface Task {
  /** Once: what is timed. */
  run(): unknown;
  /** After each; neither its time nor its CPU time counts. */
  after?(): Promise<void>;
  /** CPU time of other processes in microseconds, up to now. */
  othersCpuUs(): Promise<number>;
}

const USAGE: UsageQuestion = 'usage';
const NO_OTHERS = async (): Promise<number> => 0;
const PEER = fileURLToPath(entryBeside(import.meta.url, 'peer'));

/** Starts what the operation needs. It ends with this process. */
export async function taskFor(operation: Operation): Promise<Task> {
  switch (operation.group) {
    case 'start':
      return operation.of === 'process' ? startingProcesses() : startingThreads();
    case 'messages':
      return messaging(operation.of, operation.bytes);
    case 'sockets':
      return connecting(operation.of === 'passed' ? forkPeer('echo') : null);
    default:
      return operation satisfies never;
  }
}

function forkPeer(role: 'start' | 'echo', serialization: SerializationType = 'json'): ChildProcess {
  return fork(PEER, [role], { serialization, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

function threadPeer(role: ThreadRole): Worker {
  return new Worker(PEER, { workerData: role });
}

function startingProcesses(): Task {
  let child: ChildProcess | undefined;
  let cpuUs = 0;
  return {
    run: async () => {
      child = forkPeer('start');
      cpuUs += Number((await once(child, 'message'))[0]);
    },
    after: async () => {
      if (child === undefined) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
    othersCpuUs: async () => cpuUs,
  };
}

function startingThreads(): Task {
  let worker: Worker | undefined;
  return {
    run: async () => {
      worker = threadPeer({ role: 'start' });
      await once(worker, 'message');
    },
    after: async () => {
      await worker?.terminate();
    },
    othersCpuUs: NO_OTHERS,
  };
}

async function messaging(of: Extract<Operation, { group: 'messages' }>['of'], bytes: number): Promise<Task> {
  const body = new Uint8Array(bytes).fill(120);
  switch (of) {
    case 'call':
      return calling(body);
    case 'shared':
      return sharing(body);
    case 'clone':
    case 'transfer':
      return posting(body, of);
    case 'ipc-advanced':
      return sending(forkPeer('echo', 'advanced'), body, ({ byteLength }) => byteLength, bytes);
    // JSON has no bytes: the same number of characters.
    case 'ipc-json':
      return sending(forkPeer('echo'), 'x'.repeat(bytes), ({ length }) => length, bytes);
    default:
      return of satisfies never;
  }
}

/** Awaited, as a pool is. */
function calling(body: Uint8Array): Task {
  const [there, back] = [new Uint8Array(body.length), new Uint8Array(body.length)];
  const answer = async (): Promise<void> => {
    there.set(body);
    back.set(there);
  };
  return { run: answer, othersCpuUs: NO_OTHERS };
}

/** The front must not block, so it waits with `waitAsync`; the worker has nothing else to do. */
function sharing(body: Uint8Array): Task {
  const turns = new Int32Array(new SharedArrayBuffer(8));
  const [there, back] = [body.length, body.length].map((length) => new Uint8Array(new SharedArrayBuffer(length)));
  if (there === undefined || back === undefined) throw new Error('no memory to share');
  threadPeer({ role: 'shared', turns, there, back });
  let turn = 0;
  return {
    run: async () => {
      there.set(body);
      Atomics.add(turns, 0, 1);
      Atomics.notify(turns, 0);
      const answered = Atomics.waitAsync(turns, 1, turn++);
      if (answered.async) await answered.value;
      check(back.at(-1) === body.at(-1));
    },
    othersCpuUs: NO_OTHERS,
  };
}

function posting(body: Uint8Array<ArrayBuffer>, role: 'clone' | 'transfer'): Task {
  const worker = threadPeer({ role });
  const bytes = body.byteLength;
  let [own, onReply]: [Uint8Array<ArrayBuffer>, () => void] = [body, () => {}];
  worker.on('message', (reply: Uint8Array<ArrayBuffer>) => {
    check(reply.byteLength === bytes);
    own = reply;
    onReply();
  });
  return {
    run: () =>
      new Promise<void>((resolve) => {
        onReply = resolve;
        if (role === 'transfer') worker.postMessage(own, [own.buffer]);
        else worker.postMessage(body);
      }),
    othersCpuUs: NO_OTHERS,
  };
}

function sending<T extends string | Uint8Array>(
  child: ChildProcess,
  body: T,
  sizeOf: (reply: T) => number,
  bytes: number,
): Task {
  return {
    run: () =>
      new Promise<void>((resolve) => {
        child.once('message', (reply: T) => {
          check(sizeOf(reply) === bytes);
          resolve();
        });
        child.send(body);
      }),
    othersCpuUs: () => usageOf(child),
  };
}

async function connecting(child: ChildProcess | null): Promise<Task> {
  const server = createServer({ pauseOnConnect: child !== null }, (socket) => {
    if (child === null) socket.on('error', () => {}).end('x');
    else child.send('answer', socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  let socket: Socket | undefined;
  return {
    run: async () => {
      socket = connect(port, '127.0.0.1');
      await once(socket, 'data');
    },
    // Reset, so that thousands of connections leave no port waiting.
    after: async () => {
      socket?.resetAndDestroy();
    },
    othersCpuUs: child === null ? NO_OTHERS : () => usageOf(child),
  };
}

async function usageOf(child: ChildProcess): Promise<number> {
  const answer = once(child, 'message');
  child.send(USAGE);
  return Number((await answer)[0]);
}

/** A reply that is not what was sent would be a figure of something else. */
function check(isRight: boolean): void {
  if (!isRight) throw new Error('the reply is not the message that was sent');
}
