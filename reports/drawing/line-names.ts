/** The names of lines beside their last points, each in the colour of its line, so that a chart needs no legend. */

import { curves, haloed, IN_PIXELS, type Layer, rules, texts } from './marks.ts';
import type { Panel } from './panels.ts';
import { textWidth } from './text-width.ts';

/** The end of a line that wants a name, in pixels. */
export interface Anchor {
  readonly text: string;
  readonly colour: string;
  readonly x: number;
  readonly y: number;
}

export interface PlacedName extends Anchor {
  /** Left end and middle of the text. */
  readonly textX: number;
  readonly textY: number;
  /** Whether it stands so far from its point that a line must lead there. */
  readonly isLed: boolean;
}

const LINE = 19;
const LOOK = { fontSize: 14, fontWeight: 'bold' } as const;
const GAP = 12;
/** A line that ends left of this share of the plot has room for its name beside its end. */
const INSIDE = 0.6;

/** Room right of a plot for the names of lines that end there, in pixels. */
export function namesWidth(names: readonly string[]): number {
  return Math.ceil(Math.max(...names.map(nameWidth))) + GAP;
}

/** For so many names one below the other, in pixels. */
export function namesHeight(count: number): number {
  return count * LINE;
}

function nameWidth(text: string): number {
  return textWidth(text, LOOK.fontSize, 'bold');
}

/** Beside the ends of the lines of one panel, with lines to ends that are far from their names. */
export function lineNameLayers({ left, top, height }: Panel, ends: readonly Anchor[]): Layer[] {
  const within = ends.map((end) => ({ ...end, x: end.x - left, y: end.y - top }));
  // Beside the longest line, even where that leaves room on the right: the shorter the way, the easier to follow.
  const right = Math.max(0, ...within.map(({ x }) => x));
  const placed = placeNames(within, right, height);
  const leaders = placed
    .filter(({ isLed }) => isLed)
    .map(({ x, y, textX, textY, colour }) => ({
      ...{ x: [left + x + 6, left + textX - 4], y: [top + y, top + textY] },
      ...{ colour, opacity: 0.6 },
    }));
  const names = placed.flatMap(({ text, textX, textY, colour }) =>
    haloed(IN_PIXELS, [{ x: left + textX, y: top + textY, text }], { ...LOOK, color: colour }),
  );
  return [...curves(leaders, { strokeWidth: 1 }), ...names];
}

/**
 * Names of lines that end well inside the plot stand beside their ends, the others in a column right of it, where they
 * are moved apart. Names never overlap as long as the plot is high enough for all of them.
 */
export function placeNames(ends: readonly Anchor[], width: number, height: number): PlacedName[] {
  const inside = ends.filter(({ text, x }) => x < width * INSIDE && x + GAP + nameWidth(text) < width);
  const right = ends.filter((end) => !inside.includes(end));
  return [
    ...spread(inside, height).map(([end, textY]) => placed(end, end.x + GAP, textY)),
    ...spread(right, height).map(([end, textY]) => placed(end, width + 2 * GAP, textY)),
  ];
}

function placed(end: Anchor, textX: number, textY: number): PlacedName {
  const isLed = Math.abs(textY - end.y) > LINE / 2 || textX - end.x > 3 * GAP;
  return { ...end, textX, textY, isLed };
}

/** Each as near to its point as the one above allows, and all moved up when they would leave the plot. */
function spread(ends: readonly Anchor[], height: number): [Anchor, number][] {
  let lowest = -Infinity;
  const down = ends
    // Of ends at one height the rightmost comes first: then no line to a name crosses another.
    .toSorted((a, b) => a.y - b.y || b.x - a.x)
    .map((end): [Anchor, number] => {
      lowest = Math.max(end.y, lowest + LINE);
      return [end, lowest];
    });
  let highest = height + LINE;
  return down.toReversed().map(([end, y]) => {
    highest = Math.min(y, highest - LINE);
    return [end, highest];
  });
}

/** Of a piece of a line before its name, where names do not stand beside their lines. */
const PIECE = 16;
const PIECE_GAP = 6;

/** Names in lines of so many pixels, each behind a piece of its line: for images that are too narrow for names beside the lines. */
export function nameLines(names: readonly Pick<Anchor, 'text' | 'colour'>[], width: number) {
  let x = 0;
  let row = 0;
  const placed = names.map(({ text, colour }) => {
    const own = PIECE + PIECE_GAP + nameWidth(text);
    if (x > 0 && x + own > width) [x, row] = [0, row + 1];
    const left = x;
    x += own + GAP;
    return { text, colour, left, row };
  });
  return {
    height: namesHeight(row + 1),
    /** `left` and `top` of the first line, in pixels. */
    layers: (left: number, top: number): Layer[] =>
      placed.flatMap(({ text, colour, left: from, row: nth }) => {
        const [start, y] = [left + from, top + (nth + 0.5) * LINE];
        return [
          ...rules(IN_PIXELS, [{ x: start, x2: start + PIECE, y, colour }], { strokeWidth: 3 }),
          ...texts(IN_PIXELS, [{ x: start + PIECE + PIECE_GAP, y, text }], { ...LOOK, color: colour }),
        ];
      }),
  };
}
