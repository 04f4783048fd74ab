/** The decision about two runs in plain words. */

import { runMetric } from '../metrics/derived.ts';
import type { Change, ChangeCell, ChangeComparison, ChangeMetric } from '../schema/change.ts';
import { list, percent } from '../words.ts';
import { unevenFailures } from './cells.ts';
import { reaches } from './gate.ts';
import { signed } from './verdict.ts';

type Judged = Pick<Change, 'cells' | 'margin' | 'failAbove' | 'outcome' | 'control' | 'how'>;

/** The decision first, then what it rests on: what is broken, worse, better and undecided, and what is ruled out. */
export function changeSentence({ cells, failAbove, control, how }: Judged): string {
  const judged = cells.filter(({ verdict, lostInHead }) => verdict !== 'control' && !lostInHead);
  const lost = lostHeadline(cells);
  const uneven = cells.filter((cell) => unevenFailures(cell) !== null).map(({ id }) => id);
  const told = (is: (one: ChangeComparison) => boolean, what: string): string | null => {
    const own = judged.flatMap((cell) => (cell.comparisons.some(is) ? [metricsThat(is)(cell)] : []));
    return own.length === 0 ? null : `${share(own.length, judged.length)} ${what}: ${own.join('; ')}`;
  };
  const limit = failAbove === null ? '' : ` by more than ${percent(failAbove)}`;
  const worse = told(({ gate }) => gate === 'fail', `worse${limit}`);
  const within = told(isWorseWithin, exceeding(failAbove));
  const untold = told(({ gate }) => gate === 'untold', 'not decided');
  const alike = control?.untold ?? null;
  const unjudged = judged.filter(({ comparisons }) => comparisons.every(({ gate }) => gate === null)).length;
  const parts = [
    lost,
    worse,
    alike === null || worse !== null ? null : `Cells became worse alike; ${alike}`,
    untold,
    within,
    [lost, worse, untold, within, alike].every((part) => part === null) ? 'No cell was found to be worse' : null,
    told(({ verdict }) => verdict === 'better', 'better'),
    unjudged === 0 ? null : `${share(unjudged, judged.length)} not comparable`,
    ruledOut(judged),
    uneven.length === 0 ? null : `Trials failed more often on one side in ${uneven.join(', ')}`,
    how === 'apart' && control === null
      ? 'There was no control, so a change in the machine would look like a change in the code'
      : null,
  ];
  return parts.flatMap((part) => (part === null ? [] : [`${part}.`])).join(' ');
}

/** Shown to be worse, and no more than what is allowed. */
function isWorseWithin({ verdict, gate }: ChangeComparison): boolean {
  return verdict === 'worse' && gate === 'pass';
}

function exceeding(failAbove: number | null): string {
  return `worse, but not shown to exceed ${percent(failAbove ?? 0)}`;
}

/** A larger change that cannot be ruled out is as good as nothing. */
const MOST_SAID = 10;

/** What else head may be worse by, at most: `at most 0.9% more CPU per request and 12% higher p99 latency`. */
function ruledOut(cells: Change['cells']): string | null {
  const open = cells.flatMap(({ comparisons }) =>
    comparisons.filter(({ verdict, gate }) => verdict !== 'worse' && gate !== 'untold'),
  );
  const parts = [...new Set(open.map(({ metric }) => metric))].flatMap((metric) => {
    const most = Math.max(0, ...open.flatMap((one) => (one.metric === metric ? (one.atMostWorse ?? []) : [])));
    return rounded(most) === 0 || most > MOST_SAID ? [] : [worseBy(metric, most)];
  });
  return parts.length === 0 ? null : `At most ${list(parts)}`;
}

/** In percent with one decimal, and from 10% on with none. */
function rounded(share: number): number {
  return Number(share.toFixed(share < 0.1 ? 3 : 2));
}

/** `1.9% more CPU per request`. */
function worseBy(metric: ChangeMetric, share: number): string {
  const { good, words } = runMetric(metric);
  return `${percent(rounded(share))} ${good === 'less' ? words.more : words.less} ${words.what}`;
}

/** Cells that head broke; null without any. */
export function lostHeadline(cells: Change['cells']): string | null {
  const lost = cells.filter(({ lostInHead }) => lostInHead).map(({ id }) => id);
  const failing = cells
    .filter(({ lostInHead, failsInHead }) => failsInHead && !lostInHead)
    .map(({ id, trials: { head } }) => `${id}: head failed ${head.failed} of its ${head.count} tries, base none`);
  const gone =
    lost.length === 0 ? [] : [`${list(lost)} ${lost.length === 1 ? 'works' : 'work'} in base but not in head`];
  return gone.length + failing.length === 0 ? null : [...gone, ...failing].join('; ');
}

