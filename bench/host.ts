/** A host for what the pools are measured against, so that it is run by the very same trial protocol. */
import { followOrders } from '../servers/host-protocol.ts';

followOrders({ piscina: () => import('./piscina-pool.ts') });
