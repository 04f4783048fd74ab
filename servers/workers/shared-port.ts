/** One port on which several servers listen: the kernel gives each connection to one of them (`SO_REUSEPORT`). */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { listenOptions } from '../place.ts';

export interface HeldPort {
  readonly port: number;
  /** To be called when the workers listen, before a client knows the port: until then it takes connections that nobody answers. */
  release(): void;
}

/** Takes the port, or a free one for 0, so that workers can share it by its number. */
export async function holdPort(port: number): Promise<HeldPort> {
  const server = await listening(port);
  return { port: portOf(server), release: () => void server.close() };
}

/** Whether two servers can listen on one port here. It is tried: an older Node.js ignores the option, and other systems refuse it. */
export async function canSharePort(): Promise<boolean> {
  const servers: Server[] = [];
  try {
    servers.push(await listening(0));
    servers.push(await listening(portOf(servers[0])));
    return true;
  } catch {
    return false;
  } finally {
    for (const server of servers) server.close();
  }
}

async function listening(port: number): Promise<Server> {
  const server = createServer().listen(listenOptions({ kind: 'port', port, isShared: true }));
  await once(server, 'listening');
  return server;
}

function portOf(server: Server | undefined): number {
  const address = server?.address() ?? null;
  return address !== null && typeof address === 'object' ? address.port : 0;
}
