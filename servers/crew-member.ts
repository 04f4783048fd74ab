/** The worker's side of a crew: follow orders, report, and go when the parent goes. */
import type { Notice, Order, Report } from './crew.ts';
import type { ServerContext } from './model.ts';

/** What a worker does once it has been told what to serve. */
export interface Duty {
  /** 0 when the worker does not listen. */
  readonly port: number;
  report(): Report;
  stop(): Promise<void>;
}

/**
 * Reports for work over `send`, and returns what follows the orders. It must be listening for them before the current
 * turn of the event loop ends: an order that comes to a cluster worker without a listener is lost without a trace.
 */
export function reportForWork(
  send: (notice: Notice) => void,
  begin: (context: ServerContext, id: number) => Promise<Duty>,
): (order: Order) => Promise<void> {
  let duty: Duty | undefined;
  send({ type: 'present' });
  return async (order) => {
    switch (order.type) {
      case 'start':
        try {
          duty = await begin(order.context, order.id);
          send({ type: 'ready', port: duty.port });
        } catch (error) {
          const code = error instanceof Error && 'code' in error ? String(error.code) : null;
          send({ type: 'failed', message: error instanceof Error ? error.message : String(error), code });
        }
        return;
      case 'report':
        if (duty !== undefined) send({ type: 'report', ticket: order.ticket, report: duty.report() });
        return;
      case 'stop':
        await duty?.stop();
        process.exit(0);
    }
  };
}
