/**
 * The only process that the harness spawns for a trial. It starts one model, reports ready, answers questions about
 * usage, and stops; all by message. When the harness goes, it goes.
 */
import { models } from './index.ts';
import type { Running, ServerContext, ServerSnapshot } from './model.ts';

/** Harness to host. */
export type HostOrder =
  | { readonly type: 'start'; readonly model: string; readonly context: ServerContext }
  | { readonly type: 'snapshot'; readonly ticket: number }
  | { readonly type: 'stop' };

/** Host to harness. */
export type HostNotice =
  | { readonly type: 'ready'; readonly port: number; readonly workers: number }
  | { readonly type: 'failed'; readonly message: string; readonly code: string | null }
  | { readonly type: 'snapshot'; readonly ticket: number; readonly snapshot: ServerSnapshot };

const notify = (notice: HostNotice): void => {
  process.send?.(notice);
};

let running: Running | undefined;

async function follow(order: HostOrder): Promise<void> {
  switch (order.type) {
    case 'start': {
      const load = Object.entries(models).find(([name]) => name === order.model)?.[1];
      if (load === undefined) throw new Error(`there is no model '${order.model}'`);
      running = await (await load()).default.start(order.context);
      return notify({ type: 'ready', port: running.port, workers: running.workers });
    }
    case 'snapshot':
      if (running === undefined) return;
      return notify({ type: 'snapshot', ticket: order.ticket, snapshot: await running.snapshot() });
    case 'stop':
      await running?.stop();
      process.exit(0);
  }
}

process.on('message', (order: HostOrder) => {
  follow(order).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : null;
    notify({ type: 'failed', message: error instanceof Error ? error.message : String(error), code });
  });
});
process.on('disconnect', () => process.exit());
