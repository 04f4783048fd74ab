/** The text of `--slo`: `p99=100ms`, `p50=20ms,p99.9=1.5s,errors=0.1%`, or `light.p99=50ms` for one request class. */
import type { z } from 'zod';
import { UserError } from '../../errors.ts';
import type { sloSchema } from '../../store/load-schema.ts';
import type { Immutable } from '../../store/schema.ts';
import { didYouMean } from './values.ts';

export type Slo = Immutable<z.infer<typeof sloSchema>>;
export type LatencyLimit = Slo['limits'][number];

const PERCENTILES: Readonly<Record<string, LatencyLimit['percentile']>> = {
  p50: 'p50',
  p90: 'p90',
  p99: 'p99',
  'p99.9': 'p999',
  p999: 'p999',
};
/** What an SLO may limit. */
export const SLO_KEYS = ['p50', 'p90', 'p99', 'p99.9', 'errors'];
/** Latencies are recorded in whole microseconds, and no reply over a socket comes sooner than this. */
const SHORTEST_MS = 0.1;
/** A request without a reply times out after this long. A longer limit could never be seen to break. */
const TIME_OUT_MS = 10_000;

/** Reads the text and checks every part of it. Throws a UserError that names the flag. */
export function parseSlo(text: string): Slo {
  const asked = text.trim();
  const limits: LatencyLimit[] = [];
  let errors: number | undefined;
  for (const item of asked.split(',').map((part) => part.trim())) {
    const [, key, value] = /^([^=]*?)\s*=\s*([^=]*)$/.exec(item) ?? [];
    if (key === undefined || value === undefined || key === '' || value === '') throw wrong(asked, malformed(item));
    if (key === 'errors') {
      if (errors !== undefined) throw wrong(asked, `'errors' is set twice; keep one`);
      errors = shareIn(asked, value);
      continue;
    }
    const limit = limitIn(asked, key, value);
    if (limits.some((other) => isSame(other, limit))) throw wrong(asked, `'${key}' is set twice; keep one`);
    limits.push(limit);
  }
  if (limits.length === 0) {
    throw wrong(asked, 'give a limit for latency as well, for example p99=100ms,errors=0.1%');
  }
  return { text: asked, limits, errors: errors ?? 0 };
}

/** Throws a UserError when the SLO names a request class that the scenario does not have. */
export function checkSloClasses(slo: Slo, scenarioId: string, classNames: readonly string[]): void {
  for (const { requestClass } of slo.limits) {
    if (requestClass === null || classNames.includes(requestClass)) continue;
    const what = `scenario ${scenarioId} has no request class '${requestClass}'.`;
    throw wrong(slo.text, `${what}${didYouMean(requestClass, classNames)}`);
  }
}

/** `[class.]pNN=TIME`. The name of a class may contain points itself. */
function limitIn(asked: string, key: string, value: string): LatencyLimit {
  const [, requestClass, name = ''] = /^(?:(.+)\.)?(p50|p90|p99\.9|p999|p99)$/.exec(key) ?? [];
  const percentile = PERCENTILES[name];
  if (percentile === undefined) throw wrong(asked, unknownKey(key));
  return { requestClass: requestClass ?? null, percentile, limitMs: timeIn(asked, key, value) };
}

/** A time in milliseconds, from `50ms` or `1.5s`. */
function timeIn(asked: string, key: string, value: string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(value) ?? [];
  // Without the noise that a product such as 1.001 × 1000 has in its last digits.
  const limitMs = Number((Number(digits) * (unit === 's' ? 1000 : 1)).toPrecision(12));
  if (unit !== undefined && limitMs >= SHORTEST_MS && limitMs < TIME_OUT_MS) return limitMs;
  const range = `from ${SHORTEST_MS}ms to below ${TIME_OUT_MS / 1000}s, where a request times out`;
  throw wrong(asked, `'${key}=${value}': give a time with its unit, ${range}; for example ${key}=100ms`);
}

/** A share from 0 to below 1, from `0.1%` or `0.001`. */
function shareIn(asked: string, value: string): number {
  const [, digits, sign] = /^(\d+(?:\.\d+)?)(%?)$/.exec(value) ?? [];
  const share = Number((Number(digits) / (sign === '%' ? 100 : 1)).toPrecision(12));
  if (digits !== undefined && share < 1) return share;
  const way = 'give the share of requests that may fail, from 0 to below 1 or 100%';
  throw wrong(asked, `'errors=${value}': ${way}; for example errors=0.1%`);
}

function malformed(item: string): string {
  const what = item === '' ? 'there is an empty item' : `'${item}' is not name=value`;
  return `${what}; separate limits with a comma, for example p99=100ms,errors=0`;
}

function unknownKey(key: string): string {
  const name = key.slice(key.lastIndexOf('.') + 1);
  if (name === 'errors')
    return `errors are counted over all classes together; write errors without '${key.slice(0, -name.length)}'`;
  return `unknown limit '${key}'.${didYouMean(key, SLO_KEYS)} A request class goes in front, as in light.p99=50ms.`;
}

function isSame(a: LatencyLimit, b: LatencyLimit): boolean {
  return a.requestClass === b.requestClass && a.percentile === b.percentile;
}

function wrong(asked: string, what: string): UserError {
  return new UserError(`--slo ${asked}: ${what}`.replace(/\s*\n\s*/g, ' '));
}
