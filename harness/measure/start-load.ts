/** From an order to the load that it asks for. What another load would take is not loaded: it would only take time. */
import type { GeneratorOrder } from './generator-messages.ts';
import type { Load, LoadListener } from './load.ts';

type StartOrder = Extract<GeneratorOrder, { type: 'start' }>;

/** What loads are sent with: autocannon, or connections of our own. */
const SENDERS = {
  autocannon: () => import('./autocannon-load.ts'),
  own: () => import('./own-load.ts'),
} as const;

export type Sender = keyof typeof SENDERS;

/** autocannon sends capacity load on connections that are kept alive; everything else is ours, because it cannot. */
export function senderFor({ load, connectionMode }: SenderChoice): Sender {
  return load.kind === 'capacity' && connectionMode === 'keep-alive' ? 'autocannon' : 'own';
}

/** What decides who sends a load. */
export interface SenderChoice {
  readonly load: { readonly kind: StartOrder['load']['kind'] };
  readonly connectionMode: StartOrder['connectionMode'];
}

/** Loads the code of a sender, so that it is there when it is asked for. */
export async function preload(sender: Sender): Promise<void> {
  await SENDERS[sender]();
}

export async function startLoad(order: StartOrder, listener: LoadListener): Promise<Load> {
  const sender = senderFor(order);
  switch (sender) {
    case 'autocannon':
      return (await SENDERS.autocannon()).startAutocannon(order, listener);
    case 'own': {
      const own = await SENDERS.own();
      return order.load.kind === 'rate'
        ? own.rateLoad(order, order.load, listener)
        : own.reconnectingLoad(order, listener);
    }
    default:
      return sender satisfies never;
  }
}
