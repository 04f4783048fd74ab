/** The other side of what is timed, in a thread or a process. It loads nothing else, because starting it is timed as well. */
import type { Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

export type ThreadRole =
  | { readonly role: 'start' | 'clone' | 'transfer' }
  | { readonly role: 'shared'; readonly turns: Int32Array; readonly there: Uint8Array; readonly back: Uint8Array };

/** Asked of a process at the end. A type, because whoever loads this file becomes a peer. */
export type UsageQuestion = 'usage';
const USAGE: UsageQuestion = 'usage';

/** CPU time of this process in microseconds. */
function usageUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function inThread(port: NonNullable<typeof parentPort>, own: ThreadRole): void {
  switch (own.role) {
    case 'start':
      port.postMessage(null);
      // It stays until it is ended, as a process does: its own end would be in the CPU time of its start.
      port.on('message', () => {});
      return;
    case 'clone':
      port.on('message', (message) => port.postMessage(message));
      return;
    case 'transfer':
      port.on('message', (message: Uint8Array<ArrayBuffer>) => port.postMessage(message, [message.buffer]));
      return;
    case 'shared': {
      const { turns, there, back } = own;
      for (let turn = 0; ; turn++) {
        Atomics.wait(turns, 0, turn);
        back.set(there);
        Atomics.add(turns, 1, 1);
        Atomics.notify(turns, 1);
      }
    }
    default:
      own satisfies never;
  }
}

function inProcess(send: (message: unknown) => void): void {
  if (process.argv[2] === 'start') send(usageUs());
  process.on('message', (message, socket?: Socket) => {
    if (socket !== undefined) socket.on('error', () => {}).end('x');
    else send(message === USAGE ? usageUs() : message);
  });
  process.on('disconnect', () => process.exit());
}

if (parentPort !== null) inThread(parentPort, workerData);
else if (process.send !== undefined) inProcess(process.send.bind(process));
