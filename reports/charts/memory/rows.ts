/** What a chart of memory shows in a row, in MiB. */
import type { CellResult, Estimate } from '../../../harness/judge/schema/summary.ts';
import type { Bar } from '../../drawing/row-chart.ts';
import type { MeasuredRow } from '../../drawing/rows.ts';
import { BYTES_PER_MIB, figure } from '../../words/figures.ts';
import { isUnsettled, scaled } from '../../words/spread.ts';

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
      estimate: scaled(peakBytes, 1 / BYTES_PER_MIB),
      isApart: kinds === 'both' && kind === 'rss',
    };
  });
}

/** How dense the colour of the front is: fainter than that of the workers. */
const FRONT_OPACITY = 0.38;

/** The parts of a bar from zero, the front first; `words` is what the whole is. */
export function barsOf(row: MemoryRow, level: Level, words: string): Bar[] {
  const { label, colour } = row;
  const { mib, frontMib } = level;
  const [front = '', workers = ''] = partsOf(level);
  const description = [`${label}: ${words}`, ...(frontMib === null ? [] : [`${front}, ${workers}`])].join(': ');
  const isApart = row.isApart || isUnsettled(row.estimate);
  const whole = { label, from: 0, to: mib, colour, isApart, description };
  if (frontMib === null) return [whole];
  return [
    { ...whole, name: front, to: frontMib, opacity: FRONT_OPACITY },
    { ...whole, name: workers, from: frontMib },
  ];
}

/** `front 31.6` and `workers 80.4`; nothing where they are not told apart. */
export function partsOf({ mib, frontMib }: Level): string[] {
  return frontMib === null ? [] : [`front ${figure(frontMib)}`, `workers ${figure(mib - frontMib)}`];
}

function levelOf(bytes: number, frontBytes: number | null): Level {
  // The whole is an estimate and the front a median, so with trials that disagree the part might be more than the whole.
  const frontMib = frontBytes === null ? null : Math.min(frontBytes, bytes) / BYTES_PER_MIB;
  return { mib: bytes / BYTES_PER_MIB, frontMib };
}
