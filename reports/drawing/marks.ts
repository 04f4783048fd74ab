/** The marks that every chart is made of. The fields of a datum say where its mark is and how it looks. */

import type { TopLevelSpec } from 'vega-lite';
import { textWidth } from './text-width.ts';
import { INK } from './theme.ts';

export type Layer = Extract<TopLevelSpec, { layer: unknown }>['layer'][number];

/** Distances from the upper left corner of the plot, in pixels. */
export const PIXELS = { type: 'quantitative', scale: null, axis: null } as const;

/** What the places of data are: values of an axis, rows by their label, or pixels. */
export interface Place {
  readonly x: object;
  readonly y: object;
}

/** The plot as a sheet of pixels. */
export const IN_PIXELS: Place = { x: PIXELS, y: PIXELS };

/** All data of one call have the same fields. */
export interface Datum {
  readonly x: number;
  /** A row of a row axis has its `label` instead. */
  readonly y?: number;
  readonly label?: string;
  readonly x2?: number;
  readonly y2?: number;
  readonly text?: string;
  /** Of what the mark mainly consists of: the area of a bar, the line of a rule. */
  readonly colour?: string;
  readonly fill?: string;
  readonly stroke?: string;
  readonly fillOpacity?: number;
  readonly strokeOpacity?: number;
  readonly shape?: string;
  readonly size?: number;
  /**
   * What a reader sees on hovering over the mark or reaching it with the keyboard, and what a screen reader announces.
   * It begins with the label of the row: `cluster: 181 requests/s …`. A mark without one is decoration.
   */
  readonly description?: string;
}

const CHANNELS = {
  text: { channel: 'text', type: 'nominal' },
  colour: { channel: 'color', type: 'nominal' },
  fill: { channel: 'fill', type: 'nominal' },
  stroke: { channel: 'stroke', type: 'nominal' },
  fillOpacity: { channel: 'fillOpacity', type: 'quantitative' },
  strokeOpacity: { channel: 'strokeOpacity', type: 'quantitative' },
  shape: { channel: 'shape', type: 'nominal' },
  size: { channel: 'size', type: 'quantitative' },
} as const;

type Kind = 'bar' | 'rect' | 'rule' | 'tick' | 'point' | 'text' | 'line' | 'area';

/** The places of a datum, and the channels that it has fields for. */
function encodingOf(datum: object, { x, y }: Place) {
  const channels = Object.entries(CHANNELS).flatMap(([field, { channel, ...of }]) =>
    field in datum ? [[channel, { field, ...of, scale: null }] as const] : [],
  );
  return {
    x: { field: 'x', ...x },
    y: { field: 'y', ...y },
    ...('x2' in datum ? { x2: { field: 'x2' } } : {}),
    ...('y2' in datum ? { y2: { field: 'y2' } } : {}),
    ...('description' in datum ? { description: { field: 'description', type: 'nominal' as const } } : {}),
    ...Object.fromEntries(channels),
  };
}

/** One layer, or none without data: Vega warns of empty scales. */
function layers(type: Kind, place: Place, data: readonly Datum[], look: object): Layer[] {
  const [first] = data;
  if (first === undefined) return [];
  const values = data.map((datum) => ({ ...datum, ...pixels(datum, place) }));
  const aria = first.description === undefined ? {} : { aria: true };
  return [{ data: { values }, mark: { type, ...look, ...aria }, encoding: encodingOf(first, place) }];
}

/** The places that are pixels, rounded. */
function pixels({ x, y, x2, y2 }: Datum, place: Place): object {
  const across = place.x === PIXELS ? { x: rounded(x), ...(x2 === undefined ? {} : { x2: rounded(x2) }) } : {};
  if (place.y !== PIXELS || y === undefined) return across;
  return { ...across, y: rounded(y), ...(y2 === undefined ? {} : { y2: rounded(y2) }) };
}

/** A tenth of a pixel is finer than any screen shows, and keeps files small. */
function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** From zero to `x`, or from `x` to `x2`. */
export function bars(place: Place, data: readonly Datum[], look: object): Layer[] {
  return layers('bar', place, data, look);
}

