/** Memory of a server's process tree. */
import { readFile } from 'node:fs/promises';
import type { ServerSnapshot } from '../../servers/model.ts';
import type { Measurement } from '../store/schema.ts';

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

/**
 * Watches a process tree from its idle state on. Where one process has no proportional size, the resident sizes that the
 * processes report about themselves are added instead, and labelled so: they count shared pages once per process.
 */
export async function watchMemory(idle: ServerSnapshot, read: Read = readLater): Promise<MemoryWatch> {
  const pss: (number | null)[] = [];
  const rss: number[] = [];
  let timer: NodeJS.Timeout | undefined;
  const look = async (snapshot: ServerSnapshot): Promise<void> => {
    rss.push(sum(snapshot.processes.map(({ rssBytes }) => rssBytes)));
    pss.push(await readPss(snapshot, read));
  };
  await look(idle);
  return {
    async follow(snapshot) {
      await look(snapshot);
      timer = setInterval(() => void readPss(snapshot, read).then((bytes) => pss.push(bytes)), EVERY_MS);
    },
    async stop(last) {
      clearInterval(timer);
      await look(last);
      const known = pss.filter((bytes) => bytes !== null);
      const [kind, sizes] = known.length === pss.length ? (['pss', known] as const) : (['rss', rss] as const);
      return { kind, idleBytes: sizes[0] ?? 0, peakBytes: Math.max(...sizes) };
    },
    drop: () => clearInterval(timer),
  };
}

async function readPss({ processes }: ServerSnapshot, read: Read): Promise<number | null> {
  const each = await Promise.all(
    processes.map(async ({ pid }) => parsePss((await read(`/proc/${pid}/smaps_rollup`)) ?? '')),
  );
  return each.every((bytes) => bytes !== null) ? sum(each) : null;
}

async function readLater(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
