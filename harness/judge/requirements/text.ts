/** The text of `--require`: `cpu/cluster p99<50ms`, `mixed/*@50% light.p99<20ms`, `cpu/cluster vs single>1.5`. */
import { UserError } from '../../errors.ts';
import { didYouMean } from '../../plan/options/values.ts';

/** What is held against a limit. */
export type Figure =
  | {
      readonly kind: 'latency';
      readonly percentile: 'p50' | 'p90' | 'p99' | 'p999';
      /** null for the requests of all classes together. */
      readonly requestClass: string | null;
    }
  | { readonly kind: 'throughput' }
  | { readonly kind: 'cpu' }
  | { readonly kind: 'memory' }
  | { readonly kind: 'errors' }
  /** Throughput as a multiple of that of another model in the same scenario. */
  | { readonly kind: 'ratio'; readonly model: string };

/** What each kind of figure is counted in. */
export const UNITS = {
  latency: 'ms',
  throughput: 'requests/s',
  cpu: 'ms',
  memory: 'bytes',
  errors: 'trials',
  ratio: 'ratio',
} as const satisfies Record<Figure['kind'], string>;

export type Operator = '<' | '<=' | '>' | '>=';

/** Which rates of an open loop are meant; a share is one of the capacity of the slowest ranked model. */
export type WantedRate =
  | { readonly kind: 'any' }
  | { readonly kind: 'share'; readonly share: number }
  | { readonly kind: 'number'; readonly requestsPerSec: number };

export interface Requirement {
  /** As it was given, without spaces that may be left out. */
  readonly asked: string;
  /** Ids of cells of capacity, or their short form `scenario/model`; `*` stands for anything. */
  readonly cells: string;
  /** null for the capacity load itself. */
  readonly rate: WantedRate | null;
  /** `p99<50ms`: what is asked, without the cells. */
  readonly condition: string;
  readonly figure: Figure;
  readonly operator: Operator;
  /** In the unit of the figure. */
  readonly limit: number;
}

const EXAMPLE = `--require 'cpu/cluster p99<50ms'`;
const METRICS = ['p50', 'p90', 'p99', 'p99.9', 'throughput', 'rps', 'cpu', 'memory', 'errors', 'vs'];
const PERCENTILES: Readonly<Record<string, 'p50' | 'p90' | 'p99' | 'p999'>> = {
  p50: 'p50',
  p90: 'p90',
  p99: 'p99',
  'p99.9': 'p999',
  p999: 'p999',
};
const OPERATORS: readonly Operator[] = ['<', '<=', '>', '>='];
const TIMES: Readonly<Record<string, number>> = { us: 1e-3, '\u00b5s': 1e-3, '\u03bcs': 1e-3, ms: 1, s: 1000 };
const MIB = 2 ** 20;

/** What each unit counts as, by kind; `''` is a figure without one, which times of requests must not be. */
const SCALES: Readonly<Record<Figure['kind'], Readonly<Record<string, number>>>> = {
  latency: TIMES,
  throughput: { '': 1, '/s': 1 },
  cpu: { '': 1, ...TIMES },
  memory: { '': MIB, MiB: MIB, GiB: 1024 * MIB },
  errors: { '': 1 },
  ratio: { '': 1, x: 1, '×': 1 },
};

const WAYS: Readonly<Record<Figure['kind'], string>> = {
  latency: 'give a time above 0 with its unit, us, ms or s; for example p99<50ms',
  throughput: 'give requests per second above 0; for example throughput>1000',
  cpu: 'give the CPU time of a request above 0, in us, ms or s, or in ms without a unit; for example cpu<1.5ms',
  memory: 'give MiB or GiB above 0, MiB without a unit; for example memory<200MiB',
  errors: 'give how many trials may fail, with < or <=; for example errors<=0',
  ratio: 'give a multiple above 0 without a unit; for example vs single>1.5',
};

