/**
 * N copies of the HTTP server, one process each, that accept from one socket.
 *
 * `cluster` with one line more (or `NODE_CLUSTER_SCHED_POLICY=none`): the primary opens the socket, and every worker accepts from it by
 * itself. No connection is handed over, which makes a connection cheap, and which worker gets it is up to the kernel.
 */
import cluster from 'node:cluster';
import { startCluster } from './cluster.ts';
import type { BuiltInModel } from './model.ts';

const model: BuiltInModel = {
  summary: 'cluster whose workers accept from one shared socket (SCHED_NONE)',
  style: 'replicated',
  colour: { light: '#4750c4', dark: '#9aa4ff' },
  effort: { rank: 2.2, why: 'cluster and one line, and the kernel decides which worker gets a connection' },
  start: (context) => startCluster(context, cluster.SCHED_NONE),
};

export default model;
