/**
 * N threads of one process, each with the whole HTTP server.
 *
 * A thread accepts, parses, runs the handler and replies by itself: nothing goes from thread to thread. They share the port where this
 * Node.js can (`reusePort`), else one descriptor that the main thread has bound. They also share one libuv pool, and die together.
 */
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { getSystemErrorName } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import { keepChannel } from './app/process.ts';
import { startReplica } from './http/replica.ts';
import type { BuiltInModel, Running, ServerContext } from './model.ts';
import type { Place } from './place.ts';
import type { SpawnWorker, WorkerCommand, WorkerHandle, WorkerMessage } from './workers/group.ts';
import { replicaWorker, startReplicas } from './workers/replicas.ts';
import { canSharePort, holdPort } from './workers/shared-port.ts';
import { startThread } from './workers/threads.ts';
import { followCommands } from './workers/worker.ts';

const ROLE = 'fourways-listener-thread';

interface Given {
  readonly role: typeof ROLE;
  readonly place: Place;
}

function spawnAt(place: Place, context: ServerContext): SpawnWorker<WorkerHandle> {
  return (_id, onMessage, onExit) => {
    const given: Given = { role: ROLE, place };
    const worker = startThread(fileURLToPath(import.meta.url), given, context, onExit);
    worker.on('message', (message: WorkerMessage) => onMessage(message));
    return { send: (command) => worker.postMessage(command), kill: () => void worker.terminate() };
  };
}

async function start(context: ServerContext): Promise<Running> {
  return (await canSharePort()) ? onSharedPort(context) : onOneDescriptor(context);
}

async function onSharedPort(context: ServerContext): Promise<Running> {
  const { port, release } = await holdPort(context.port);
  try {
    return await startReplicas(context, spawnAt({ kind: 'port', port, isShared: true }, context), 'both');
  } finally {
    release();
  }
}

/** IPv4, for `net._createServerHandle`. */
const IPV4 = 4;

/** A thread that ends closes what it listens on, and here that is what all of them listen on. */
async function onOneDescriptor(context: ServerContext): Promise<Running> {
  const bound = boundSocket(context.port);
  let isServing = false;
  const running = await startReplicas(context, spawnAt({ kind: 'descriptor', fd: bound.fd }, context), 'both', {
    onReady: () => {},
    onGone: () => {
      if (isServing) throw new Error('a thread ended, and closed the descriptor that all threads listened on');
    },
  });
  isServing = true;
  return {
    ...running,
    stop: (patience) => {
      isServing = false;
      return running.stop(patience);
    },
    reload: () => Promise.reject(new Error(NO_RELOAD)),
  };
}

const NO_RELOAD =
  'a thread that ends closes the descriptor that all threads listen on; with Node 22.12, 23.1 or newer each has its own';

/** What `listen` makes before it listens: there is no documented way to get it. */
function boundSocket(port: number): { readonly fd: number } {
  const create: unknown = Reflect.get(net, '_createServerHandle');
  const handle: unknown =
    typeof create === 'function' ? Reflect.apply(create, net, ['127.0.0.1', port, IPV4]) : undefined;
  if (typeof handle === 'number') {
    const code = getSystemErrorName(handle);
    throw Object.assign(new Error(`listen ${code} 127.0.0.1:${port}`), { code, port });
  }
  const fd: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : undefined;
  if (typeof fd !== 'number' || fd < 0) throw new Error('this Node.js gives no descriptor of a socket to its threads');
  // The handle closes its descriptor when nothing refers to it.
  sockets.push(handle);
  return { fd };
}

const sockets: unknown[] = [];

function work(port: NonNullable<typeof parentPort>, place: Place): void {
  const follow = followCommands(
    (message) => port.postMessage(message),
    async (context, id) => {
      keepChannel();
      return replicaWorker(await startReplica(context, id, place), false);
    },
  );
  port.on('message', (command: WorkerCommand) => void follow(command));
}

const given: Given | null | undefined = workerData;
if (given?.role === ROLE && parentPort !== null) work(parentPort, given.place);

const model: BuiltInModel = {
  summary: 'N threads of one process, each with the whole HTTP server',
  style: 'replicated',
  colour: { light: '#946200', dark: '#e8b84a' },
  effort: { rank: 2.6, why: 'one process, whose threads each have the server' },
  way: async () => ((await canSharePort()) ? 'reusePort' : 'one descriptor that all threads share'),
  start,
};

export default model;