/** Rectangles from corner to corner. */
export function boxes(place: Place, data: readonly Datum[], look: object): Layer[] {
  return layers('rect', place, data, look);
}

/** Straight lines from `x` to `x2`, or from `y` to `y2`. */
export function rules(place: Place, data: readonly Datum[], look: object): Layer[] {
  return layers('rule', place, data, look);
}

/** Short upright lines. */
export function ticks(place: Place, data: readonly Datum[], look: object): Layer[] {
  return layers('tick', place, data, { orient: 'vertical', opacity: 1, ...look });
}

/** Dots, diamonds, triangles. */
export function points(place: Place, data: readonly Datum[], look: object): Layer[] {
  return layers('point', place, data, { opacity: 1, ...look });
}

/** Texts with their left end, or as `look` says, at their place. */
export function texts(place: Place, data: readonly Datum[], look: object): Layer[] {
  return layers('text', place, data, look);
}

/** The same text in the colour of the paper lies below, so that a line behind the words does not cross them out. */
const HALO = { color: INK.paper, stroke: INK.paper, strokeWidth: 5, strokeJoin: 'round' } as const;

/** As `texts`, readable over lines. */
export function haloed(place: Place, data: readonly Datum[], look: object): Layer[] {
  return [...texts(place, data, { ...look, ...HALO }), ...texts(place, data, look)];
}

/** A curve through places in pixels. */
export interface Path {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly colour: string;
  readonly opacity: number;
  readonly description?: string;
}

/** Curves, of which each has its own colour and strength. Either all or none of them are described. */
export function curves(paths: readonly Path[], look: object): Layer[] {
  const data = paths.map(({ x, y, colour, opacity, ...words }) => ({
    x: x.map(rounded),
    y: y.map(rounded),
    stroke: colour,
    strokeOpacity: Math.round(opacity * 100) / 100,
    ...words,
  }));
  return traced('line', ['x', 'y'], data, { strokeJoin: 'round', ...look });
}

/** What lies between two curves. */
export interface Band extends Path {
  readonly y2: readonly number[];
}

/** Areas, of which each has its own colour and strength. */
export function bands(all: readonly Band[]): Layer[] {
  const data = all.map(({ x, y, y2, colour, opacity }) => ({
    x: x.map(rounded),
    y: y.map(rounded),
    y2: y2.map(rounded),
    fill: colour,
    fillOpacity: opacity,
  }));
  return traced('area', ['x', 'y', 'y2'], data, { line: false });
}

/** Places as lists in one datum take a tenth of a datum for each. */
function traced(type: Kind, flatten: string[], data: readonly object[], look: object): Layer[] {
  const [first] = data;
  if (first === undefined) return [];
  const aria = 'description' in first ? { aria: true } : {};
  const detail = { field: 'id', type: 'nominal' as const };
  return [
    {
      data: { values: data.map((datum, id) => ({ ...datum, id })) },
      transform: [{ flatten }],
      mark: { type, ...look, ...aria },
      encoding: { ...encodingOf(first, IN_PIXELS), detail },
    },
  ];
}

/** A figure that others are read against: an upright line at `x`, between two heights, all in pixels. */
export function referenceLine(x: number, [y, y2]: readonly [from: number, to: number], look: object): Layer[] {
  return rules(IN_PIXELS, [{ x, y, y2 }], { color: INK.strong, strokeWidth: 1.8, ...look });
}

/** Words above the plot around a place in it, moved so that they do not leave the plot. In pixels. */
export function referenceName(
  text: string,
  { x, y, plotWidth }: { readonly x: number; readonly y: number; readonly plotWidth: number },
  isStrong = true,
): Layer[] {
  const [fontSize, face] = isStrong ? ([13, 'bold'] as const) : ([12, 'regular'] as const);
  const half = textWidth(text, fontSize, face) / 2;
  const middle = Math.max(half, Math.min(x, plotWidth - half));
  const look = isStrong ? { fontWeight: 'bold', color: INK.strong } : { color: INK.quiet };
  return texts(IN_PIXELS, [{ x: middle, y, text }], { align: 'center', fontSize, ...look });
}
