/** Small plots within one image that share their axes. */

import type { Tick } from './axes.ts';
import { haloed, IN_PIXELS, type Layer, rules, texts } from './marks.ts';
import { INK } from './theme.ts';

/** The plot of one panel, in pixels from the top left of the plot of the image. */
export interface Panel {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Between the axis and what is written along it. */
const LABEL_GAP = 8;

/** From the left, in pixels. */
export function across({ left, width }: Panel, at: number): number {
  return left + at * width;
}

/** From the top, in pixels: values grow upwards. */
export function upwards({ top, height }: Panel, at: number): number {
  return top + height * (1 - at);
}

/** Lines across at the ticks of the vertical axis, the lowest one stronger. */
export function gridLayers(panels: readonly Panel[], ticks: readonly Tick[]): Layer[] {
  const lines = panels.flatMap((panel) =>
    ticks.map(({ at }) => ({
      x: panel.left,
      x2: panel.left + panel.width,
      y: upwards(panel, at),
      y2: upwards(panel, at),
    })),
  );
  const bases = panels.map((panel) => {
    const y = panel.top + panel.height;
    return { x: panel.left, x2: panel.left + panel.width, y, y2: y };
  });
  return [
    ...rules(IN_PIXELS, lines, { color: INK.grid, strokeWidth: 1 }),
    ...rules(IN_PIXELS, bases, { color: INK.line, strokeWidth: 1 }),
  ];
}

/** Lines up at the ticks of the horizontal axis. */
export function uprightLayers(panels: readonly Panel[], ticks: readonly Tick[]): Layer[] {
  const lines = panels.flatMap((panel) =>
    ticks.map(({ at }) => {
      const x = across(panel, at);
      return { x, x2: x, y: panel.top, y2: panel.top + panel.height };
    }),
  );
  return rules(IN_PIXELS, lines, { color: INK.grid, strokeWidth: 1 });
}

/** The figures of the vertical axis, left of these panels. */
export function sideLayers(panels: readonly Panel[], ticks: readonly Tick[]): Layer[] {
  const values = panels.flatMap((panel) =>
    ticks.map(({ at, label }) => ({ x: panel.left - LABEL_GAP, y: upwards(panel, at), text: label })),
  );
  return texts(IN_PIXELS, values, { align: 'right', fontSize: 13, color: INK.normal });
}

/** The figures of the horizontal axis, below these panels. */
export function footLayers(panels: readonly Panel[], ticks: readonly Tick[]): Layer[] {
  const values = panels.flatMap((panel) =>
    ticks.map(({ at, label }) => ({ x: across(panel, at), y: panel.top + panel.height + 16, text: label })),
  );
  return texts(IN_PIXELS, values, { align: 'center', fontSize: 13, color: INK.normal });
}

/** How far the mark at the end of a limit reaches to both sides, in pixels. */
const LIMIT_CAP = 7;

/** A limit that curves must run below up to its right end, with its words above. In pixels. */
export function limitLayers({ left }: Panel, { x2, y, text }: { x2: number; y: number; text: string }): Layer[] {
  const look = { color: INK.strong, strokeWidth: 1.6 };
  return [
    ...rules(IN_PIXELS, [{ x: left, x2, y, y2: y }], { ...look, strokeDash: [6, 4] }),
    ...rules(IN_PIXELS, [{ x: x2, x2, y: y - LIMIT_CAP, y2: y + LIMIT_CAP }], look),
    ...haloed(IN_PIXELS, [{ x: left + 6, y: y - 10, text }], { color: INK.strong, fontWeight: 'bold' }),
  ];
}
