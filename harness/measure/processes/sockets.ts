/** Who listens where on this machine, as `/proc/net` tells (proc_pid_net(5)). */
import { readdirSync, readlinkSync } from 'node:fs';
import { listOrNull, type ReadFile, readOrNull } from '../host/system-file.ts';

export interface Listener {
  readonly port: number;
  /** Whether connections to 127.0.0.1 reach it. */
  readonly onLoopback: boolean;
  readonly inode: string;
}

const LISTENING = '0A';
/** As the kernel writes them, in the byte order of the machine. An address of IPv6 may take those of IPv4 as well. */
const REACHABLE = new Set(['00000000', '0100007F', '0'.repeat(32), '0000000000000000FFFF00000100007F']);

/** All listening TCP sockets. */
export function listeners(read: ReadFile = readOrNull): readonly Listener[] {
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) =>
    (read(path) ?? '').split('\n').flatMap((line): Listener[] => {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      const [address = '', port = ''] = local.split(':');
      if (state !== LISTENING) return [];
      return [{ port: Number.parseInt(port, 16), onLoopback: REACHABLE.has(address), inode }];
    }),
  );
}

/** Those of these processes. */
export function listenersOf(pids: readonly number[]): readonly Listener[] {
  const own = new Set(pids.flatMap(socketsOf));
  return listeners().filter(({ inode }) => own.has(inode));
}

/** The processes that hold a socket which listens on this port. None when they are those of another user. */
export function holdersOf(port: number): readonly number[] {
  const inodes = new Set(
    listeners()
      .filter((one) => one.port === port && one.onLoopback)
      .map(({ inode }) => inode),
  );
  return (listOrNull('/proc') ?? [])
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => socketsOf(pid).some((inode) => inodes.has(inode)));
}

function socketsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        const [, inode] = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`)) ?? [];
        return inode === undefined ? [] : [inode];
      } catch {
        return []; // Closed since it was listed.
      }
    });
  } catch {
    return []; // Gone, or that of another user.
  }
}
