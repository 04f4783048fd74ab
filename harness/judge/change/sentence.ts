/** The decision about two runs in one line. */

import { runMetric } from '../metrics/derived.ts';
import type { Change, ChangeCell, ChangeComparison, ChangeMetric } from '../schema/change.ts';
import { list, percent } from '../words.ts';
import { isLatencyOf, isSilent, reaches } from './gate.ts';
import { signed } from './verdict.ts';

type Judged = Pick<Change, 'cells' | 'failAbove' | 'outcome' | 'unexplained'>;

/** Shown to be worse, and no more than what is allowed. */
function isWorseWithin({ verdict, gate }: ChangeComparison): boolean {
  return verdict === 'worse' && gate === 'pass';
}

function exceeding(failAbove: number | null): string {
  return `worse, but not shown to exceed ${percent(failAbove ?? 0)}`;
}

/** A larger change that cannot be ruled out is as good as nothing. */
const MOST_SAID = 10;

/** With one decimal in percent, and from 10% on with none: rounded up, so that it still holds. */
function rounded(share: number): number {
  const steps = share < 0.1 ? 1000 : 100;
  // What binary fractions leave at the end is no reason to round.
  return Math.ceil(Number((share * steps).toPrecision(9))) / steps;
}

/** Cells that head broke; null without any. */
function lostHeadline(cells: Change['cells']): string | null {
  const lost = cells.filter(({ lostInHead }) => lostInHead).map(({ id }) => id);
  const failing = cells
    .filter(({ lostInHead, failsInHead }) => failsInHead && !lostInHead)
    .map(
      ({ id, trials: { base, head } }) =>
        `${id}: head failed ${head.failed} of its ${head.count} tries, base ${failuresOf(base)}`,
    );
  const gone =
    lost.length === 0 ? [] : [`${list(lost)} ${lost.length === 1 ? 'works' : 'work'} in base but not in head`];
  return gone.length + failing.length === 0 ? null : [...gone, ...failing].join('; ');
}

function failuresOf({ failed, count }: ChangeCell['trials']['base']): string {
  return failed === 0 ? 'none' : `${failed} of its ${count}`;
}

/** The mark of what passes, and may be worse than the limit. */
export const NOT_RULED_OUT = '~';

/** The decision in one line: `✓ no regression: hello −0.3% (−1.1 to +0.5) CPU, p99 level`. */
export function changeLine({ cells, outcome, failAbove, unexplained }: Judged): string {
  const judged = cells.filter(({ verdict }) => verdict !== 'control');
  const nameOf = namesIn(judged);
  switch (outcome) {
    case 'broken': {
      if (lostHeadline(cells) === null && unexplained !== null) return `? ${unexplained}`;
      const [reason = 'no cell was measured'] = judged.flatMap(({ comparisons }) =>
        comparisons.map((one) => one.reason),
      );
      return `✗ ${lostHeadline(cells) ?? `nothing could be compared: ${reason}`}`;
    }
    case 'fail':
      return `✗ worse: ${eachIn(judged, nameOf, ({ gate }) => gate === 'fail')}`;
    case 'untold': {
      const unjudged = judged.filter((cell) => isSilent(cell) && !isLatencyOf(cell));
      const text = eachIn(judged, nameOf, ({ gate }) => gate === 'untold');
      return text === '' ? `? not judged: ${list(unjudged.map(nameOf))}` : `? not decided: ${text}`;
    }
    case 'pass':
      return `${isRuledOut(judged, failAbove) ? '✓' : NOT_RULED_OUT} ${passed(judged, nameOf, failAbove)}`;
    default:
      return outcome satisfies never;
  }
}

type Cells = Change['cells'];
type NameOf = (cell: ChangeCell) => string;

/** Without the model where there is only one. */
function namesIn(cells: Cells): NameOf {
  const isOne = new Set(cells.map(({ model }) => model)).size === 1;
  return ({ id, model }) => (isOne ? id.replace(`/${model}`, '') : id);
}

/** So many cells, and figures of each, fit into one line. */
const MOST_CELLS = 2;
const MOST_FIGURES = 3;

/** Cells with what they have of such comparisons: `hello +8.1% (+5.9 to +10.4) CPU`. */
function eachIn(cells: Cells, nameOf: NameOf, isMeant: (one: ChangeComparison) => boolean): string {
  const found = cells.flatMap((cell) => {
    const own = cell.comparisons.filter(isMeant);
    return own.length === 0 ? [] : [`${nameOf(cell)} ${figures(own)}`];
  });
  const rest = found.length - MOST_CELLS;
  return [...found.slice(0, MOST_CELLS), ...(rest > 0 ? [`${rest} more`] : [])].join('; ');
}

