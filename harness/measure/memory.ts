/** Memory of a server's process tree. */
import { readFile } from 'node:fs/promises';
import type { ProcessUsage } from '../../servers/model.ts';
import type { Measurement } from '../store/schema.ts';

/**
 * Proportional set size in bytes of one process from `smaps_rollup`: a page shared by n processes counts 1/n in each,
 * so a sum over processes counts every page once. null where the file is missing.
 */
export function parsePss(text: string): number | null {
  const kib = /^Pss:\s+(\d+) kB$/m.exec(text)?.[1];
  return kib === undefined ? null : Number(kib) * 1024;
}

/**
 * Adds up the processes. Where one of them has no proportional size, the resident sizes that the processes report about
 * themselves are added instead, and labelled so: they count shared pages once per process.
 */
export async function readMemory(processes: readonly ProcessUsage[]): Promise<Measurement['memory']> {
  const pss = await Promise.all(
    processes.map(({ pid }) => readFile(`/proc/${pid}/smaps_rollup`, 'utf8').then(parsePss, () => null)),
  );
  if (pss.every((bytes) => bytes !== null)) return { kind: 'pss', bytes: sum(pss) };
  return { kind: 'rss', bytes: sum(processes.map(({ rssBytes }) => rssBytes)) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
