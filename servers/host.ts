/** The only process that the harness spawns for a trial: one model, started and stopped by message. */
import { followOrders } from './host-protocol.ts';
import { models } from './index.ts';

followOrders(models);
