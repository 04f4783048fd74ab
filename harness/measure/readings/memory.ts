/** Memory of a server's process tree. */
import { readFile } from 'node:fs/promises';
import type { ProcessRole, ServerSnapshot } from '../../../servers/model.ts';
import type { Measurement } from '../../store/schema.ts';

/** Often enough to see a heap grow; reading takes the system under a millisecond per process. */
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

export interface MemoryWatch {
  /** Takes the memory of these processes into account, and looks again every second until `stop`. */
  follow(snapshot: ServerSnapshot): Promise<void>;
  /** Takes a last look. The first look is the idle size; the highest of all is the peak. */
  stop(last: ServerSnapshot): Promise<Measurement['memory']>;
  /** Stops without a last look. */
  drop(): void;
}

/** The size of all processes at one moment, and what the front has of it; null where it is not told apart. */
interface Size {
  readonly bytes: number;
  readonly frontBytes: number | null;
}

/**
 * Watches a process tree from its idle state on. Where one process has no proportional size, the resident sizes that the
 * processes report about themselves are added instead, and labelled so: they count shared pages once per process.
 */
export async function watchMemory(idle: ServerSnapshot, read: Read = readLater): Promise<MemoryWatch> {
  const pss: (Size | null)[] = [];
  const rss: Size[] = [];
  let timer: NodeJS.Timeout | undefined;
  const look = async (snapshot: ServerSnapshot): Promise<void> => {
    rss.push(sizeOf(snapshot.processes.map(({ role, rssBytes }) => ({ role, bytes: rssBytes }))));
    pss.push(await readPss(snapshot, read));
  };
  await look(idle);
  return {
    async follow(snapshot) {
      await look(snapshot);
      timer = setInterval(() => void readPss(snapshot, read).then((size) => pss.push(size)), EVERY_MS);
    },
    async stop(last) {
      clearInterval(timer);
      await look(last);
      const known = pss.filter((size) => size !== null);
      return known.length === pss.length ? { kind: 'pss', ...extremes(known) } : { kind: 'rss', ...extremes(rss) };
    },
    drop: () => clearInterval(timer),
  };
}

/** The first size and the highest. The front is told as it was in these two, so that it and the workers add up to them. */
function extremes(sizes: readonly Size[]): Omit<Measurement['memory'], 'kind'> {
  const nothing: Size = { bytes: 0, frontBytes: null };
  const [idle = nothing] = sizes;
  const peak = sizes.reduce((highest, size) => (size.bytes > highest.bytes ? size : highest), idle);
  const isTold = idle.frontBytes !== null && peak.frontBytes !== null;
  return {
    idleBytes: idle.bytes,
    peakBytes: peak.bytes,
    front: isTold ? { idleBytes: idle.frontBytes, peakBytes: peak.frontBytes } : null,
  };
}

function sizeOf(processes: readonly { readonly role: ProcessRole; readonly bytes: number }[]): Size {
  const fronts = processes.filter(({ role }) => role === 'front');
  return {
    bytes: sum(processes.map(({ bytes }) => bytes)),
    frontBytes: fronts.length === 0 ? null : sum(fronts.map(({ bytes }) => bytes)),
  };
}

async function readPss({ processes }: ServerSnapshot, read: Read): Promise<Size | null> {
  const each = await Promise.all(
    processes.map(async ({ pid, role }) => {
      const bytes = parsePss((await read(`/proc/${pid}/smaps_rollup`)) ?? '');
      return bytes === null ? null : { role, bytes };
    }),
  );
  const known = each.filter((one) => one !== null);
  return known.length === each.length ? sizeOf(known) : null;
}

async function readLater(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
