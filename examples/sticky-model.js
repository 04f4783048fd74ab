/**
 * An example of a model of your own: a parent that accepts, and sends each connection to the worker of its client.
 *
 *   npx fourways run -s sessions -w 2 --connection-mode per-request -m cluster,socket-pass,./examples/sticky-model.js
 *
 * `socket-pass` with another choice: not the next worker, but the one that a hash of the client's address names. A client that opens
 * another connection finds what its worker has in memory. Clients behind one address all have one worker, and a worker that dies
 * takes their sessions with it.
 */
import { createServer, Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { forked, listenOptions, serveReplica, startReplica, startReplicas } from 'fourways/servers';

const FILE = fileURLToPath(import.meta.url);
const ROLE = 'sticky-model-worker';

/** A worker has the HTTP server, which does not listen: the parent sends it what it has accepted. */
function work() {
  let replica;
  serveReplica(async (context, id) => {
    replica = await startReplica(context, id, { kind: 'nowhere' });
    return replica;
  });
  // There is no socket when its client has closed it on the way.
  process.on('message', (_message, socket) => {
    if (socket instanceof Socket) replica?.accept(socket);
  });
}

// Only as a worker: the file is also imported to be described, and then it must start nothing.
if (process.argv[2] === ROLE) work();

/** FNV-1a (Fowler, Noll and Vo 1991): every octet of the address has a say in every bit. */
function hashOf(address) {
  let hash = 0x811c9dc5;
  for (const octet of address.split('.')) hash = Math.imul(hash ^ Number(octet), 0x01000193);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** @type {import('fourways/servers').Model} */
const model = {
  summary: 'one process accepts and sends each socket to the worker of its client',
  style: 'replicated',
  effort: { rank: 3.5, why: 'a process of your own that accepts, starts others and sends them sockets' },

  async start(context) {
    const workers = [];
    const running = await startReplicas(context, forked(FILE, ROLE), 'front', {
      onReady: (worker) => void workers.push(worker),
      onGone: (worker) => void workers.splice(workers.indexOf(worker), 1),
    });
    // Nothing is read here, so that the worker gets all of it.
    const acceptor = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
      const worker = workers[hashOf(socket.remoteAddress ?? '') % workers.length];
      if (worker === undefined) socket.destroy();
      else worker.child.send({ type: 'connection' }, socket, (error) => error && socket.destroy());
    });
    await new Promise((resolve, reject) => {
      acceptor.once('error', reject);
      acceptor.listen(listenOptions({ kind: 'port', port: context.port }), resolve);
    });
    return {
      ...running,
      port: acceptor.address().port,
      stop: async (patience) => {
        acceptor.close();
        await running.stop(patience);
      },
    };
  },
};

export default model;
