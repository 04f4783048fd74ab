/** Memory of a server's process tree. */
import { readFile } from 'node:fs/promises';
import type { Measurement } from '../../store/schema.ts';
import type { ProcessReading, ServerReading } from '../../store/server-schema.ts';
import { statFields } from '../processes/tree.ts';

/** Often enough to see a heap grow; a reading takes less than a millisecond per process. */
const EVERY_MS = 1000;

/**
 * Proportional set size in bytes of one process from `smaps_rollup`: a page shared by n processes counts 1/n in each,
 * so a sum over processes counts every page once. null where the file is missing.
 */
export function parsePss(text: string): number | null {
  const kib = /^Pss:\s+(\d+) kB$/m.exec(text)?.[1];
  return kib === undefined ? null : Number(kib) * 1024;
}

/** The text of a file; null when it cannot be read. Handed in, so that tests can describe processes. */
type Read = (path: string) => Promise<string | null>;

type Processes = Pick<ServerReading, 'processes'>;

export interface MemoryWatch {
  /** Reads the memory of these processes, now and every second until `stop`. */
  follow(snapshot: Processes): Promise<void>;
  /** Reads for the last time. The first reading is the idle size; the highest of all is the peak. */
  stop(last: Processes): Promise<Measurement['memory']>;
  /** Stops without a last reading. */
  drop(): void;
}

/** The size of all processes at one moment, and the front end's part of it; null where that has no process of its own. */
interface Size {
  readonly bytes: number;
  readonly frontBytes: number | null;
}

/**
 * Watches a process tree from its idle state on. If one process has no proportional size, the resident sizes that the processes
 * report are added instead, with the label `rss`: they count shared pages once per process.
 */
export async function watchMemory(idle: Processes, read: Read = readLater): Promise<MemoryWatch> {
  const pss: (Size | null)[] = [];
  const rss: Size[] = [];
  let timer: NodeJS.Timeout | undefined;
  const readNow = async (snapshot: Processes): Promise<void> => {
    rss.push(sizeOf(snapshot.processes.map(({ role, rssBytes }) => ({ role, bytes: rssBytes }))));
    pss.push(await readPss(snapshot, read));
  };
  await readNow(idle);
  return {
    async follow(snapshot) {
      await readNow(snapshot);
      timer = setInterval(() => void readPss(snapshot, read).then((size) => pss.push(size)), EVERY_MS);
    },
    async stop(last) {
      clearInterval(timer);
      await readNow(last);
      const known = pss.filter((size) => size !== null);
      return known.length === pss.length ? { kind: 'pss', ...extremes(known) } : { kind: 'rss', ...extremes(rss) };
    },
    drop: () => clearInterval(timer),
  };
}

/** The first size and the highest. The front end has its part of these two, so that it and the workers add up to them. */
function extremes(sizes: readonly Size[]): Omit<Measurement['memory'], 'kind'> {
  const nothing: Size = { bytes: 0, frontBytes: null };
  const [idle = nothing] = sizes;
  const peak = sizes.reduce((highest, size) => (size.bytes > highest.bytes ? size : highest), idle);
  const isKnown = idle.frontBytes !== null && peak.frontBytes !== null;
  return {
    idleBytes: idle.bytes,
    peakBytes: peak.bytes,
    front: isKnown ? { idleBytes: idle.frontBytes, peakBytes: peak.frontBytes } : null,
  };
}

function sizeOf(processes: readonly { readonly role: ProcessReading['role']; readonly bytes: number }[]): Size {
  const fronts = processes.filter(({ role }) => role === 'front');
  return {
    bytes: sum(processes.map(({ bytes }) => bytes)),
    frontBytes: fronts.length === 0 ? null : sum(fronts.map(({ bytes }) => bytes)),
  };
}

async function readPss({ processes }: Processes, read: Read): Promise<Size | null> {
  const each = await Promise.all(
    processes.map(async ({ pid, role }) => {
      const bytes = parsePss((await read(`/proc/${pid}/smaps_rollup`)) ?? '');
      if (bytes !== null) return { role, bytes };
      // A process of a command may end at any time, such as one per request.
      return role === null && (await hasEnded(pid, read)) ? 'ended' : null;
    }),
  );
  const alive = each.filter((one) => one !== 'ended');
  const known = alive.filter((one) => one !== null);
  return known.length === alive.length && known.length > 0 ? sizeOf(known) : null;
}

async function hasEnded(pid: number, read: Read): Promise<boolean> {
  const [state] = statFields(await read(`/proc/${pid}/stat`));
  return state === undefined || ENDED.has(state);
}

/** Waiting for the parent to notice, or gone within the moment (proc_pid_stat(5)). */
const ENDED = new Set(['Z', 'X']);

async function readLater(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
