/** The cells of a matrix of ratios, the names around them, and what their colours mean. */
import { boxes, IN_PIXELS, type Layer, texts } from '../../drawing/marks.ts';
import { linesOf, textWidth } from '../../drawing/text-width.ts';
import { DIVERGING, INK } from '../../drawing/theme.ts';
import { visible } from '../../words/escape.ts';
import { type Pair, type Pairs, pairTexts, type Side } from './pairs.ts';

/** What is shown, and how large a cell is, in pixels. */
export interface Cells extends Pairs {
  readonly width: number;
  readonly height: number;
  /** Names of rows stand above their cells, where there is no room beside them. */
  readonly isNarrow: boolean;
}

export const ROW_HEIGHT = { ordinary: 62, narrow: 74 } as const;
/** Of the name of a row above its cells. */
const NAME_HEIGHT = 20;
/** Between cells. */
const GAP = 3;
const POINT_SIZE = 15;
const INTERVAL_SIZE = 12;
const HEAD = { size: 13, face: 'regular' } as const;
const HEAD_LINE = 16;
const HEAD_LINES = 3;

/** How wide the widest figure is, with room beside it. */
export function widestCell(pairs: readonly Pair[]): number {
  const widths = pairs.map((pair) => Math.max(...pairTexts(pair).map((text) => textWidth(text, INTERVAL_SIZE))));
  return Math.max(...widths) + 8;
}

function headsOf({ models }: Pairs, width: number): string[][] {
  return models.map(({ label }) => linesOf(label, width - 2 * GAP, HEAD_LINES, HEAD));
}

/** Of the names above the columns, in a plot of this width at least. */
export function headsHeight(shown: Pairs, plotWidth: number): number {
  const most = Math.max(...headsOf(shown, plotWidth / shown.models.length).map(({ length }) => length));
  return most * HEAD_LINE + 12;
}

/** `÷` and the names of the columns; in a narrow image those of the rows as well. */
export function headLayers(cells: Cells): Layer[] {
  const { models, width, height, isNarrow } = cells;
  const columns = headsOf(cells, width).flatMap((lines, i) =>
    lines.map((text, nth) => ({
      x: (i + 0.5) * width,
      y: (nth - lines.length + 0.5) * HEAD_LINE - 4,
      text,
    })),
  );
  const rows = models.map(({ label }, i) => ({ x: 0, y: i * height + NAME_HEIGHT / 2 + 2, text: label }));
  const beside = models.map(({ label }, i) => ({ x: -12, y: (i + 0.5) * height, text: label }));
  return [
    ...texts(IN_PIXELS, columns, { align: 'center', fontSize: HEAD.size, color: INK.normal }),
    ...(isNarrow
      ? texts(IN_PIXELS, rows, { fontSize: 14, fontWeight: 'bold', color: INK.strong })
      : texts(IN_PIXELS, beside, { align: 'right', fontSize: 15, color: INK.strong })),
  ];
}

/** From a difference at the margin to a factor of this, colours grow stronger. */
const STRONGEST = 2;
const FAINTEST_OPACITY = 0.16;
const STRONGEST_OPACITY = 0.6;

function strengthOf(point: number): number {
  const share = Math.min(1, Math.abs(Math.log(point)) / Math.log(STRONGEST));
  const opacity = FAINTEST_OPACITY + (STRONGEST_OPACITY - FAINTEST_OPACITY) * share;
  return Math.round(opacity * 100) / 100;
}

function fillOf(side: Side, point: number): { readonly fill: string; readonly fillOpacity: number } {
  switch (side) {
    case 'more':
      return { fill: DIVERGING.more, fillOpacity: strengthOf(point) };
    case 'less':
      return { fill: DIVERGING.less, fillOpacity: strengthOf(point) };
    case 'within':
      return { fill: INK.grid, fillOpacity: 1 };
    case 'open':
      return { fill: INK.paper, fillOpacity: 1 };
    default:
      return side satisfies never;
  }
}

/** What is open has no colour, a dashed edge and dim figures. */
const OPEN = { stroke: INK.line, strokeWidth: 1.4, strokeDash: [4, 3] } as const;

const WORDS = {
  more: 'more beyond the margin',
  less: 'less beyond the margin',
  within: 'within the margin',
  open: 'open',
} as const;

