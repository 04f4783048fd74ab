/** What the harness and a server host say to each other, and how a host follows. */
import type { Model, Running, ServerContext, ServerSnapshot } from './model.ts';

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

/** Starts one of the models, reports ready, answers questions about usage, and stops; all by message. */
export function followOrders(models: Readonly<Record<string, () => Promise<{ default: Model }>>>): void {
  let running: Running | undefined;
  const notify = (notice: HostNotice): void => {
    process.send?.(notice);
  };
  const follow = async (order: HostOrder): Promise<void> => {
    switch (order.type) {
      case 'start': {
        const load = models[order.model];
        if (load === undefined) throw new Error(`there is no model '${order.model}'`);
        running = await (await load()).default.start(order.context);
        notify({ type: 'ready', port: running.port, workers: running.workers });
        return;
      }
      case 'snapshot':
        if (running === undefined) return;
        notify({ type: 'snapshot', ticket: order.ticket, snapshot: await running.snapshot() });
        return;
      case 'stop':
        await running?.stop();
        process.exit(0);
    }
  };
  process.on('message', (order: HostOrder) => {
    follow(order).catch((error: unknown) => {
      const code = error instanceof Error && 'code' in error ? String(error.code) : null;
      notify({ type: 'failed', message: error instanceof Error ? error.message : String(error), code });
    });
  });
  // When the harness goes, it goes.
  process.on('disconnect', () => process.exit());
}