/** The decision in one line: `✓ no regression: hello −0.3% (−1.1 to +0.5) CPU, p99 level`. */
export function changeLine({ cells, outcome, failAbove, control }: Omit<Judged, 'margin' | 'how'>): string {
  const judged = cells.filter(({ verdict }) => verdict !== 'control');
  const nameOf = namesIn(judged);
  switch (outcome) {
    case 'broken': {
      const untold = lostHeadline(cells) === null ? (control?.untold ?? null) : null;
      if (untold !== null) return `? cells became worse alike; ${untold}`;
      const [reason = 'no cell was measured'] = judged.flatMap(({ comparisons }) =>
        comparisons.map((one) => one.reason),
      );
      return `✗ ${lostHeadline(cells) ?? `nothing could be compared: ${reason}`}`;
    }
    case 'fail':
      return `✗ worse: ${eachIn(judged, nameOf, ({ gate }) => gate === 'fail')}`;
    case 'untold': {
      const unjudged = judged.filter(({ comparisons }) => comparisons.every(({ gate }) => gate === null));
      const text = eachIn(judged, nameOf, ({ gate }) => gate === 'untold');
      return text === '' ? `? not judged: ${list(unjudged.map(nameOf))}` : `? not decided: ${text}`;
    }
    case 'pass':
      return `✓ ${passed(judged, nameOf, failAbove)}`;
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
    return own.length === 0 ? [] : [`${nameOf(cell)} ${own.slice(0, MOST_FIGURES).map(figure).join(', ')}`];
  });
  const rest = found.length - MOST_CELLS;
  return [...found.slice(0, MOST_CELLS), ...(rest > 0 ? [`${rest} more`] : [])].join('; ');
}

function passed(cells: Cells, nameOf: NameOf, failAbove: number | null): string {
  const worse = eachIn(cells, nameOf, isWorseWithin);
  if (worse !== '') return `${exceeding(failAbove)}: ${worse}`;
  const better = eachIn(cells, nameOf, ({ verdict }) => verdict === 'better');
  if (better !== '') return `no regression, better: ${better}`;
  const about = cells.flatMap((cell) => {
    const lead = cell.comparisons.find(({ metric, ratio }) => LEADING.includes(metric) && ratio !== null);
    return lead === undefined ? [] : [{ name: nameOf(cell), lead }];
  });
  const [first] = about;
  if (first === undefined) return 'no regression found';
  // Nothing is promised of a change that may still be larger than what matters.
  const none = about.some(({ lead }) => reaches(lead, 'most', failAbove)) ? 'no regression found' : 'no regression';
  const tail = tailOf(cells);
  if (about.length === 1) return `${none}: ${first.name} ${figure(first.lead)}${tail}`;
  const [worst = first] = about.toSorted((a, b) => (b.lead.atMostWorse ?? 0) - (a.lead.atMostWorse ?? 0));
  return `${none} in ${about.length} cells: at most ${atMost(worst.lead)} (${worst.name})${tail}`;
}

/** What a cell is told by, at full load. */
const LEADING: readonly ChangeMetric[] = ['cpu-per-request'];

/** Of all cells at given rates. */
function tailOf(cells: Cells): string {
  const all = cells.flatMap(({ comparisons }) => comparisons.filter((one) => one.metric === 'latency-p99'));
  const known = all.filter(({ ratio }) => ratio !== null);
  const [worst] = known.toSorted((a, b) => (b.atMostWorse ?? 0) - (a.atMostWorse ?? 0));
  if (worst === undefined) return '';
  if ((worst.atMostWorse ?? 0) > MOST_SAID) return ', p99 not known';
  return known.every(({ verdict }) => verdict === 'equivalent') ? ', p99 level' : `, at most ${atMost(worst)}`;
}

/** `1.9% more CPU`. */
function atMost({ metric, atMostWorse }: ChangeComparison): string {
  const { words, short } = runMetric(metric);
  return worseBy(metric, atMostWorse ?? 0).replace(words.what, short);
}

function figure({ metric, ratio }: ChangeComparison): string {
  const { short } = runMetric(metric);
  if (ratio === null) return short;
  return `${minus(signed(ratio.point))}% (${minus(signed(ratio.low))} to ${minus(signed(ratio.high))}) ${short}`;
}

function minus(text: string): string {
  return text.replace('-', '−');
}

function share(count: number, of: number): string {
  return `${count} of ${of} cell${of === 1 ? '' : 's'} ${count === 1 ? 'is' : 'are'}`;
}

/** The cell and its metrics of which this is so. */
function metricsThat(is: (one: ChangeComparison) => boolean): (cell: ChangeCell) => string {
  return ({ id, comparisons }) => `${id} ${comparisons.filter(is).map(changeInWords).join(' and ')}`;
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
