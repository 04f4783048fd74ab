/** Layers of a chart of CPU time by role. */

import { DESCRIBED, DESCRIPTION } from '../../drawing/described.ts';
import type { Layer } from '../../drawing/frame.ts';
import type { RowAxis } from '../../drawing/layers.ts';
import { textWidth } from '../../drawing/text-width.ts';
import { INK } from '../../drawing/theme.ts';
import type { RowWhisker } from '../../drawing/whiskers.ts';
import type { Part, ROLES } from './roles.ts';

const NAME_SIZE = 13;
/** Around the name of a part. */
const NAME_ROOM = 16;
/** Between a name and the whisker beside it. */
const WHISKER_ROOM = 4;
/** From this strength of the colour on, names on it are light. */
const DARK_FROM = 0.9;
const SWATCH = 11;
const HEAD_SIZE = 12;

/** Room for the mark of a role before its title, in pixels. */
export const SWATCH_ROOM = SWATCH + 6;

/** The axis starts at zero: the length of a bar is the figure. */
export function cpuAxis(end: number, unit: string) {
  return {
    type: 'quantitative' as const,
    stack: null,
    scale: { domain: [0, end], nice: false, zero: true },
    axis: { title: `CPU time of the server per request in ${unit}`, grid: true, tickCount: 6, format: ',~f' },
  };
}

export type CpuAxis = ReturnType<typeof cpuAxis>;

export function partLayers(x: CpuAxis, y: RowAxis, parts: readonly Part[], size: number): Layer[] {
  const strength = { field: 'opacity', type: 'quantitative', scale: null } as const;
  const colour = { field: 'colour', type: 'nominal', scale: null } as const;
  const values = parts.filter(({ from, to }) => to > from);
  const place = { x: { ...x, field: 'from' }, x2: { field: 'to' }, y };
  return [
    // The paper below keeps lines of the grid out of the lighter parts.
    { data: { values }, mark: { type: 'bar', size, color: INK.paper }, encoding: place },
    {
      data: { values },
      mark: { type: 'bar', size, ...DESCRIBED },
      encoding: { ...place, fill: colour, fillOpacity: strength, ...DESCRIPTION },
    },
    {
      data: { values },
      mark: { type: 'bar', size, filled: false, strokeWidth: 1.4 },
      encoding: { ...place, stroke: colour },
    },
  ];
}

/** The name of each part that has room for it, at its start, where the line of the handler is least likely. */
export function nameLayers(
  x: CpuAxis,
  y: RowAxis,
  parts: readonly Part[],
  whiskers: readonly RowWhisker[],
  plotWidth: number,
): Layer[] {
  const [, end = 1] = x.scale.domain;
  const px = (value: number): number => (value / end) * plotWidth;
  const values = parts
    .filter(({ label, name, from, to }) => {
      const width = textWidth(name, NAME_SIZE, 'bold');
      const left = px(from) + NAME_ROOM / 2;
      // A whisker on a name would cross it out.
      const isCrossed = whiskers.some(
        (one) => one.label === label && px(one.low) < left + width + WHISKER_ROOM && px(one.high) > left - WHISKER_ROOM,
      );
      return px(to - from) >= width + NAME_ROOM && !isCrossed;
    })
    .map(({ label, name, opacity, from }) => ({ label, name, opacity, from }));
  const layer = (own: typeof values, color: string): Layer[] =>
    own.length === 0
      ? []
      : [
          {
            data: { values: own },
            mark: { type: 'text', dx: NAME_ROOM / 2, fontSize: NAME_SIZE, fontWeight: 'bold', color },
            encoding: { x: { ...x, field: 'from' }, y, text: { field: 'name', type: 'nominal' } },
          },
        ];
  return [
    ...layer(
      values.filter(({ opacity }) => opacity >= DARK_FROM),
      INK.paper,
    ),
    ...layer(
      values.filter(({ opacity }) => opacity < DARK_FROM),
      INK.strong,
    ),
  ];
}

/** Before the title of its column, what the parts of a role look like. `right` is the right edge of the title. */
export function swatchLayer({ role, opacity }: (typeof ROLES)[number], right: number): Layer {
  const x = right - textWidth(role, HEAD_SIZE) - SWATCH_ROOM + SWATCH / 2;
  return {
    data: { values: [{}] },
    mark: {
      type: 'square',
      size: SWATCH ** 2,
      opacity: 1,
      fill: INK.normal,
      fillOpacity: opacity,
      stroke: INK.normal,
      strokeWidth: 1,
      filled: true,
    },
    encoding: { x: { value: x }, y: { value: -12 } },
  };
}
