/** Draws the image. Everything is in pixels: each column has an axis of its own. */

import { MARGIN } from '../../drawing/frame.ts';
import { boxes, IN_PIXELS, type Layer, rules, texts } from '../../drawing/marks.ts';
import type { Look } from '../../drawing/text-width.ts';
import { INK } from '../../drawing/theme.ts';
import { whiskerLayers } from '../../drawing/whiskers.ts';
import { endsOf, type Spread } from '../../words/spread.ts';
import type { DrawnCell, Grid, GridCell, GridColumn } from './grid.ts';
import { LABEL, type Layout, LEADING, remarkLeft, SMALL, TITLE_LEADING } from './layout.ts';
import { CAPTION, NOTE, SUBTITLE, WIDTH } from './texts.ts';
import { describe, figureText, remark } from './words.ts';

/** What stands around the grid, the headings, names, bars and their words. */
export function overviewLayers(grid: Grid, layout: Layout, spread: Spread): Layer[] {
  const spots = grid.columns.flatMap((column, i): Spot[] => {
    const placed = layout.columns[i];
    if (placed === undefined) return [];
    const { left, right } = placed;
    return column.cells.map((cell) => ({ column, cell, left, right, top: layout.rowTops[cell.row] ?? 0 }));
  });
  return [
    ...aroundLayers(layout),
    ...headingLayers(layout),
    ...nameLayers(layout),
    ...barLayers(spots, layout, spread),
    ...figureLayers(spots, layout, spread),
    ...remarkLayers(spots, layout),
  ];
}

/** A cell in its place. */
interface Spot<C extends GridCell = GridCell> {
  readonly column: GridColumn;
  readonly cell: C;
  /** Zero, and the end of the axis. */
  readonly left: number;
  readonly right: number;
  /** Of the row. */
  readonly top: number;
}

/** What stands above the grid and at the foot, and the lines between the models. */
function aroundLayers({ texts: words, ...at }: Layout): Layer[] {
  const lines = (all: readonly string[], top: number, { size, face }: Look, color: string, leading = LEADING) => {
    const data = all.map((text, i) => ({ x: MARGIN, y: top + (i + 0.5) * size * leading, text }));
    return texts(IN_PIXELS, data, { fontSize: size, fontWeight: face === 'bold' ? 'bold' : 'normal', color });
  };
  return [
    ...lines(words.title, at.titleTop, words.titleLook, INK.strong, TITLE_LEADING),
    ...lines(words.subtitle, at.subtitleTop, SUBTITLE, INK.normal),
    ...lines(words.unanswered, at.unansweredTop, NOTE, INK.quiet),
    ...lines(words.notes, at.notesTop, NOTE, INK.normal),
    ...lines(words.caption, at.captionTop, CAPTION, INK.quiet),
    ...rules(
      IN_PIXELS,
      at.separators.map((y) => ({ x: MARGIN, x2: WIDTH - MARGIN, y, y2: y })),
      { color: INK.grid, strokeWidth: 1.5 },
    ),
  ];
}

/** Scenarios, their physical limits, and the answers. */
function headingLayers({ columns, head, headBottom }: Layout): Layer[] {
  const line = head.size * LEADING;
  const titles = columns.flatMap(({ left, title }) =>
    title.map((text, i) => ({ x: left, y: headBottom - (title.length - i - 0.5) * line, text })),
  );
  const limits = columns.flatMap(({ limit }) =>
    limit === null ? [] : [{ x: limit.right, y: headBottom - line / 2, text: limit.text }],
  );
  const y = headBottom + (SMALL.size * LEADING) / 2;
  const below = columns.flatMap(({ left, answer }) => (answer === null ? [] : [{ x: left, y, text: answer }]));
  return [
    ...texts(IN_PIXELS, titles, { fontSize: head.size, fontWeight: 'bold', color: INK.strong }),
    ...texts(IN_PIXELS, limits, { fontSize: SMALL.size, align: 'right', color: INK.quiet }),
    ...texts(IN_PIXELS, below, { fontSize: SMALL.size, color: INK.normal }),
  ];
}

/** Models in their colours, which is the only legend there is, and the runs of each. */
function nameLayers({ names: { groups, runs, runsLeft }, rowTops, rowHeight }: Layout): Layer[] {
  const line = LABEL.size * 1.2;
  const all = groups.flatMap(({ colour, first, count, lines }) => {
    const middle = (rowTops[first] ?? 0) + (count / 2) * rowHeight;
    return lines.map((text, i) => ({
      ...{ isModel: i === 0, colour },
      datum: { x: MARGIN, y: middle + (i - (lines.length - 1) / 2) * line, text },
    }));
  });
  const models = all.filter(({ isModel }) => isModel).map(({ datum, colour }) => ({ ...datum, colour }));
  const settings = all.filter(({ isModel }) => !isModel).map(({ datum }) => datum);
  const beside = runs.map((text, row) => ({ x: runsLeft, y: (rowTops[row] ?? 0) + rowHeight / 2, text }));
  return [
    ...texts(IN_PIXELS, models, { fontSize: LABEL.size, fontWeight: 'bold' }),
    ...texts(IN_PIXELS, [...settings, ...beside], { fontSize: SMALL.size, color: INK.normal }),
  ];
}