function passed(cells: Cells, nameOf: NameOf, failAbove: number | null): string {
  const worse = eachIn(cells, nameOf, isWorseWithin);
  const beside = BESIDE.flatMap((metric) => widest(cells, metric, failAbove));
  const wide = [...beside, ...(hasSilentLatency(cells) ? ['latency not judged'] : [])]
    .map((text) => `, ${text}`)
    .join('');
  if (worse !== '') return `${exceeding(failAbove)}: ${worse}${wide}`;
  // Nothing is promised of a change that may still be larger than what matters.
  const none = isRuledOut(cells, failAbove) ? 'no regression' : 'no regression found';
  const better = eachIn(cells, nameOf, ({ verdict }) => verdict === 'better');
  if (better !== '') return `${none}, better: ${better}${wide}`;
  const about = cells.flatMap((cell) => {
    const lead = cell.comparisons.find(({ metric, ratio }) => LEADING.includes(metric) && ratio !== null);
    return lead === undefined ? [] : [{ name: nameOf(cell), lead }];
  });
  const [first] = about;
  if (first === undefined) return 'no regression found';
  const tail = `${wide}${widest(cells, 'latency-p99', failAbove).length === 0 ? tailOf(cells) : ''}`;
  if (about.length === 1) return `${none}: ${first.name} ${figures([first.lead])}${tail}`;
  const [worst = first] = about.toSorted((a, b) => (b.lead.atMostWorse ?? 0) - (a.lead.atMostWorse ?? 0));
  return `${none} in ${about.length} cells: ${atMost(worst.lead)} (${worst.name})${tail}`;
}

/** What a cell is told by, at full load. */
const LEADING: readonly ChangeMetric[] = ['cpu-per-request'];

/** What varies too much to be waited for, and is told where hardly anything is ruled out. */
const BESIDE = ['throughput', 'latency-p99'] as const satisfies readonly ChangeMetric[];
/** Times the margin. */
const WIDE = 2;

/** Whether nothing that a cell is told by may be worse than the limit, and nothing beside it by far. */
function isRuledOut(cells: Cells, failAbove: number | null): boolean {
  const lead = cells.flatMap(({ comparisons }) =>
    comparisons.filter((one) => LEADING.includes(one.metric) || isWorseWithin(one)),
  );
  const known = lead.filter(({ gate }) => gate !== null);
  return (
    known.length > 0 &&
    !hasSilentLatency(cells) &&
    !known.some((one) => reaches(one, 'most', failAbove)) &&
    BESIDE.every((metric) => widest(cells, metric, failAbove).length === 0)
  );
}

function hasSilentLatency(cells: Cells): boolean {
  return cells.some((cell) => isSilent(cell) && isLatencyOf(cell));
}

/** `at most 60% higher p99 latency`, of the cell of which the least is ruled out; none where that is little. */
function widest(cells: Cells, metric: ChangeMetric, failAbove: number | null): readonly string[] {
  const worst = leastSure(cells, metric);
  if (worst === undefined || mostOf(worst) <= Math.max(failAbove ?? 0, WIDE * worst.margin)) return [];
  return [mostOf(worst) > MOST_SAID ? `${runMetric(metric).short} not known` : atMost(worst)];
}

function leastSure(cells: Cells, metric: ChangeMetric): ChangeComparison | undefined {
  const known = cells.flatMap(({ comparisons }) =>
    comparisons.filter((one) => one.metric === metric && one.atMostWorse !== null),
  );
  return known.toSorted((a, b) => mostOf(b) - mostOf(a))[0];
}

function mostOf({ atMostWorse }: ChangeComparison): number {
  return atMostWorse ?? 0;
}

/** Of all cells at given rates, where p99 is not wide open. */
function tailOf(cells: Cells): string {
  const worst = leastSure(cells, 'latency-p99');
  if (worst === undefined) return '';
  const isLevel = cells.every(({ comparisons }) =>
    comparisons.every(
      ({ metric, ratio, verdict }) => metric !== 'latency-p99' || ratio === null || verdict === 'equivalent',
    ),
  );
  return isLevel ? ', p99 level' : `, ${atMost(worst)}`;
}

/** `at most 1.9% more CPU per request`. */
function atMost(one: ChangeComparison): string {
  const { good, words } = runMetric(one.metric);
  const worse = `${good === 'less' ? words.more : words.less} ${words.what}`;
  return mostOf(one) === 0 ? `not ${worse}` : `at most ${percent(rounded(mostOf(one)))} ${worse}`;
}

function figures(all: readonly ChangeComparison[]): string {
  const control = all.some(({ relative }) => relative !== null) ? ' against the control' : '';
  return `${all.slice(0, MOST_FIGURES).map(figure).join(', ')}${control}`;
}

/** An interval from one end to so many times it, or more, tells nothing. */
const UNSETTLED = 100;

/** What it is beside the control, where there is one: the rest of the change is the machine. */
function figure({ metric, ratio, relative }: ChangeComparison): string {
  const { short } = runMetric(metric);
  const told = relative ?? ratio;
  if (told === null) return short;
  const isWide = told.high > UNSETTLED * told.low;
  const interval = isWide ? 'unsettled' : `${minus(signed(told.low))} to ${minus(signed(told.high))}`;
  return `${minus(signed(told.point))}% (${interval}) ${short}`;
}

function minus(text: string): string {
  return text.replace('-', '−');
}

/** `takes 8.1% more CPU per request (5.9 to 10.4)`. */
export function changeInWords({ metric, ratio }: Pick<ChangeComparison, 'metric' | 'ratio'>): string {
  if (ratio === null) return `changed in ${metric}`;
  const isMore = ratio.point >= 1;
  const change = (one: number): string => ((isMore ? one - 1 : 1 - one) * 100).toFixed(1).replace(/^-0\.0$/, '0.0');
  const [from, to] = isMore ? [ratio.low, ratio.high] : [ratio.high, ratio.low];
  const { verb, less, more, what } = runMetric(metric).words;
  return `${verb} ${change(ratio.point)}% ${isMore ? more : less} ${what} (${change(from)} to ${change(to)})`;
}
