/** The text of `--require`: `cpu/cluster p99<50ms`, `mixed/*@50% light.p99<20ms`, `cpu/cluster vs single>1.5`. */
import { UserError } from '../../errors.ts';
import { didYouMean } from '../../plan/options/values.ts';
import { partsOf } from '../../plan/schedule/runtimes.ts';
import { REQUIRABLE, type Requirable } from '../metrics/derived.ts';
import type { TrialFigure } from '../metrics/metric.ts';
import type { JudgedRequirement } from '../schema/requirement.ts';

/** What is held against a limit. */
export type Figure =
  | {
      readonly kind: 'latency';
      readonly percentile: 'p50' | 'p90' | 'p99' | 'p999';
      /** null for the requests of all classes together. */
      readonly requestClass: string | null;
    }
  | { readonly kind: 'metric'; readonly metric: Requirable }
  | { readonly kind: 'errors' }
  /** Throughput as a multiple of that of another model in the same scenario. */
  | { readonly kind: 'ratio'; readonly model: string };

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
const LATENCIES = ['p50', 'p90', 'p99', 'p99.9'];
const NAMES = [...LATENCIES, ...REQUIRABLE.flatMap(({ names }) => names), 'errors', 'vs'];
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

/** How a limit is written. */
interface Form {
  /** What each unit counts as; `''` is a figure without one, which times of requests must not be. */
  readonly scales: Readonly<Record<string, number>>;
  readonly way: string;
}

const FORMS: Readonly<Record<Exclude<Figure['kind'], 'metric'>, Form>> = {
  latency: { scales: TIMES, way: 'give a time above 0 with its unit, us, ms or s; for example p99<50ms' },
  errors: { scales: { '': 1 }, way: 'give how many trials may fail, with < or <=; for example errors<=0' },
  ratio: {
    scales: { '': 1, x: 1, '×': 1 },
    way: 'give a multiple above 0 without a unit; for example vs single>1.5',
  },
};

/** By the unit of a metric; the example of the limit ends the sentence. */
const METRIC_FORMS: Readonly<Record<TrialFigure['unit'], Form & { readonly example: string }>> = {
  'requests/s': { scales: { '': 1, '/s': 1 }, way: 'give requests per second above 0', example: '1000' },
  ms: {
    scales: { '': 1, ...TIMES },
    way: 'give a time above 0 in us, ms or s, or in ms without a unit',
    example: '1.5ms',
  },
  bytes: {
    scales: { '': MIB, MiB: MIB, GiB: 1024 * MIB },
    way: 'give MiB or GiB above 0, MiB without a unit',
    example: '200MiB',
  },
  ratio: { scales: { '': 1 }, way: 'give a number above 0 without a unit', example: '1.5' },
};

function formOf(figure: Figure): Form {
  if (figure.kind !== 'metric') return FORMS[figure.kind];
  const { names, good } = figure.metric;
  const { scales, way, example } = METRIC_FORMS[figure.metric.figure.unit];
  return { scales, way: `${way}; for example ${names[0]}${good === 'more' ? '>' : '<'}${example}` };
}

/** Every metric that a requirement may be about, and how its limit is written. */
export const REQUIREMENTS: readonly { readonly names: readonly string[]; readonly limit: string }[] = [
  { names: LATENCIES, limit: limitText(FORMS.latency) },
  ...REQUIRABLE.map((metric) => ({ names: metric.names, limit: limitText(formOf({ kind: 'metric', metric })) })),
  { names: ['errors'], limit: limitText(FORMS.errors) },
  { names: ['vs <model>'], limit: limitText(FORMS.ratio) },
];

function limitText({ way }: Form): string {
  return way.replace(/^give /, '');
}

/** What a figure is counted in. */
export function unitOf(figure: Figure): JudgedRequirement['unit'] {
  switch (figure.kind) {
    case 'metric':
      return figure.metric.figure.unit;
    case 'latency':
      return 'ms';
    case 'errors':
      return 'trials';
    case 'ratio':
      return 'ratio';
    default:
      return figure satisfies never;
  }
}

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
    throw wrong(given, `give a cell, a metric, one of < <= > >= and a limit; for example ${EXAMPLE}`);
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
  if (metric === 'errors') return { kind: 'errors' };
  const found = REQUIRABLE.find(({ names }) => names.includes(metric));
  if (found !== undefined) return { kind: 'metric', metric: found };
  throw wrong(asked, `unknown metric '${metric}'.${didYouMean(metric, NAMES)} For example ${EXAMPLE}`);
}

function cellsIn(asked: string, pattern: string): readonly [string, WantedRate | null] {
  const at = pattern.lastIndexOf('@');
  // `cpu/cluster@24.21.0` is a model on a Node.js.
  if (at === -1 || partsOf(pattern).version !== null) return [pattern, null];
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(%|\/s)?$/.exec(pattern.slice(at + 1)) ?? [];
  const cells = pattern.slice(0, at);
  if (pattern.slice(at) === '@*') return [cells, { kind: 'any' }];
  const value = Number(digits);
  if (!(value > 0)) throw wrong(asked, 'after @ give a rate such as 112, a share such as 50%, or * for every rate');
  return [cells, unit === '%' ? { kind: 'share', share: value / 100 } : { kind: 'number', requestsPerSec: value }];
}

function limitIn(asked: string, condition: string, figure: Figure, operator: Operator, text: string): number {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?) ?(\D*)$/.exec(text) ?? [];
  const { scales, way } = formOf(figure);
  // Object.hasOwn, because a unit may be any word that somebody typed.
  const scale = Object.hasOwn(scales, unit) ? scales[unit] : undefined;
  // Without the noise that a product such as 1.001 × 1000 has in its last digits.
  const limit = Number((Number(digits) * (scale ?? Number.NaN)).toPrecision(12));
  const isWhole = Number.isInteger(limit) && (limit > 0 || operator === '<=');
  const isMost = operator === '<' || operator === '<=';
  if (figure.kind === 'errors' ? isWhole && isMost : limit > 0 && Number.isFinite(limit)) return limit;
  throw wrong(asked, `'${condition}': ${way}`);
}
