/**
 * One process, one event loop: the baseline.
 *
 * Everything happens in the process that accepts the connection. Nothing is handed over, so nothing can be cheaper
 * per request; and one slow handler makes everybody wait.
 */
import type { Model } from './model.ts';
import { processUsage } from './process-usage.ts';
import { startReplica } from './replica.ts';

const single: Model = {
  summary: 'one process, one event loop',
  style: 'alone',
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
      stop: () => replica.close(),
    };
  },
};

export default single;
