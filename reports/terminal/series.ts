/** Series on a terminal: compact tables in place of the blocks of their points. */
import type { SeriesSummary } from '../../harness/judge/schema/series.ts';
import type { Summary } from '../../harness/judge/schema/summary.ts';
import { seriesTables, type SeriesTable } from '../tables/series.ts';
import { visible } from '../words/escape.ts';
import { paragraph } from '../words/wrap.ts';
import { type Colours, plainTable } from './text-table.ts';

const GAP = 2;

export function seriesBlock(
  series: SeriesSummary,
  summary: Pick<Summary, 'scenarios'>,
  width: number,
  c: Colours,
): string {
  return seriesTables(series, summary)
    .map((table) =>
      [
        ...paragraph(table.title, width).split('\n').map(c.bold),
        ...tableLines(table, width),
        ...(table.note === '' ? [] : paragraph(table.note, width).split('\n').map(c.dim)),
      ].join('\n'),
    )
    .join('\n\n');
}

/** Columns that do not fit stand below, in tables of their own. */
function tableLines({ head, rows }: SeriesTable, width: number): string[] {
  const all = [head, ...rows].map((row) => row.map(visible));
  const widthAt = (i: number): number => Math.max(...all.map((row) => row[i]?.length ?? 0)) + GAP;
  const parts: number[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (let i = 1; i < head.length; i++) {
    if (used + widthAt(i) > width) {
      parts.push([]);
      used = widthAt(0);
    }
    parts.at(-1)?.push(i);
    used += widthAt(i);
  }
  return parts.flatMap((columns) => {
    const part = all.map((row) => [0, ...columns].map((i) => row[i] ?? ''));
    const [top = [], ...others] = part;
    return plainTable({ head: top, aligns: ['left', ...columns.map(() => 'right' as const)], rows: others, gap: GAP });
  });
}
