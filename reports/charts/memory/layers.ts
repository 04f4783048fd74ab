/** Layers of a chart of memory: per row a thick bar for the peak and a thin one below it for the idle size. */

import { DESCRIBED, DESCRIPTION } from '../../drawing/described.ts';
import type { Layer } from '../../drawing/frame.ts';
import { type RowAxis, rowText } from '../../drawing/layers.ts';
import { textWidth } from '../../drawing/text-width.ts';
import { INK } from '../../drawing/theme.ts';
import { figure } from '../../words/figures.ts';
import { endsOf, type Spread } from '../../words/spread.ts';
import { type Level, type MemoryRow, type Part, partsOf, partsText, partText } from './rows.ts';

const PEAK = { size: 26, yOffset: 0 } as const;
const IDLE = { size: 9, yOffset: 22 } as const;
/** Of words above the bar. */
const ABOVE = -PEAK.size / 2 - 11;
const LABEL_SIZE = 13;
const IDLE_LABEL_SIZE = 11;
/** Between the words and the ends of what they stand in, in pixels. */
const PADDING = 7;
/** A front that is narrower, in pixels, would vanish behind the line that parts it from the workers. */
const PARTED_FROM = 6;
/** How dense the colour of the front is: fainter than that of the workers. */
const FRONT_OPACITY = 0.38;
const APART = { fillOpacity: 0.18, stroke: INK.quiet, strokeWidth: 1.5, strokeDash: [4, 3] } as const;

const COLOUR = { field: 'colour', type: 'nominal', scale: null } as const;

/** From zero: the length of a bar is the figure. */
export function memoryAxis(end: number, title: string) {
  return {
    type: 'quantitative' as const,
    stack: null,
    scale: { domain: [0, end], nice: false, zero: true },
    axis: { title, grid: true, tickCount: 6, format: ',~f' },
  };
}

type MemoryAxis = ReturnType<typeof memoryAxis>;

/** Both bars of each row, with the front fainter than the workers, and words behind each bar. */
export function memoryBars(x: MemoryAxis, y: RowAxis, rows: readonly MemoryRow[], spread: Spread): Layer[] {
  const peakText = ({ label, peak, estimate }: MemoryRow): string =>
    `${label}: ${figure(peak.mib)} MiB at its peak (${spread.textOf(estimate)})`;
  const idleText = ({ label, idle }: MemoryRow): string => `${label}: ${figure(idle.mib)} MiB idle`;
  return [
    ...bars(x, y, rows, PEAK, ({ peak }) => peak, peakText),
    ...bars(x, y, rows, IDLE, ({ idle }) => idle, idleText),
  ];
}

function bars(
  x: MemoryAxis,
  y: RowAxis,
  rows: readonly MemoryRow[],
  place: typeof PEAK | typeof IDLE,
  levelOf: (row: MemoryRow) => Level,
  textOf: (row: MemoryRow) => string,
): Layer[] {
  const layer = (shown: readonly MemoryRow[], look: object, opacity: object): Layer[] => {
    const values = shown.flatMap((row) => {
      const level = levelOf(row);
      const parts = partsText(level);
      const description = `${textOf(row)}${parts === '' ? '' : `: ${parts}`}`;
      return partsOf(level).map(({ role, from, to }) => {
        const density = role === 'front' ? FRONT_OPACITY : 1;
        return { label: row.label, colour: row.colour, from, to, density, description };
      });
    });
    if (values.length === 0) return [];
    const encoding = { x: { ...x, field: 'from' }, x2: { field: 'to' }, y, color: COLOUR, ...opacity, ...DESCRIPTION };
    return [{ data: { values }, mark: { type: 'bar', ...place, ...look, ...DESCRIBED }, encoding }];
  };
  const dense = { fillOpacity: { field: 'density', type: 'quantitative', scale: null } } as const;
  // Lines of the grid would show through the faint part.
  const ground: Layer = {
    data: { values: rows.map((row) => ({ label: row.label, to: levelOf(row).mib })) },
    mark: { type: 'bar', ...place, color: INK.paper },
    encoding: { x: { ...x, field: 'to' }, y },
  };
  return [
    ground,
    ...layer(
      rows.filter(({ isApart }) => !isApart),
      {},
      dense,
    ),
    ...layer(
      rows.filter(({ isApart }) => isApart),
      APART,
      {},
    ),
  ];
}

