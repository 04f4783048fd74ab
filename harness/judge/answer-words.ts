/** Figures and lists as the answer says them. */
import type { Ratio } from '../stats/estimate.ts';

/** From this ratio on it is told as times, below as a percentage, which times would hide. */
const TIMES_FROM = 1.5;
const MIB = 1024 * 1024;

/** `a, b and c`. */
export function list(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** Of requests per second: `12,345`, `98.7`. */
export function rateText(requestsPerSec: number): string {
  return requestsPerSec >= 100 ? Math.round(requestsPerSec).toLocaleString('en-US') : requestsPerSec.toPrecision(3);
}

/** How much more is served than by another, with the interval, to follow "served": the ratio is above 1. */
export function moreThan({ point, low, high }: Ratio, other: string): string {
  if (point >= TIMES_FROM) return `${times(point)} times the rate of ${other} (${times(low)} to ${times(high)})`;
  return `${percentMore(point)} more than ${other} (${percentMore(low)} to ${percentMore(high)})`;
}

/** On which side of another a ratio lies: `3.8% below`, `11% above`. */
export function aside(ratio: number): string {
  return ratio < 1 ? `${percentMore(2 - ratio)} below` : `${percentMore(ratio)} above`;
}

/** `0.97`, `2.00`, `12.3`. */
function times(ratio: number): string {
  return ratio < 10 ? ratio.toFixed(2) : ratio.toPrecision(3);
}

/** Three digits, or all before the point. */
export function msText(ms: number): string {
  return `${ms >= 100 ? Math.round(ms).toLocaleString('en-US') : Number(ms.toPrecision(3))} ms`;
}

export function mibText(bytes: number): string {
  const mib = bytes / MIB;
  return `${mib >= 10 ? Math.round(mib).toLocaleString('en-US') : mib.toPrecision(2)} MiB`;
}

/** Two digits, for what is reckoned and not measured. */
export function roughly(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString('en-US');
}

export function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function percentMore(ratio: number): string {
  const percent = (ratio - 1) * 100;
  return `${percent.toFixed(percent < 9.95 ? 1 : 0)}%`;
}