export function gridLayers({ models, pairs, width, height, isNarrow }: Cells): Layer[] {
  const top = isNarrow ? NAME_HEIGHT : 0;
  const placed = pairs.map((pair) => {
    const [x, y] = [models.indexOf(pair.column) * width, models.indexOf(pair.row) * height + top];
    return { pair, x: x + GAP / 2, x2: x + width - GAP / 2, y: y + GAP / 2, y2: y + height - top - GAP / 2 };
  });
  const boxesOf = (isOpen: boolean) =>
    placed
      .filter(({ pair }) => (pair.side === 'open') === isOpen)
      .map(({ pair, ...corners }) => ({ ...corners, ...fillOf(pair.side, pair.point), description: describe(pair) }));
  const isCompared = (row: number, column: number) =>
    pairs.some((pair) => models.indexOf(pair.row) === row && models.indexOf(pair.column) === column);
  const none = models.flatMap((_, row) =>
    models.flatMap((__, column) =>
      row === column || isCompared(row, column)
        ? []
        : [{ x: (column + 0.5) * width, y: row * height + (top + height) / 2, text: 'not compared' }],
    ),
  );
  const figures = (isOpen: boolean): Layer[] => {
    const own = placed.filter(({ pair }) => (pair.side === 'open') === isOpen);
    const lines = (nth: 0 | 1, dy: number) =>
      own.map(({ pair, x, x2, y, y2 }) => ({ x: (x + x2) / 2, y: (y + y2) / 2 + dy, text: pairTexts(pair)[nth] }));
    const color = isOpen ? INK.quiet : INK.strong;
    return [
      ...texts(IN_PIXELS, lines(0, -9), {
        ...{ align: 'center', fontSize: POINT_SIZE, color },
        fontWeight: isOpen ? 'normal' : 'bold',
      }),
      ...texts(IN_PIXELS, lines(1, 10), { align: 'center', fontSize: INTERVAL_SIZE, color }),
    ];
  };
  return [
    ...boxes(IN_PIXELS, boxesOf(false), {}),
    ...boxes(IN_PIXELS, boxesOf(true), OPEN),
    ...figures(false),
    ...figures(true),
    ...texts(IN_PIXELS, none, { align: 'center', fontSize: 11, color: INK.quiet, fontStyle: 'italic' }),
  ];
}

function describe(pair: Pair): string {
  const [point, interval] = pairTexts(pair);
  const figures = interval === '' ? point : `${point} (${interval})`;
  return visible(`${pair.row.label}: ${figures} requests/s of ${pair.column.label}, ${WORDS[pair.side]}`);
}

const SWATCH = { width: 22, height: 12, gap: 7, between: 20 } as const;
const KEY_SIZE = 12;
const KEY_LINE = 20;
/** Below the plot. */
const KEY_TOP = 18;

/** What the colours mean, of those that there are. */
function keyItems(margin: string, { pairs }: Pairs) {
  const all = [
    { side: 'more', point: STRONGEST, text: 'the row serves more' },
    { side: 'within', point: 1, text: `the same within ${margin}` },
    { side: 'less', point: 1 / STRONGEST, text: 'the row serves less' },
    { side: 'open', point: 1, text: 'open: across an end of the margin' },
  ] as const;
  return all.filter(({ side }) => pairs.some((pair) => pair.side === side));
}

function placedKey(margin: string, shown: Pairs, plotWidth: number) {
  let x = 0;
  let row = 0;
  return keyItems(margin, shown).map((item) => {
    const width = SWATCH.width + SWATCH.gap + textWidth(item.text, KEY_SIZE);
    if (x > 0 && x + width > plotWidth) [x, row] = [0, row + 1];
    const at = { ...item, x, row };
    x += width + SWATCH.between;
    return at;
  });
}

/** Below the plot, in a narrow image of this width between its margins, or else in an ordinary one. */
export function keyHeight(margin: string, shown: Pairs, narrow: number | null): number {
  const rows = placedKey(margin, shown, narrow ?? KEY_WIDTH).map(({ row }) => row);
  return KEY_TOP + (Math.max(0, ...rows) + 1) * KEY_LINE + 10;
}

/** Of a key in an ordinary image: as wide as the narrowest plot. */
const KEY_WIDTH = 560;

export function keyLayers(
  margin: string,
  shown: Pairs,
  { plotWidth, plotHeight }: { readonly plotWidth: number; readonly plotHeight: number },
): Layer[] {
  const placed = placedKey(margin, shown, Math.min(plotWidth, KEY_WIDTH));
  const middle = (row: number) => plotHeight + KEY_TOP + row * KEY_LINE;
  const swatches = (isOpen: boolean) =>
    placed
      .filter(({ side }) => (side === 'open') === isOpen)
      .map(({ x, row, side, point }) => ({
        ...{ x, x2: x + SWATCH.width, y: middle(row) - SWATCH.height / 2, y2: middle(row) + SWATCH.height / 2 },
        ...fillOf(side, point),
      }));
  const words = placed.map(({ x, row, text }) => ({ x: x + SWATCH.width + SWATCH.gap, y: middle(row), text }));
  return [
    ...boxes(IN_PIXELS, swatches(false), {}),
    ...boxes(IN_PIXELS, swatches(true), OPEN),
    ...texts(IN_PIXELS, words, { fontSize: KEY_SIZE, color: INK.normal }),
  ];
}
