/** What a chart of memory shows in a row, in MiB. */
import type { CellResult, Estimate } from '../../../harness/judge/schema/summary.ts';
import type { MeasuredRow } from '../../drawing/rows.ts';
import { BYTES_PER_MIB, figure } from '../../words/figures.ts';

/** The memory of all server processes at one time, in MiB. */
export interface Level {
  readonly mib: number;
  /** What the process of the front has of it; null where it is not told apart. */
  readonly frontMib: number | null;
}

export interface MemoryRow {
  readonly label: string;
  readonly colour: string;
  readonly idle: Level;
  readonly peak: Level;
  /** The peak over trials. */
  readonly estimate: Estimate;
  /** Where sizes of two kinds meet, those that count shared pages several times are nothing to compare with the others. */
  readonly isApart: boolean;
}

export type Kind = CellResult['memory']['kind'] | 'both';

/** Which sizes these rows have. */
export function kindOf(measured: readonly MeasuredRow[]): Kind {
  const [kind = 'pss', ...others] = new Set(measured.map(({ result }) => result.memory.kind));
  return others.length > 0 ? 'both' : kind;
}

/** In the order of the rows. */
export function memoryRows(measured: readonly MeasuredRow[]): MemoryRow[] {
  const kinds = kindOf(measured);
  return measured.map(({ label, colour, result: { memory } }) => {
    const { kind, idleBytes, peakBytes, front } = memory;
    return {
      label,
      colour,
      idle: levelOf(idleBytes.point, front?.idleBytes ?? null),
      peak: levelOf(peakBytes.point, front?.peakBytes ?? null),
      estimate: inMib(peakBytes),
      isApart: kinds === 'both' && kind === 'rss',
    };
  });
}

/** An estimate of bytes in MiB. */
export function inMib(estimate: Estimate): Estimate {
  const { point, low, high, min, max } = estimate;
  const mib = (bytes: number): number => bytes / BYTES_PER_MIB;
  return {
    ...estimate,
    point: mib(point),
    low: low === null ? null : mib(low),
    high: high === null ? null : mib(high),
    min: mib(min),
    max: mib(max),
  };
}

/** A stretch of a bar. */
export interface Part {
  readonly role: 'front' | 'workers' | 'all';
  readonly from: number;
  readonly to: number;
}

/** The stretches of a bar from zero, the front first. */
export function partsOf({ mib, frontMib }: Level): Part[] {
  if (frontMib === null) return [{ role: 'all', from: 0, to: mib }];
  return [
    { role: 'front', from: 0, to: frontMib },
    { role: 'workers', from: frontMib, to: mib },
  ];
}

/** `front 31.6`; nothing for a bar of one part. */
export function partText({ role, from, to }: Part): string | null {
  return role === 'all' ? null : `${role} ${figure(to - from)}`;
}

/** `front 31.6, workers 80.4`; empty where they are not told apart. */
export function partsText(level: Level, separator = ', '): string {
  return partsOf(level)
    .flatMap((part) => partText(part) ?? [])
    .join(separator);
}

function levelOf(bytes: number, frontBytes: number | null): Level {
  // The whole is an estimate and the front a median, so with trials that disagree the part might be more than the whole.
  const frontMib = frontBytes === null ? null : Math.min(frontBytes, bytes) / BYTES_PER_MIB;
  return { mib: bytes / BYTES_PER_MIB, frontMib };
}
