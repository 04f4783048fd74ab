/** The implied capacity in a chart: derived, and drawn so that nobody takes it for measured. */
import type { Limit } from '../../../harness/store/schema.ts';
import { DESCRIBED, DESCRIPTION } from '../../drawing/described.ts';
import type { Layer } from '../../drawing/frame.ts';
import { columnLayers, HEAD_SIZE, type RowAxis } from '../../drawing/layers.ts';
import type { MeasuredRow, Row } from '../../drawing/rows.ts';
import { textWidth } from '../../drawing/text-width.ts';
import { INK } from '../../drawing/theme.ts';
import { visible } from '../../words/escape.ts';
import { approximately, MISSING } from '../../words/figures.ts';

/** Beyond this multiple of everything measured a mark would squeeze the bars, and only its figure is shown. */
const FARTHEST = 3;
const HEADING = 'implied';
const MARK = { type: 'point', shape: 'diamond', strokeWidth: 2, opacity: 1, filled: true, fill: INK.paper } as const;

/** The rows whose mark fits on an axis that must reach to `end` anyway. */
export function rowsWithMark(measured: readonly MeasuredRow[], end: number): MeasuredRow[] {
  return measured.filter((row) => impliedOf(row) <= end * FARTHEST);
}

/** Requests per second that a row would allow. */
export function impliedOf({ result }: MeasuredRow): number {
  return result.impliedCapacity.requestsPerSec.point;
}

/** How to read the marks, and that some are missing. */
export function impliedNotes(
  measured: readonly MeasuredRow[],
  marked: readonly MeasuredRow[],
  limit: Limit | null,
): string[] {
  const isBeyond = limit?.kind === 'waiting' && measured.some((row) => impliedOf(row) > limit.requestsPerSec);
  const beyond = isBeyond ? ' More connections would move the limit, and not the diamond.' : '';
  const meaning = `Diamond: what the CPU time per request would allow with the load generator elsewhere (derived, not measured).${beyond}`;
  if (marked.length === measured.length) return [meaning];
  return [meaning, `Where there is no diamond, it lies far beyond this axis: see the column “${HEADING}”.`];
}

/** A diamond per row that sits on the bar, where it hides neither the end of the bar nor the whisker. */
export function impliedMarks<X extends object>(
  x: X,
  y: RowAxis,
  marked: readonly MeasuredRow[],
  above: number,
): Layer[] {
  if (marked.length === 0) return [];
  const values = marked.map((row) => ({
    label: row.label,
    implied: impliedOf(row),
    colour: row.colour,
    description: visible(`${row.label}: ${approximately(impliedOf(row))} requests/s implied, not measured`),
  }));
  return [
    {
      data: { values },
      mark: { ...MARK, size: 120, yOffset: -above, ...DESCRIBED },
      encoding: {
        ...DESCRIPTION,
        x: { ...x, field: 'implied' },
        y,
        stroke: { field: 'colour', type: 'nominal', scale: null },
      },
    },
  ];
}

/** The figures beside the plot, with the mark in the heading: the legend of the chart. */
export function impliedColumn(y: RowAxis, rows: readonly Row[], right: number): Layer[] {
  const value = ({ cell: { result } }: Row) =>
    result === null ? MISSING : approximately(result.impliedCapacity.requestsPerSec.point);
  const symbol: Layer = {
    data: { values: [{}] },
    mark: { ...MARK, size: 70, stroke: INK.normal },
    encoding: { x: { value: right - textWidth(HEADING, HEAD_SIZE) - 11 }, y: { value: -12 } },
  };
  return [...columnLayers(y, rows, { title: HEADING, right, value }), symbol];
}
