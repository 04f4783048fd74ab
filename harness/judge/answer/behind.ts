/** How far models are behind the best of them, in words: the interval is the verdict. */
import type { Answer } from '../schema/answer.ts';
import { list } from '../words.ts';

type Standing = Answer['models'][number];

/** What is said of a figure: `behind` of requests per second, `more` of a cost. */
interface Words {
  /** `2% behind`. */
  readonly away: string;
  /** `the best`, as it goes on after a figure. */
  readonly best: string;
  /** `as long`, behind `3.2 times`; null where no figure is a multiple of that of the best. */
  readonly as: string | null;
}

const THROUGHPUT: Words = { away: 'behind', best: 'the best', as: null };
const COST: Words = { away: 'more', best: 'the least', as: 'as much' };
const LATENCY: Words = { away: 'longer', best: 'the shortest', as: 'as long' };
/** What may be this much more is written as a multiple. */
const MULTIPLE_FROM = 2;
/** A bound of a hundred times as much, or of a hundredth, says only that the trials disagree. */
const UNKNOWN_FROM = { behind: 0.99, more: 99 } as const;

function wordsFor(metric: Answer['metric']): Words {
  switch (metric) {
    case 'throughput':
      return THROUGHPUT;
    case 'cpu-per-request':
    case 'peak-memory':
      return COST;
    case 'start-up':
    case 'latency-p50':
    case 'latency-p99':
      return LATENCY;
    default:
      return metric satisfies never;
  }
}

/** Of one that may be the best: `the best or at most 0.2% behind`; of another `44% to 50% behind`. */
export function standingText(metric: Answer['metric'], { atMostBehind, atLeastBehind }: Standing): string {
  const words = wordsFor(metric);
  if (atLeastBehind > 0) return awayText(words, atLeastBehind, atMostBehind);
  if (atMostBehind === null) return `possibly ${words.best}`;
  return upTo(atMostBehind) === 0 ? words.best : `${words.best} or ${awayText(words, 0, atMostBehind)}`;
}

/** Of one that may be the best while it is open which is: `at most 12% behind`. */
export function mostText(metric: Answer['metric'], { atMostBehind }: Pick<Standing, 'atMostBehind'>): string {
  return awayText(wordsFor(metric), 0, atMostBehind);
}

/** The others, those with the same bounds together: `fork-pool is at most 6% behind; single 44% to 50% behind`. */
export function othersText(answer: Answer, others: readonly string[], nameOf: (id: string) => string): string {
  const words = wordsFor(answer.metric);
  const texts = new Map<string, string[]>();
  const sorted = answer.models
    .filter(({ cell }) => others.includes(cell))
    .toSorted((a, b) => (a.atMostBehind ?? Number.MAX_VALUE) - (b.atMostBehind ?? Number.MAX_VALUE));
  for (const { cell, atMostBehind, atLeastBehind } of sorted) {
    const text = awayText(words, atLeastBehind, atMostBehind);
    texts.set(text, [...(texts.get(text) ?? []), nameOf(cell)]);
  }
  const verb =
    answer.metric === 'throughput' ? (names: string[]) => (names.length > 1 ? 'are' : 'is') : takes(answer.metric);
  return [...texts].map(([text, names], i) => `${list(names)} ${i === 0 ? `${verb(names)} ` : ''}${text}`).join('; ');
}

function takes(metric: Answer['metric']): (names: string[]) => string {
  const [one, several] = wordsFor(metric) === COST ? ['needs', 'need'] : ['takes', 'take'];
  return (names) => (names.length > 1 ? several : one);
}

function awayText({ away, as }: Words, atLeast: number, bound: number | null): string {
  const isKnown = bound !== null && bound < (as === null ? UNKNOWN_FROM.behind : UNKNOWN_FROM.more);
  const atMost = isKnown ? bound : null;
  if (as !== null && (atMost ?? atLeast) >= MULTIPLE_FROM) return multipleText(as, atLeast, atMost);
  const [low, high] = [downTo(atLeast), atMost === null ? null : upTo(atMost)];
  if (low === 0) return high === null ? `an unknown amount ${away}` : `at most ${share(high)} ${away}`;
  if (high === null) return `at least ${share(low)} ${away}`;
  return low === high ? `${share(low)} ${away}` : `${share(low)} to ${share(high)} ${away}`;
}

/** `1.8 to 15 times as long`. */
function multipleText(as: string, atLeast: number, atMost: number | null): string {
  const low = rounded(1 + atLeast, (value) => Math.floor(value + 1e-9));
  if (atMost === null) return `at least ${low} times ${as}`;
  const high = rounded(1 + atMost, (value) => Math.ceil(value - 1e-9));
  return low === '1' ? `at most ${high} times ${as}` : `${low} to ${high} times ${as}`;
}

/** A tenth below ten, and whole numbers from there. */
function rounded(multiple: number, to: (value: number) => number): string {
  const step = multiple < 10 ? 0.1 : 1;
  return Number((to(multiple / step) * step).toFixed(1)).toLocaleString('en-US');
}

/** Of a bound no digit may promise more than it holds: upper ones are rounded up, lower ones down. */
export function upTo(value: number): number {
  const step = stepOf(value);
  return Math.ceil(value / step - 1e-9) * step;
}

export function downTo(value: number): number {
  const step = stepOf(value);
  return Math.floor(value / step + 1e-9) * step;
}

/** A tenth of a percent below ten, and whole percents from there. */
function stepOf(value: number): number {
  return value < 0.0995 ? 0.001 : 0.01;
}

/** `2.5%`, `44%`. */
export function share(value: number): string {
  return `${Number((value * 100).toFixed(1)).toLocaleString('en-US')}%`;
}
