/** A server that runs already: found by its port, read from outside, never stopped. */
import { UserError } from '../../errors.ts';
import type { External } from '../../store/schema.ts';
import { hasProcesses, NO_PROCESSES } from '../host/system-file.ts';
import { holdersOf, listeners } from '../processes/sockets.ts';
import { ProcessTree } from '../processes/tree.ts';
import { readProcesses } from '../readings/processes.ts';
import type { RunningServer } from './running.ts';

/** Rejects with a UserError when nothing listens there, or its processes cannot be seen. */
export async function findServer({ name, port }: Extract<External, { kind: 'address' }>): Promise<RunningServer> {
  const url = `http://127.0.0.1:${port}/`;
  if (!hasProcesses()) throw new UserError(`--url ${name}=${url}: ${NO_PROCESSES}`);
  if (!listeners().some((one) => one.port === port && one.onLoopback)) {
    throw new UserError(
      `--url ${name}=${url}: nothing listens there; start the server, or give its command with --command`,
    );
  }
  const roots = holdersOf(port);
  if (roots.length === 0) {
    throw new UserError(
      `--url ${name}=${url}: its process cannot be seen, because it runs as another user or in a container; give its command with --command`,
    );
  }
  const tree = new ProcessTree(roots, null);
  return {
    url,
    port,
    workers: null,
    isFresh: false,
    exited: new Promise(() => {}), // Nobody tells; the connections that it closes do.
    recentOutput: () => '',
    read: async () => ({ processes: readProcesses(tree.pids()), inside: null }),
    canReload: false,
    reload: async () => {},
    end: async () => {},
    stop: async () => {},
  };
}
