/** Lists and ranges of numbers: `4`, `1,2,4`, `1..8`, `0.1..10`, `0.1..10x7`. */
import { UserError } from '../../errors.ts';

/** How a range without a number of values goes on from a power of its base, and that base. */
interface Steps {
  readonly base: number;
  readonly within: readonly number[];
}

/** Of what is counted ranges go in doublings, of what is measured in 1, 2, 5, 10. */
const STEPS = {
  count: { base: 2, within: [1] },
  amount: { base: 10, within: [1, 2, 5] },
} as const satisfies Record<string, Steps>;

const RANGE = /^(?<from>[^x]*?)\.\.(?<to>[^x]*)(?:x(?<count>.*))?$/u;
/** Nobody reads a chart with more points, and each is a measurement of its own. */
const MOST_VALUES = 1000;
/** Of the values of a range. */
const DIGITS = 3;

/** Whether there is more to it than one value. */
export function isSeries(text: string): boolean {
  return text.includes(',') || text.includes('..');
}

/**
 * The values, ascending and each once. The ends of a range are among them. `where` is what an error begins with, such as `--workers` or `--scenario cpu:ms=`.
 * Throws a UserError for what is no number, goes down, or is too much.
 */
export function valuesOf(where: string, text: string, kind: keyof typeof STEPS): readonly number[] {
  const mistake = (what: string): UserError =>
    new UserError(`${where}${where.endsWith('=') ? '' : ' '}${text}: ${what}`);
  const usage =
    kind === 'count'
      ? 'give a whole number, or several as in 1,2,4 or 1..8'
      : 'give a number, or several as in 1,2,5 or 0.1..10';
  const number = (part: string): number => {
    const value = /^\d+(\.\d+)?$/u.test(part.trim()) ? Number(part) : Number.NaN;
    if (Number.isFinite(value)) return value;
    throw mistake(usage);
  };
  const values = text.split(',').flatMap((part) => {
    const { from, to, count } = RANGE.exec(part)?.groups ?? {};
    if (from === undefined || to === undefined) return [number(part)];
    const [low, high] = [number(from), number(to)];
    if (low > high) throw mistake(`the range goes down; write ${to}..${from}`);
    if (low === high) throw mistake(`the range is empty; write ${from} for one value, or a higher end`);
    if (low === 0) throw mistake('a range goes in ratios, so it cannot begin at 0; begin higher, or write a list');
    if (count === undefined) return stepped(low, high, STEPS[kind]);
    const many = number(count);
    if (Number.isInteger(many) && many >= 2 && many <= MOST_VALUES) return spaced(low, high, many, kind);
    throw mistake(`give the number of values behind x as a whole number from 2 to ${MOST_VALUES}`);
  });
  const unique = [...new Set(values)].toSorted((a, b) => a - b);
  if (unique.length <= MOST_VALUES) return unique;
  throw mistake(`these are ${unique.length.toLocaleString('en-US')} values; give at most ${MOST_VALUES}`);
}

function stepped(low: number, high: number, { base, within }: Steps): number[] {
  const between: number[] = [];
  for (let power = Math.floor(Math.log(low) / Math.log(base)); base ** power < high; power++) {
    for (const step of within) {
      const value = Number((step * base ** power).toPrecision(12));
      if (value > low && value < high) between.push(value);
    }
  }
  return [low, ...between, high];
}

/** In equal ratios. */
function spaced(low: number, high: number, count: number, kind: keyof typeof STEPS): number[] {
  return Array.from({ length: count }, (_, i) => {
    if (i === 0) return low;
    if (i === count - 1) return high;
    const value = low * (high / low) ** (i / (count - 1));
    return kind === 'count' ? Math.round(value) : Number(value.toPrecision(DIGITS));
  });
}
