/** Axes: how far they reach, where their ticks are, and where a value stands on them. */

import { given } from '../words/figures.ts';

/** Beyond this ratio of highest to lowest figure, a linear axis shows the low figures as one clump. */
const LINEAR_UP_TO = 20;
const DECADE_STEPS = [1, 2, 5] as const;

export type AxisRange =
  | { readonly kind: 'linear'; readonly end: number }
  | { readonly kind: 'log'; readonly start: number; readonly end: number; readonly ticks: readonly number[] };

/** From zero where that is readable, and logarithmic where it is not. */
export function axisRange(values: readonly number[]): AxisRange {
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (low <= 0 || high / low <= LINEAR_UP_TO) return { kind: 'linear', end: high > 0 ? high * 1.05 : 1 };
  return logRange([low, high]);
}

/** For values above zero. */
export function logRange(values: readonly number[]): Extract<AxisRange, { kind: 'log' }> {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const candidates = decades(low, high);
  // A single value that is a tick itself has one on both sides: an axis without a length has no place for it.
  const isTick = low === high && candidates.includes(low);
  const start = candidates.findLast((tick) => (isTick ? tick < low : tick <= low)) ?? low;
  const end = candidates.find((tick) => (isTick ? tick > high : tick >= high)) ?? high;
  const between = candidates.filter((tick) => tick >= start && tick <= end);
  // Two decades have room for 1, 2, 5; more have not.
  const ticks = between.length <= 8 ? between : between.filter((_, i) => i % 3 === between.findIndex(isPowerOfTen) % 3);
  return { kind: 'log', start, end, ticks };
}

function decades(low: number, high: number): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)) - 1; power <= Math.ceil(Math.log10(high)); power++) {
    for (const step of DECADE_STEPS) ticks.push(Number(`${step}e${power}`));
  }
  return ticks;
}

function isPowerOfTen(value: number): boolean {
  return value.toExponential().startsWith('1e');
}

/** A horizontal axis from zero to `end`, on which the length of a bar is its figure. */
export function barAxis(end: number, title: string) {
  return {
    type: 'quantitative',
    stack: null,
    scale: { domain: [0, end], nice: false, zero: true },
    axis: { title, grid: true, tickCount: 6, format: ',~f' },
  } as const;
}

/** A horizontal axis of latency: from zero where that is readable, and logarithmic where it is not. */
export function latencyAxis(valuesMs: readonly number[]) {
  const range = axisRange(valuesMs);
  const axis = { grid: true, format: ',~f', labelOverlap: false };
  const type = 'quantitative' as const;
  return range.kind === 'linear'
    ? {
        type,
        scale: { domain: [0, range.end], nice: false, zero: true },
        axis: { ...axis, tickCount: 6, title: 'latency in ms' },
      }
    : {
        type,
        scale: { type: 'log' as const, domain: [range.start, range.end], nice: false },
        axis: { ...axis, values: [...range.ticks], title: 'latency in ms (logarithmic scale)' },
      };
}

export interface Tick {
  /** Where it stands on its axis, from 0 at the start to 1 at the end. */
  readonly at: number;
  readonly label: string;
}

/** An axis that is drawn in pixels. */
export interface Scale {
  /** Where a value stands, from 0 at the start to 1 at the end. */
  readonly at: (value: number) => number;
  readonly ticks: readonly Tick[];
}

/** A scale over this range, with about so many ticks where it is linear. */
export function scaleOf(range: AxisRange, count: number): Scale {
  const at =
    range.kind === 'linear'
      ? (value: number) => value / range.end
      : (value: number) => Math.log(value / range.start) / Math.log(range.end / range.start);
  const values = range.kind === 'linear' ? linearTicks(range.end, count) : range.ticks;
  return { at, ticks: values.map((value) => ({ at: at(value), label: given(value) })) };
}

/** Beyond this ratio of highest to lowest, dots on a linear axis that need not begin at zero leave most of it empty. */
const SPAN_UP_TO = 8;
/** So much of the highest figure is shown beside the outermost dots at least: small differences must not look large. */
const SPAN_ROOM = 0.1;

/** Of dots, whose distance from zero says nothing: from below the lowest to above the highest of these figures above zero. */
export function spanScale(values: readonly number[], count: number): Scale & { readonly isLog: boolean } {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (high / low > SPAN_UP_TO) return { ...scaleOf(logRange([low / 1.1, high * 1.1]), count), isLog: true };
  const room = SPAN_ROOM * high;
  const [start, end] = [Math.max(0, low - room), high + room];
  const at = (value: number) => (value - start) / (end - start);
  const [, step = end - start] = linearTicks(end - start, count);
  const from = Math.ceil(start / step - 1e-9);
  const ticks = Array.from({ length: Math.floor(end / step + 1e-9) - from + 1 }, (_, i) =>
    Number(((from + i) * step).toPrecision(6)),
  );
  return { at, ticks: ticks.map((value) => ({ at: at(value), label: given(value) })), isLog: false };
}

const LINEAR_STEPS = [1, 2, 5, 10] as const;

/** From zero in round steps, up to the end. */
export function linearTicks(end: number, count: number): number[] {
  const rough = end / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (LINEAR_STEPS.find((one) => one * power >= rough) ?? 10) * power;
  // From whole numbers of steps, because sums of steps gather errors.
  return Array.from({ length: Math.floor(end / step + 1e-9) + 1 }, (_, i) => Number((i * step).toPrecision(6)));
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
