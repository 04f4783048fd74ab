/** How numbers are written in every report, so that a table, a chart and a sentence show the same digits. */

/** Stands for a figure that was not measured. */
export const MISSING = '–';

export const BYTES_PER_MIB = 1024 * 1024;
const threeDigits = new Intl.NumberFormat('en-US', { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });

/** Three significant digits, or all digits before the point where there are more: `0.0417`, `20.1`, `63,412`. */
export function figure(value: number): string {
  if (value === 0) return '0';
  return Math.abs(value) < 99.95 ? threeDigits.format(value) : whole.format(value);
}

/** As `figure`, with a dash for a figure that is missing. */
export function figureOrDash(value: number | null): string {
  return value === null ? MISSING : figure(value);
}

/** A number that somebody chose, such as a parameter: no digits are added to it. */
export function given(value: number): string {
  return Math.abs(value) >= 1000 ? whole.format(value) : short.format(value);
}

/** Lowest and highest, each as `figure`. */
export function range(low: number, high: number): string {
  return `${figure(low)}–${figure(high)}`;
}

/** An interval that spans more than this says only that the trials disagree; its ends are nothing to read. */
export const WIDEST = 100;

/** `22.0–24.6`, or `unsettled` when it spans more than a factor of 100. Of figures above 0. */
export function intervalText(low: number, high: number): string {
  return high > WIDEST * low ? 'unsettled' : range(low, high);
}

/** What that word means. */
export const UNSETTLED = `unsettled: the trials disagree so much that the interval spans more than a factor of ${WIDEST}`;

/** A figure that is derived and was not measured, in three significant digits: `≈134,000`. */
export function approximately(value: number): string {
  return `≈${value === 0 ? '0' : threeDigits.format(value)}`;
}

/** One figure as a multiple of another: `1.97×`. */
export function multiple(ratio: number): string {
  return `${figure(ratio)}×`;
}

/** Milliseconds with their unit. */
export function milliseconds(value: number): string {
  return `${figure(value)} ms`;
}

const UNITS_OF_TIME = [
  { name: 'hour', ms: 3_600_000 },
  { name: 'minute', ms: 60_000 },
  { name: 'second', ms: 1000 },
] as const;

/** A time that somebody chose, in the largest unit that it holds: `5 minutes`, `1.5 hours`, `0.5 seconds`. */
export function durationText(ms: number): string {
  const { name, ms: unit } = UNITS_OF_TIME.find((one) => ms >= one.ms) ?? { name: 'second', ms: 1000 };
  return `${given(ms / unit)} ${name}${ms === unit ? '' : 's'}`;
}

/** Bytes as a number of MiB, without the unit. */
export function mebibytes(bytes: number): string {
  return figure(bytes / BYTES_PER_MIB);
}

/** A share (0 to 1) in percent with one decimal and without the sign: `98.5`. */
export function percent(share: number): string {
  const value = share * 100;
  return value >= 99.95 ? whole.format(value) : value.toFixed(1);
}

/** As `percent`, with a dash for a share that is missing. */
export function percentOrDash(share: number | null): string {
  return share === null ? MISSING : percent(share);
}

/** A share (0 to 1) in whole percent, without the sign. */
export function wholePercent(share: number): string {
  return (share * 100).toFixed(0);
}

/** `1 worker`, `2 workers`. */
export function counted(count: number, singular: string): string {
  return `${whole.format(count)} ${singular}${count === 1 ? '' : 's'}`;
}

/** `5`, or `3–5` where they differ. Null for an empty list. */
export function countRange(counts: readonly number[]): string | null {
  if (counts.length === 0) return null;
  const low = Math.min(...counts);
  const high = Math.max(...counts);
  return low === high ? whole.format(low) : `${whole.format(low)}–${whole.format(high)}`;
}

/** Numbers of CPUs, with neighbours drawn together: `0–2, 5`. */
export function cpuList(ids: readonly number[]): string {
  const runs: { readonly low: number; high: number }[] = [];
  for (const id of [...new Set(ids)].toSorted((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && id === last.high + 1) last.high = id;
    else runs.push({ low: id, high: id });
  }
  return runs.map(({ low, high }) => (low === high ? `${low}` : `${low}–${high}`)).join(', ');
}
