/** Beyond this ratio of highest to lowest figure, a linear axis shows the low figures as one clump. */
const LINEAR_UP_TO = 20;
const STEPS = [1, 2, 5] as const;

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
  const start = candidates.findLast((tick) => tick <= low) ?? low;
  const end = candidates.find((tick) => tick >= high) ?? high;
  const between = candidates.filter((tick) => tick >= start && tick <= end);
  // Two decades have room for 1, 2, 5; more have not.
  const ticks = between.length <= 8 ? between : between.filter((_, i) => i % 3 === between.findIndex(isPowerOfTen) % 3);
  return { kind: 'log', start, end, ticks };
}

function decades(low: number, high: number): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)) - 1; power <= Math.ceil(Math.log10(high)); power++) {
    for (const step of STEPS) ticks.push(Number(`${step}e${power}`));
  }
  return ticks;
}

function isPowerOfTen(value: number): boolean {
  return value.toExponential().startsWith('1e');
}
