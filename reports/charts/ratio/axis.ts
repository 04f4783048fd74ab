/** The horizontal axis of ratios: logarithmic, so that half and double are equally far from 1. */

import { textWidth } from '../../drawing/text-width.ts';
import type { Interval } from './rows.ts';

export interface RatioAxis {
  readonly type: 'quantitative';
  readonly scale: { readonly type: 'log'; readonly domain: [number, number]; readonly nice: false };
  readonly axis: { readonly title: string } & Readonly<Record<string, unknown>>;
}

/** An interval is followed so many times beyond the outermost ratio, and then cut off. */
const FARTHEST = 2.5;
/** So many margins at least are shown on both sides of 1. */
const MARGINS = 3;
const STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5] as const;
/** More of a step than this have no room on any axis. */
const MOST_MULTIPLES = 2000;
const LABEL_SIZE = 13;
const LABEL_GAP = 14;
/** Of the axis, beyond what is drawn on each side. */
const PADDING = 0.04;

interface Drawn {
  readonly point: number | null;
  readonly interval: Interval | null;
}

/** From the lowest to the highest ratio, with 1 and the margin, and with the intervals as far as that squeezes nothing. */
export function ratioDomain(drawn: readonly Drawn[], margin: number): [number, number] {
  const points = drawn.flatMap(({ point }) => point ?? []);
  const intervals = drawn.flatMap(({ interval }) => interval ?? []);
  const around = 1 + MARGINS * margin;
  const low = Math.min(1 / around, ...points);
  const high = Math.max(around, ...points);
  const start = Math.max(low / FARTHEST, Math.min(low, ...intervals.map((one) => one.low)));
  const end = Math.min(high * FARTHEST, Math.max(high, ...intervals.map((one) => one.high)));
  const pad = (end / start) ** PADDING;
  return [start / pad, end * pad];
}

/** The axis of a plot so many pixels wide. */
export function ratioAxis(domain: [number, number], title: string, plotWidth: number): RatioAxis {
  const values = ratioTicks(domain, plotWidth);
  const labelExpr = "format(datum.value, ',~g') + '×'";
  return {
    type: 'quantitative',
    scale: { type: 'log', domain, nice: false },
    axis: { title, grid: true, values, labelExpr, labelOverlap: false, labelFontSize: LABEL_SIZE },
  };
}

/** Where a ratio is, in pixels from the left of the plot. */
export function placeOf(ratio: number, [start, end]: readonly [number, number], plotWidth: number): number {
  return (Math.log(ratio / start) / Math.log(end / start)) * plotWidth;
}

/** As many as have room for their labels; 1 is always among them. */
export function ratioTicks(domain: readonly [number, number], plotWidth: number): number[] {
  const isReadable = (ticks: readonly number[]): boolean =>
    ticks.every((tick, i) => {
      const before = ticks[i - 1];
      if (before === undefined) return true;
      const distance = placeOf(tick, domain, plotWidth) - placeOf(before, domain, plotWidth);
      return distance >= LABEL_GAP + (labelWidth(tick) + labelWidth(before)) / 2;
    });
  const inside = (ticks: readonly number[]) => ticks.filter((tick) => tick >= domain[0] && tick <= domain[1]);
  for (const step of STEPS) {
    const ticks = domain[1] / step > MOST_MULTIPLES ? [] : multiples(step, domain);
    if (ticks.length > 0 && isReadable(ticks)) return ticks;
  }
  const digits = inside(powers(1, domain).flatMap((power) => [1, 2, 5].map((digit) => clean(digit * power))));
  if (isReadable(digits)) return digits;
  let apart = 1;
  while (!isReadable(inside(powers(apart, domain)))) apart += 1;
  return inside(powers(apart, domain));
}

/** Without what binary fractions leave at the end. */
function clean(value: number): number {
  return Number(value.toPrecision(9));
}

function labelWidth(tick: number): number {
  return textWidth(`${tick}×`, LABEL_SIZE);
}

function multiples(step: number, [start, end]: readonly [number, number]): number[] {
  const first = Math.ceil(start / step);
  const count = Math.floor(end / step) - first + 1;
  return Array.from({ length: count }, (_, i) => clean((first + i) * step));
}

/** Of ten, every so many counted from 1, from the one below the start on. */
function powers(apart: number, [start, end]: readonly [number, number]): number[] {
  const first = Math.floor(Math.log10(start) / apart);
  const last = Math.floor(Math.log10(end) / apart);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(`1e${(first + i) * apart}`));
}
