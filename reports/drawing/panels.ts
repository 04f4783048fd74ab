/** Small plots within one image that share their axes. */

import { given } from '../words/figures.ts';
import type { Layer } from './frame.ts';
import { ruleLayers, wordLayers } from './pixels.ts';
import { INK } from './theme.ts';
import type { AxisRange } from './ticks.ts';

/** The plot of one panel, in pixels from the top left of the plot of the image. */
export interface Panel {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Tick {
  /** Where it stands on its axis, from 0 at the start to 1 at the end. */
  readonly at: number;
  readonly label: string;
}

export interface Scale {
  /** Where a value stands, from 0 at the start to 1 at the end. */
  readonly at: (value: number) => number;
  readonly ticks: readonly Tick[];
}

const STEPS = [1, 2, 5, 10] as const;
/** Between the axis and what is written along it. */
const LABEL_GAP = 8;

/** A scale over this range, with about so many ticks where it is linear. */
export function scaleOf(range: AxisRange, count: number): Scale {
  const at =
    range.kind === 'linear'
      ? (value: number) => value / range.end
      : (value: number) => Math.log(value / range.start) / Math.log(range.end / range.start);
  const values = range.kind === 'linear' ? linearTicks(range.end, count) : range.ticks;
  return { at, ticks: values.map((value) => ({ at: at(value), label: given(value) })) };
}

/** From zero in round steps, up to the end. */
export function linearTicks(end: number, count: number): number[] {
  const rough = end / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((one) => one * power >= rough) ?? 10) * power;
  // From whole numbers of steps, because sums of steps gather errors.
  return Array.from({ length: Math.floor(end / step + 1e-9) + 1 }, (_, i) => Number((i * step).toPrecision(6)));
}

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
    ...ruleLayers(lines, { color: INK.grid, strokeWidth: 1 }),
    ...ruleLayers(bases, { color: INK.line, strokeWidth: 1 }),
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
  return ruleLayers(lines, { color: INK.grid, strokeWidth: 1 });
}

/** The figures of the vertical axis, left of these panels. */
export function sideLayers(panels: readonly Panel[], ticks: readonly Tick[]): Layer[] {
  const values = panels.flatMap((panel) =>
    ticks.map(({ at, label }) => ({ x: panel.left - LABEL_GAP, y: upwards(panel, at), text: label })),
  );
  return wordLayers(values, { align: 'right', fontSize: 13, color: INK.normal });
}

/** The figures of the horizontal axis, below these panels. */
export function footLayers(panels: readonly Panel[], ticks: readonly Tick[]): Layer[] {
  const values = panels.flatMap((panel) =>
    ticks.map(({ at, label }) => ({ x: across(panel, at), y: panel.top + panel.height + 16, text: label })),
  );
  return wordLayers(values, { align: 'center', fontSize: 13, color: INK.normal });
}

/** Without those that would touch the one after them, at this width of a label in pixels. */
export function spacedTicks(ticks: readonly Tick[], width: number, labelWidth: number): Tick[] {
  const kept: Tick[] = [];
  for (const tick of ticks.toReversed()) {
    const next = kept.at(-1);
    if (next === undefined || (next.at - tick.at) * width >= labelWidth) kept.push(tick);
  }
  return kept.toReversed();
}
