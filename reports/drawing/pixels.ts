/** Marks at places that are computed and not scaled, in pixels from the top left of the plot. */

import { DESCRIBED, DESCRIPTION } from './described.ts';
import type { Layer } from './frame.ts';
import { HALO } from './layers.ts';
import { INK } from './theme.ts';

export const X = { field: 'x', type: 'quantitative', scale: null, axis: null } as const;
export const Y = { field: 'y', type: 'quantitative', scale: null, axis: null } as const;
const SPAN = { x: X, x2: { field: 'x2' }, y: Y, y2: { field: 'y2' } } as const;
const COLOUR = { field: 'colour', type: 'nominal', scale: null } as const;
const OPACITY = { field: 'opacity', type: 'quantitative', scale: null } as const;

export interface Words {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

export interface Span {
  readonly x: number;
  readonly y: number;
  readonly x2: number;
  readonly y2: number;
}

/** A line through these places; where it has a description, a reader can ask for it. */
export interface Path {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly colour: string;
  readonly opacity: number;
  readonly description?: string;
}

/** What lies between two lines. */
export interface Band extends Path {
  readonly y2: readonly number[];
}

/** A tenth of a pixel is finer than any screen shows, and keeps files small. */
export function rounded(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

/** Text with its left end, or as `look` says, at its place. Nothing without words. */
export function wordLayers(values: readonly Words[], look: object): Layer[] {
  if (values.length === 0) return [];
  const encoding = { x: X, y: Y, text: { field: 'text', type: 'nominal' } } as const;
  return [{ data: { values: values.map(placed) }, mark: { type: 'text', ...look }, encoding }];
}

/** As `wordLayers`, readable over lines. */
export function haloedLayers(values: readonly Words[], look: object): Layer[] {
  return [...wordLayers(values, { ...look, color: INK.paper, ...HALO }), ...wordLayers(values, look)];
}

/** Straight lines, all of one look. */
export function ruleLayers(values: readonly Span[], look: object): Layer[] {
  if (values.length === 0) return [];
  return [{ data: { values: values.map(placed) }, mark: { type: 'rule', ...look }, encoding: SPAN }];
}

/** Rectangles, all of one look. */
export function boxLayers(values: readonly Span[], look: object): Layer[] {
  if (values.length === 0) return [];
  return [{ data: { values: values.map(placed) }, mark: { type: 'rect', ...look }, encoding: SPAN }];
}

/** Lines, of which each has its own colour and strength. Either all or none of them are described. */
export function pathLayers(paths: readonly Path[], look: object): Layer[] {
  if (paths.length === 0) return [];
  const isDescribed = paths.every(({ description }) => description !== undefined);
  return [
    {
      data: {
        values: paths.map((path, id) => ({
          ...path,
          id,
          opacity: Math.round(path.opacity * 100) / 100,
          x: path.x.map(rounded),
          y: path.y.map(rounded),
        })),
      },
      transform: [{ flatten: ['x', 'y'] }],
      mark: { type: 'line', strokeJoin: 'round', ...look, ...(isDescribed ? DESCRIBED : {}) },
      encoding: {
        x: X,
        y: Y,
        detail: { field: 'id', type: 'nominal' },
        stroke: COLOUR,
        strokeOpacity: OPACITY,
        ...(isDescribed ? DESCRIPTION : {}),
      },
    },
  ];
}

/** Areas, of which each has its own colour and strength. */
export function bandLayers(bands: readonly Band[]): Layer[] {
  if (bands.length === 0) return [];
  const values = bands.map(({ x, y, y2, ...band }, id) => ({
    ...band,
    id,
    x: x.map(rounded),
    y: y.map(rounded),
    y2: y2.map(rounded),
  }));
  return [
    {
      data: { values },
      transform: [{ flatten: ['x', 'y', 'y2'] }],
      mark: { type: 'area', line: false },
      encoding: {
        x: X,
        y: Y,
        y2: { field: 'y2' },
        detail: { field: 'id', type: 'nominal' },
        fill: COLOUR,
        fillOpacity: OPACITY,
      },
    },
  ];
}

function placed<P extends Words | Span>(mark: P): P {
  const at = { ...mark, x: rounded(mark.x), y: rounded(mark.y) };
  return 'x2' in at ? { ...at, x2: rounded(at.x2), y2: rounded(at.y2) } : at;
}
