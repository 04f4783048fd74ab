/**
 * N processes that know nothing of each other, each with an HTTP server that listens on the same port (`SO_REUSEPORT`).
 *
 * The kernel keeps a queue for each of them and picks one by the address of the client. Nothing is handed over, and nothing is between a
 * worker and its clients; a connection that waits in the queue of a busy worker is not taken over by another.
 */
import { fileURLToPath } from 'node:url';
import { startReplica } from './http/replica.ts';
import type { BuiltInModel, Running, ServerContext } from './model.ts';
import { forked, serveReplica } from './workers/processes.ts';
import { startReplicas } from './workers/replicas.ts';
import { canSharePort, holdPort } from './workers/shared-port.ts';

const ROLE = 'fourways-reuse-port-worker';

async function start(context: ServerContext): Promise<Running> {
  const { port, release } = await holdPort(context.port);
  try {
    return await startReplicas({ ...context, port }, forked(fileURLToPath(import.meta.url), ROLE), 'front');
  } finally {
    release();
  }
}

if (process.argv[2] === ROLE) {
  serveReplica((context, id) => startReplica(context, id, { kind: 'port', port: context.port, isShared: true }));
}

const model: BuiltInModel = {
  summary: 'N processes, each listens on the same port (reusePort)',
  style: 'replicated',
  colour: { light: '#c2268f', dark: '#ff8fd0' },
  effort: { rank: 2.4, why: 'the same server several times, which you start and replace yourself' },
  unavailable: async () => ((await canSharePort()) ? null : NO_REUSE_PORT),
  start,
};

const NO_REUSE_PORT = `Node ${process.versions.node} on ${process.platform} cannot share a port between processes; it takes Linux and Node 22.12, 23.1 or newer`;

export default model;