/** Of the first run, the second and so on: the later ones are lighter, with an edge. */
const RUN_OPACITY = [1, 0.45, 0.2, 0.08] as const;
const FADED = { fillOpacity: 0.18, stroke: INK.quiet, strokeWidth: 1.5, strokeDash: [4, 3] } as const;
/** Of zero and of the limit, above and below the bar. */
const OVERHANG = 4;

function barLayers(spots: readonly Spot[], { inRow: { bar, barHeight } }: Layout, spread: Spread): Layer[] {
  const drawn = spots.flatMap((spot): Spot<DrawnCell>[] => {
    const { cell } = spot;
    return cell.kind === 'failed' ? [] : [{ ...spot, cell }];
  });
  const boxOf = (spot: Spot<DrawnCell>) => {
    const { column, cell, left, top } = spot;
    const ends = { x: left, x2: xOf(cell.result.requestsPerSec.point, spot), y: top + bar, y2: top + bar + barHeight };
    return { ...ends, fill: cell.colour, description: describe(column, cell, spread) };
  };
  const ranked = drawn.filter(({ cell }) => cell.kind === 'ranked');
  const later = ranked.flatMap((spot) => {
    const { turn, colour } = spot.cell;
    return turn === 0 ? [] : [{ ...boxOf(spot), stroke: colour, fillOpacity: RUN_OPACITY[turn] ?? 1 }];
  });
  const upright = (x: number, top: number) => {
    return { x, x2: x, y: top + bar - OVERHANG, y2: top + bar + barHeight + OVERHANG };
  };
  const limits = drawn.flatMap((spot) =>
    spot.cell.limit === null ? [] : [upright(xOf(spot.cell.limit, spot), spot.top)],
  );
  return [
    ...boxes(IN_PIXELS, ranked.filter(({ cell }) => cell.turn === 0).map(boxOf), {}),
    ...boxes(IN_PIXELS, later, { strokeWidth: 1.5 }),
    ...boxes(IN_PIXELS, drawn.filter(({ cell }) => cell.kind === 'not-ranked').map(boxOf), FADED),
    ...rules(
      IN_PIXELS,
      drawn.map(({ left, top }) => upright(left, top)),
      { color: INK.line, strokeWidth: 2 },
    ),
    // Beside the bars only, so that no figure is crossed out.
    ...rules(IN_PIXELS, limits, { color: INK.strong, strokeWidth: 2, strokeDash: [4, 3] }),
    ...whiskersOf(drawn, bar + barHeight / 2, 2 * Math.min(8, Math.max(4, barHeight * 0.3))),
  ];
}

/** So many pixels below the top of their rows, with caps so many pixels long. */
function whiskersOf(drawn: readonly Spot<DrawnCell>[], below: number, cap: number): Layer[] {
  const look = { line: 2, cap, edge: { line: 5, cap: cap + 3, capLine: 5 } };
  const repeated = drawn.filter(({ cell }) => cell.result.requestsPerSec.trials > 1);
  // A column has an end of its own.
  return [...new Set(repeated.map(({ right }) => right))].flatMap((end) => {
    const own = repeated.filter(({ right }) => right === end);
    const whiskers = own.map((spot) => {
      const { low, high } = endsOf(spot.cell.result.requestsPerSec);
      return { label: spot.cell.name, y: spot.top + below, low: xOf(low, spot), high: xOf(high, spot) };
    });
    return whiskerLayers(IN_PIXELS, whiskers, look, end);
  });
}

/** What has no bar is described by its word. */
function figureLayers(spots: readonly Spot[], { inRow, wording }: Layout, spread: Spread): Layer[] {
  const of = (kind: GridCell['kind']) => spots.filter(({ cell }) => cell.kind === kind);
  const words = ({ cell, left, top }: Spot) => ({ x: left, y: top + inRow.figure, text: figureText(cell, wording) });
  const failed = of('failed').map((spot) => ({
    ...{ ...words(spot), y: spot.top + inRow.middle },
    description: describe(spot.column, spot.cell, spread),
  }));
  const size = { fontSize: inRow.look.size };
  return [
    ...texts(IN_PIXELS, of('ranked').map(words), { ...size, fontWeight: 'bold', color: INK.strong }),
    ...texts(IN_PIXELS, of('not-ranked').map(words), { ...size, color: INK.quiet }),
    ...texts(IN_PIXELS, failed, { fontSize: SMALL.size, fontStyle: 'italic', color: INK.quiet }),
  ];
}

/** How far behind in strong ink, all else in quiet. */
function remarkLayers(spots: readonly Spot[], { inRow, wording }: Layout): Layer[] {
  const layer = (isRanked: boolean, color: string): Layer[] => {
    const data = spots.flatMap(({ cell, left, top }) => {
      const text = remark(cell, wording);
      const x = left + (inRow.isBeside ? remarkLeft(cell, wording, inRow.look) : 0);
      const isOwn = (cell.kind === 'ranked') === isRanked;
      return text === '' || !isOwn ? [] : [{ x, y: top + inRow.remark, text }];
    });
    return texts(IN_PIXELS, data, { fontSize: SMALL.size, color });
  };
  return [...layer(true, INK.strong), ...layer(false, INK.quiet)];
}

function xOf(requestsPerSec: number, { column, left, right }: Pick<Spot, 'column' | 'left' | 'right'>): number {
  return left + ((right - left) * requestsPerSec) / column.end;
}