/** A gap between front and workers. */
export function partingLayers(x: MemoryAxis, y: RowAxis, rows: readonly MemoryRow[], plotWidth: number): Layer[] {
  const [, end = 1] = x.scale.domain;
  const layer = ({ size, yOffset }: typeof PEAK | typeof IDLE, levelOf: (row: MemoryRow) => Level): Layer[] => {
    const values = rows.flatMap((row) => {
      const { frontMib } = levelOf(row);
      const isWide = frontMib !== null && (frontMib / end) * plotWidth >= PARTED_FROM;
      return isWide && !row.isApart ? [{ label: row.label, at: frontMib }] : [];
    });
    if (values.length === 0) return [];
    const mark = {
      type: 'tick',
      orient: 'vertical',
      color: INK.paper,
      opacity: 1,
      size,
      thickness: 2,
      yOffset,
    } as const;
    return [{ data: { values }, mark, encoding: { x: { ...x, field: 'at' }, y } }];
  };
  return [...layer(PEAK, ({ peak }) => peak), ...layer(IDLE, ({ idle }) => idle)];
}

/** What the parts of the thick bars are: in them where all of a row have room, else above the bar. */
export function partLabels(x: MemoryAxis, y: RowAxis, rows: readonly MemoryRow[], plotWidth: number): Layer[] {
  const [, end = 1] = x.scale.domain;
  const px = (mib: number): number => (mib / end) * plotWidth;
  const fits = (row: MemoryRow): boolean =>
    !row.isApart &&
    partsOf(row.peak).every((part) => {
      // A whisker on the words would cross them out.
      const low = row.estimate.trials > 1 ? endsOf(row.estimate).low : part.to;
      return px(part.from) + labelWidth(part) <= px(Math.min(part.to, low));
    });
  const inside = rows.filter((row) => row.peak.frontMib !== null && fits(row));
  const above = rows.filter((row) => row.isApart || (row.peak.frontMib !== null && !fits(row)));
  return [
    ...insideLabels(x, y, inside, 'front', INK.strong),
    ...insideLabels(x, y, inside, 'workers', INK.paper),
    ...rowText(y, above, ABOVE, aboveText),
  ];
}

function labelWidth(part: Part): number {
  return textWidth(partText(part) ?? '', LABEL_SIZE, 'bold') + 2 * PADDING;
}

function insideLabels(
  x: MemoryAxis,
  y: RowAxis,
  rows: readonly MemoryRow[],
  role: Part['role'],
  color: string,
): Layer[] {
  const values = rows.flatMap(({ label, peak }) =>
    partsOf(peak).flatMap((part) => (part.role === role ? [{ label, from: part.from, text: partText(part) }] : [])),
  );
  if (values.length === 0) return [];
  return [
    {
      data: { values },
      mark: { type: 'text', fontSize: LABEL_SIZE, fontWeight: 'bold', color, dx: PADDING },
      encoding: { x: { ...x, field: 'from' }, y, text: { field: 'text', type: 'nominal' } },
    },
  ];
}

function aboveText({ peak, isApart }: MemoryRow): string {
  const apart = isApart ? ['RSS, not to be compared with PSS'] : [];
  const parts = partsText(peak, ' · ');
  return [...apart, ...(parts === '' ? [] : [parts])].join(' · ');
}

/** The word behind each thin bar. */
export function idleLabels(x: MemoryAxis, y: RowAxis, rows: readonly MemoryRow[]): Layer[] {
  const mark = {
    type: 'text',
    text: 'idle',
    fontSize: IDLE_LABEL_SIZE,
    color: INK.quiet,
    dx: 5,
    dy: IDLE.yOffset,
  } as const;
  const values = rows.map(({ label, idle }) => ({ label, mib: idle.mib }));
  return [{ data: { values }, mark, encoding: { x: { ...x, field: 'mib' }, y } }];
}
