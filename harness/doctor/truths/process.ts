/** The process of a server whose figures are known, started and measured exactly like the host of the models. */
import { followOrders } from '../../../servers/host-protocol.ts';
import { truthNames } from './known.ts';
import { truthServer } from './servers.ts';

followOrders(Object.fromEntries(truthNames.map((name) => [name, async () => ({ default: truthServer(name) })])));
