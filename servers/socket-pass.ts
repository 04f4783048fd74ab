/**
 * One process that accepts, and N forked processes that it sends the accepted sockets to, round robin.
 *
 * What was done before `node:cluster`, and what servers do that choose the worker themselves, such as by the address of the client. The
 * way of a connection is that of `cluster`; of the HTTP server each worker has, none listens.
 */
import { createServer, Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Replica, startReplica } from './http/replica.ts';
import type { BuiltInModel, Running, ServerContext } from './model.ts';
import { listenOptions } from './place.ts';
import { type ForkedWorker, forked, serveReplica } from './workers/processes.ts';
import { startReplicas } from './workers/replicas.ts';

const ROLE = 'fourways-socket-pass-worker';
const CONNECTION = { type: 'connection' } as const;

async function start(context: ServerContext): Promise<Running> {
  const ready: Target[] = [];
  let next = 0;
  // Nothing is read here, so that the worker gets all of it.
  const acceptor = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
    const target = ready[next++ % ready.length];
    if (target === undefined) socket.destroy();
    else pass(socket, target);
  });
  const running = await startReplicas(context, forked(fileURLToPath(import.meta.url), ROLE), 'front', {
    onReady: (worker) => void ready.push(targetOf(worker)),
    onGone: (worker) =>
      void ready.splice(
        ready.findIndex((one) => one.worker === worker),
        1,
      ),
    onNoneLeft: () => acceptor.close(),
  });
  try {
    await new Promise<void>((resolve, reject) => {
      acceptor.once('error', reject);
      acceptor.listen(listenOptions({ kind: 'port', port: context.port }), resolve);
    });
  } catch (error) {
    await running.stop();
    throw error;
  }
  const address = acceptor.address();
  return {
    ...running,
    port: address !== null && typeof address === 'object' ? address.port : context.port,
    stop: async (patience) => {
      acceptor.close();
      await running.stop(patience);
    },
  };
}

/** A worker, and the sockets that are on their way to it. */
interface Target {
  readonly worker: ForkedWorker;
  readonly passing: Set<Socket>;
}

/** One socket waits until the one before has been received, and would hear nothing of the end of its worker. */
function targetOf(worker: ForkedWorker): Target {
  const passing = new Set<Socket>();
  worker.child.once('exit', () => {
    for (const socket of passing) socket.destroy();
    closeUnreceived(worker.child);
  });
  return { worker, passing };
}

/** The one that has been sent and not received: Node.js leaves it open, and its client would wait for ever. */
function closeUnreceived(child: object): void {
  const pending: unknown = Reflect.get(child, '_pendingMessage');
  const handle: unknown = typeof pending === 'object' && pending !== null ? Reflect.get(pending, 'handle') : null;
  const close: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'close') : null;
  if (typeof close === 'function') Reflect.apply(close, handle, []);
}

/** One that does not arrive is closed. */
function pass(socket: Socket, { worker, passing }: Target): void {
  passing.add(socket);
  worker.child.send(CONNECTION, socket, (error) => {
    passing.delete(socket);
    if (error !== null) socket.destroy();
  });
}

function work(): void {
  let replica: Replica | undefined;
  serveReplica(async (context, id) => {
    replica = await startReplica(context, id, { kind: 'nowhere' });
    return replica;
  });
  // There is none when its client has closed it on the way.
  process.on('message', (_message, socket) => {
    if (socket instanceof Socket) replica?.accept(socket);
  });
}

if (process.argv[2] === ROLE) work();

const model: BuiltInModel = {
  summary: 'one process accepts and sends each socket to one of N forked processes',
  style: 'replicated',
  colour: { light: '#7b3fb5', dark: '#c79bf5' },
  effort: { rank: 3.5, why: 'a process of your own that accepts, starts others and sends them sockets' },
  start,
};

export default model;