/** Reads every text, each once. Throws a UserError that names the flag and the text. */
export function parseRequirements(texts: readonly string[] | undefined): readonly Requirement[] {
  const all = (texts ?? []).map(parseRequirement);
  return all.filter(({ asked }, i) => all.findIndex((other) => other.asked === asked) === i);
}

/** A UserError about one requirement. */
export function wrong(asked: string, what: string): UserError {
  return new UserError(`--require '${asked}': ${what}`.replace(/\s*\n\s*/g, ' '));
}

function parseRequirement(text: string): Requirement {
  const given = text.trim().replace(/\s+/g, ' ');
  const [, left = '', sign, right = ''] = /^([^<>]*?) ?(<=|>=|<|>) ?(.*)$/.exec(given) ?? [];
  const [, pattern, metric] = /^(.*?\S) (vs \S+|\S+)$/.exec(left) ?? [];
  const operator = OPERATORS.find((one) => one === sign);
  if (pattern === undefined || metric === undefined || operator === undefined || right === '') {
    throw wrong(given, `give a cell, a figure, one of < <= > >= and a limit; for example ${EXAMPLE}`);
  }
  const figure = figureIn(given, metric);
  const [cells, rate] = cellsIn(given, pattern);
  if (rate !== null && figure.kind === 'ratio') throw wrong(given, 'vs compares capacity; leave out the rate after @');
  const condition = `${metric}${operator}${right.replaceAll(' ', '')}`;
  const limit = limitIn(given, condition, figure, operator, right);
  return { asked: `${pattern} ${condition}`, cells, rate, condition, figure, operator, limit };
}

function figureIn(asked: string, metric: string): Figure {
  if (metric.startsWith('vs ')) return { kind: 'ratio', model: metric.slice('vs '.length) };
  const [, requestClass, name = ''] = /^(?:(.+)\.)?(p50|p90|p99\.9|p999|p99)$/.exec(metric) ?? [];
  const percentile = PERCENTILES[name];
  if (percentile !== undefined) return { kind: 'latency', percentile, requestClass: requestClass ?? null };
  if (metric === 'rps') return { kind: 'throughput' };
  if (metric === 'throughput' || metric === 'cpu' || metric === 'memory' || metric === 'errors') {
    return { kind: metric };
  }
  throw wrong(asked, `there is no figure '${metric}'.${didYouMean(metric, METRICS)} For example ${EXAMPLE}`);
}

function cellsIn(asked: string, pattern: string): readonly [string, WantedRate | null] {
  const at = pattern.lastIndexOf('@');
  if (at === -1) return [pattern, null];
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(%|\/s)?$/.exec(pattern.slice(at + 1)) ?? [];
  const cells = pattern.slice(0, at);
  if (pattern.slice(at) === '@*') return [cells, { kind: 'any' }];
  const value = Number(digits);
  if (!(value > 0)) throw wrong(asked, 'after @ give a rate such as 112, a share such as 50%, or * for every rate');
  return [cells, unit === '%' ? { kind: 'share', share: value / 100 } : { kind: 'number', requestsPerSec: value }];
}

function limitIn(asked: string, condition: string, { kind }: Figure, operator: Operator, text: string): number {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?) ?(\D*)$/.exec(text) ?? [];
  // Object.hasOwn, because a unit may be any word that somebody typed.
  const scale = Object.hasOwn(SCALES[kind], unit) ? SCALES[kind][unit] : undefined;
  // Without the noise that a product such as 1.001 × 1000 has in its last digits.
  const limit = Number((Number(digits) * (scale ?? Number.NaN)).toPrecision(12));
  const isWhole = Number.isInteger(limit) && (limit > 0 || operator === '<=');
  const isMost = operator === '<' || operator === '<=';
  if (kind === 'errors' ? isWhole && isMost : limit > 0 && Number.isFinite(limit)) return limit;
  throw wrong(asked, `'${condition}': ${WAYS[kind]}`);
}
