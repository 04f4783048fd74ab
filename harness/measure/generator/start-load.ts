/** From an order to the load that it asks for. */
import type { ComparisonSample } from '../../stats/comparison-sample.ts';
import type { Load, LoadListener } from './load.ts';
import type { GeneratorOrder } from './messages.ts';
import { startAutocannon } from './senders/autocannon.ts';
import { rateLoad, reconnectingLoad } from './senders/own-load.ts';

/** autocannon sends capacity load on connections that are kept alive; everything else is ours, because it cannot. */
export function startLoad(
  order: Extract<GeneratorOrder, { type: 'start' }>,
  listener: LoadListener,
  sample: ComparisonSample,
): Load {
  if (order.load.kind === 'rate') return rateLoad(order, order.load, listener, sample);
  return order.connectionMode === 'keep-alive'
    ? startAutocannon(order, listener, sample)
    : reconnectingLoad(order, listener, sample);
}
