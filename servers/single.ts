/**
 * One process, one event loop: the baseline.
 *
 * Everything happens in the process that accepts the connection. Nothing is handed over, so nothing can be cheaper
 * per request; and one slow handler makes every client wait.
 */

import { startReplica } from './http/replica.ts';
import type { BuiltInModel } from './model.ts';
import { processUsage } from './usage.ts';

const single: BuiltInModel = {
  summary: 'one process, one event loop',
  style: 'alone',
  colour: { light: '#5c6670', dark: '#a3afba' },
  effort: { rank: 1, why: 'one process and nothing around it' },
  async start(context) {
    const replica = await startReplica(context, 1);
    return {
      port: replica.port,
      workers: 1,
      snapshot: async () => ({
        processes: [processUsage('worker')],
        front: null,
        workers: [replica.usage()],
        lostWorkers: 0,
      }),
      stop: (patience) => replica.close(patience),
    };
  },
};

export default single;
