/** Figures, lists and names of models as sentences write them. */

import type { LatencyLimit } from '../plan/options/slo.ts';
import { modelLabel } from '../plan/schedule/runtimes.ts';
import type { Cell, ScenarioPlan } from '../store/schema.ts';

const MIB = 1024 * 1024;

/** `a, b and c`. */
export function list(items: readonly string[], word: 'and' | 'or' = 'and'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1)}`;
}

/** A share (0 to 1): `3%`, `2.5%`. */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))}%`;
}

/** A share (0 to 1): `3%`. */
export function wholePercent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** Of requests per second: `12,345`, `98.7`. */
export function rateText(requestsPerSec: number): string {
  return requestsPerSec >= 100 ? Math.round(requestsPerSec).toLocaleString('en-US') : requestsPerSec.toPrecision(3);
}

/** Three digits, or all before the point. */
export function msText(ms: number): string {
  return `${ms >= 100 ? Math.round(ms).toLocaleString('en-US') : Number(ms.toPrecision(3))} ms`;
}

export function mibText(bytes: number): string {
  const mib = bytes / MIB;
  return `${mib >= 10 ? Math.round(mib).toLocaleString('en-US') : mib.toPrecision(2)} MiB`;
}

/** Two digits, for what is derived and not measured. */
export function roughly(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString('en-US');
}

export function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** Name and parameters: `cpu ms=10`. */
export function scenarioTitle({ name, parameters }: Pick<ScenarioPlan, 'name' | 'parameters'>): string {
  const settings = Object.entries(parameters).map(([key, value]) => `${key}=${chosen.format(value)}`);
  return [name, ...settings].join(' ');
}

/** What its requests ask for, such as `10 ms of CPU per request`; its name and parameters where it does not say. */
export function scenarioWords(scenario: Pick<ScenarioPlan, 'name' | 'parameters' | 'inWords'>): string {
  return scenario.inWords ?? scenarioTitle(scenario);
}

/** The same where it begins a sentence: a name that somebody gave stays as it is. */
export function scenarioHeading(scenario: Pick<ScenarioPlan, 'name' | 'parameters' | 'inWords'>): string {
  return scenario.inWords === null ? scenarioTitle(scenario) : capital(scenario.inWords);
}

/** Of a number that somebody chose: no digit is dropped. */
const chosen = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 12 });

type Named = Pick<Cell, 'model' | 'connectionMode'>;

/** The model, with its way of using connections where both occur. */
export function namesOf(all: readonly Named[]): (one: Named) => string {
  const isMixed = new Set(all.map(({ connectionMode }) => connectionMode)).size > 1;
  return ({ model, connectionMode }) =>
    `${modelLabel(model)}${isMixed && connectionMode === 'per-request' ? ' with a connection per request' : ''}`;
}

/** At most so many digits when a figure must be distinguished from its limit. */
const MOST_DIGITS = 6;

/** Requests per second in three significant digits, as the rates of a search have: `61.2`, `1,050`. */
export function rateFigure(requestsPerSec: number): string {
  return significant(3).format(requestsPerSec);
}

/** `100 ms`, with as many significant digits as are asked for. */
export function msFigure(ms: number, digits = 3): string {
  return `${significant(digits).format(ms)} ms`;
}

/** By digits. Building one takes a hundred times as long as using it. */
const formats = new Map<number, Intl.NumberFormat>();

function significant(digits: number): Intl.NumberFormat {
  const format = formats.get(digits) ?? new Intl.NumberFormat('en-US', { maximumSignificantDigits: digits });
  formats.set(digits, format);
  return format;
}

/** Two unequal times in as many digits as it takes to see that they are: `100.2 ms` and `100 ms`. */
export function unequalMs(ms: number, limitMs: number): readonly [string, string] {
  // A limit was chosen by somebody: none of its digits is dropped.
  const limit = msFigure(limitMs, 12);
  for (let digits = 3; digits < MOST_DIGITS; digits++) {
    if (msFigure(ms, digits) !== limit) return [msFigure(ms, digits), limit];
  }
  return [msFigure(ms, MOST_DIGITS), limit];
}

/** `p99`, `p99.9`, or `p99 of light` for one request class. */
export function limitName({ requestClass, percentile }: Pick<LatencyLimit, 'requestClass' | 'percentile'>): string {
  const name = percentile === 'p999' ? 'p99.9' : percentile;
  return requestClass === null ? name : `${name} of ${requestClass}`;
}
