/** The process of a server whose figures are known. It is started and measured exactly as the host of the models is. */
import { followOrders } from '../../../servers/host-protocol.ts';
import { truthNames } from './known.ts';
import { truthServer } from './servers.ts';

followOrders(Object.fromEntries(truthNames.map((name) => [name, async () => ({ default: truthServer(name) })])));
