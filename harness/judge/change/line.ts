/** The decision about two runs in one line: what a reviewer reads first, and often all. */
import { runMetric } from '../metrics/derived.ts';
import type { Change, ChangeCell, ChangeComparison } from '../schema/change.ts';
import { list } from '../words.ts';
import { lostHeadline } from './sentence.ts';
import { signed } from './verdict.ts';

type Decided = Pick<Change, 'cells' | 'outcome' | 'failAbove'>;

/** A comparison and the cell that it is of. */
interface Found {
  readonly cell: ChangeCell;
  readonly one: ChangeComparison;
}

/** More comparisons than this are counted and not told. */
const MOST_TOLD = 3;

/** `✓ no regression: GET /products -0.3% (-1.1 to +0.5) CPU, p99 level`. */
export function changeLine(change: Decided): string {
  const { cells, outcome, failAbove } = change;
  const nameOf = cellNames(cells);
  const all = cells.flatMap((cell) => cell.comparisons.map((one): Found => ({ cell, one })));
  const worse = all.filter(({ one }) => one.gate === 'fail');
  switch (outcome) {
    case 'broken':
    case 'fail': {
      const parts = [
        ...brokenParts(cells, nameOf),
        ...(worse.length === 0 ? [] : [`worse: ${told(worse, nameOf)}`]),
        ...(outcome === 'broken' && !cells.some(isBroken) ? [`nothing could be compared: ${whyNothing(all)}`] : []),
      ];
      return `✗ ${parts.join('; ')}`;
    }
    case 'untold':
      return `? a regression is not ruled out: ${told(
        all.filter(({ one }) => one.gate === 'untold'),
        nameOf,
      )}`;
    case 'pass': {
      const small = all.filter(({ one }) => one.gate === 'pass' && one.verdict === 'worse');
      return small.length > 0 && failAbove !== null
        ? `✓ worse, not by more than ${percent(failAbove, Math.round)}%: ${told(small, nameOf)}`
        : `✓ no regression${passText(cells, nameOf)}`;
    }
    default:
      return outcome satisfies never;
  }
}

function isBroken({ lostInHead, failsInHead }: ChangeCell): boolean {
  return lostInHead || failsInHead;
}

function brokenParts(cells: Change['cells'], nameOf: (cell: ChangeCell) => string): readonly string[] {
  const lost = lostHeadline(cells);
  const failing = cells
    .filter((cell) => cell.failsInHead && !cell.lostInHead)
    .map((cell) => `${nameOf(cell)} fails in head: ${failText(cell)}`);
  return [...(lost === null ? [] : [`broken: ${lost}`]), ...failing];
}

/** `4 of 8 tries, in base 0 of 4`. */
export function failText({ trials: { base, head } }: Pick<ChangeCell, 'trials'>): string {
  return `${head.failed} of ${head.count} tries, in base ${base.failed} of ${base.count}`;
}

function whyNothing(all: readonly Found[]): string {
  return all[0]?.one.reason ?? 'base and head have no comparison in common';
}

/** Cell by cell, the metrics that say it: `cpu:ms=2 +8.2% (+6.9 to +9.5) CPU, -7.2% (-9.8 to -4.5) throughput`. */
function told(found: readonly Found[], nameOf: (cell: ChangeCell) => string): string {
  const first = found.slice(0, MOST_TOLD);
  const parts = [...new Set(first.map(({ cell }) => cell))].map((cell) => {
    const own = first.filter((one) => one.cell === cell).map(({ one }) => `${changeText(one.ratio)} ${shortTitle(one)}`);
    return `${nameOf(cell)} ${own.join(', ')}`;
  });
  const more = found.length - first.length;
  return `${parts.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

/** What holds of each metric, over all cells where there are several. */
function passText(cells: Change['cells'], nameOf: (cell: ChangeCell) => string): string {
  const judged = cells.filter(({ comparisons }) => comparisons.some(({ gate }) => gate !== null));
  const names = [...new Set(judged.map(nameOf))];
  const all = judged.flatMap(({ comparisons }) => comparisons.filter(({ gate }) => gate !== null));
  const [first] = all;
  if (first === undefined) return '';
  const titles = [...new Set(all.map(shortTitle))];
  const [main = '', ...others] = titles;
  const of = (title: string): readonly ChangeComparison[] => all.filter((one) => shortTitle(one) === title);
  const isAlone = of(main).length === 1;
  const lead = isAlone ? `${changeText(first.ratio)} ${main}` : `${main} ${atMostText(of(main))}`;
  const level = others.filter((title) => of(title).every(({ verdict }) => verdict === 'equivalent'));
  const rest = others.filter((title) => !level.includes(title)).map((title) => `${title} ${atMostText(of(title))}`);
  const parts = [lead, ...(level.length === 0 ? [] : [`${list(level)} level`]), ...rest];
  const where = names.length === 1 ? `: ${names.join('')}` : ` in ${names.length} cells:`;
  return `${where} ${parts.join(', ')}`;
}

/** What is ruled out in all of them: `at most 6% higher`. */
function atMostText(all: readonly ChangeComparison[]): string {
  const worst = all.toSorted((a, b) => (b.atMostWorse ?? 0) - (a.atMostWorse ?? 0))[0];
  return worst === undefined ? '' : boundText(worst);
}

/** What holds with 95% confidence: `at least 6.9% more`, `at most 1.3% more`, `not more`. */
export function boundText({ metric, ratio, verdict, atMostWorse }: ChangeComparison): string {
  if (ratio === null) return '–';
  const { good, words } = runMetric(metric);
  const [bad, fine] = good === 'less' ? [words.more, words.less] : [words.less, words.more];
  const [above, below] = [ratio.low - 1, 1 - ratio.high].map((share) => `at least ${percent(share, Math.floor)}%`);
  if (verdict === 'worse') return `${good === 'less' ? above : below} ${bad}`;
  if (verdict === 'better') return `${good === 'less' ? below : above} ${fine}`;
  return atMostWorse === null || atMostWorse <= 0 ? `not ${bad}` : `at most ${percent(atMostWorse, Math.ceil)}% ${bad}`;
}

/** Rounded to the side on which it still holds. */
function percent(share: number, round: (value: number) => number): string {
  // What binary fractions leave at the end is no reason to round.
  const value = Number((Math.max(0, share) * 100).toPrecision(9));
  return `${value >= 10 ? round(value) : round(value * 10) / 10}`;
}

/** Beyond this the ends of an interval say only that the trials disagree. */
const WIDEST = 100;

/** A ratio as a change in percent, with its interval: `+8.1% (+5.9 to +10.4)`. */
export function changeText(ratio: ChangeComparison['ratio']): string {
  if (ratio === null) return '–';
  const isWide = ratio.high > WIDEST * ratio.low;
  return `${signed(ratio.point)}% (${isWide ? 'unsettled' : `${signed(ratio.low)} to ${signed(ratio.high)}`})`;
}

function shortTitle({ metric }: ChangeComparison): string {
  const { title } = runMetric(metric);
  return title === 'CPU per request' ? 'CPU' : title.replace(/ latency$/, '');
}

/** As short as they can be told apart: without the model where all have the same, and without the rate. */
export function cellNames(cells: Change['cells']): (cell: Pick<ChangeCell, 'id' | 'model'>) => string {
  const isOneModel = new Set(cells.map(({ model }) => model)).size === 1;
  return ({ id, model }) => {
    const whole = id.replace(/@[\d.]+(?:\/slo)?$/, '');
    return isOneModel ? whole.replace(`/${model}`, '') : whole;
  };
}
