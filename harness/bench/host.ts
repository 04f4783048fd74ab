/** A host for servers that only benchmarks need, so that they are run by the very same trial protocol. */
import { followOrders } from '../../servers/host-protocol.ts';

followOrders({ piscina: () => import('./piscina-pool.ts'), probed: () => import('./probed.ts') });
