/** Marks that are placed in pixels of the image. */
import type { Layer } from '../../drawing/frame.ts';

/** From one point to another. */
export interface Line {
  readonly x: number;
  readonly y: number;
  readonly x2: number;
  readonly y2: number;
}

/** A text that begins at a point. */
export interface Words {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  /** Instead of that of the look. */
  readonly colour?: string;
}

const x = { field: 'x', type: 'quantitative', scale: null, axis: null } as const;
const y = { field: 'y', type: 'quantitative', scale: null, axis: null } as const;
const [x2, y2] = [{ field: 'x2' }, { field: 'y2' }] as const;
const text = { field: 'text', type: 'nominal' } as const;
const color = { field: 'colour', type: 'nominal', scale: null } as const;

/** Filled with the `colour` of each. */
export function rects(values: readonly Line[], look: object, more: object): Layer[] {
  if (values.length === 0) return [];
  return [
    { data: { values: rounded(values) }, mark: { type: 'rect', ...look }, encoding: { x, x2, y, y2, color, ...more } },
  ];
}

export function rules(values: readonly Line[], look: object): Layer[] {
  if (values.length === 0) return [];
  return [{ data: { values: rounded(values) }, mark: { type: 'rule', ...look }, encoding: { x, x2, y, y2 } }];
}

/** In the `colour` of each, or in that of the look. */
export function texts(values: readonly Words[], look: object, more: object = {}): Layer[] {
  if (values.length === 0) return [];
  const own = values.every(({ colour }) => colour !== undefined) ? { color } : {};
  return [
    { data: { values: rounded(values) }, mark: { type: 'text', ...look }, encoding: { x, y, text, ...own, ...more } },
  ];
}

const PLACES = new Set(['x', 'x2', 'y', 'y2']);

/** Places to a tenth of a pixel: nobody sees more, and a specification is read by people. */
function rounded(values: readonly object[]): Record<string, unknown>[] {
  return values.map((value) =>
    Object.fromEntries(
      Object.entries(value).map(([field, one]) => [
        field,
        PLACES.has(field) && typeof one === 'number' ? Math.round(one * 10) / 10 : one,
      ]),
    ),
  );
}
