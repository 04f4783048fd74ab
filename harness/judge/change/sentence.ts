/** The decision about two runs in plain words. */

import { runMetric } from '../metrics/derived.ts';
import type { Change, ChangeComparison } from '../schema/change.ts';
import { percent } from '../words.ts';
import { unevenFailures } from './cells.ts';

type Judged = Pick<Change, 'cells' | 'margin' | 'control' | 'how'>;

/** The decision first, then what it rests on: what is broken, worse, better and undecided. */
export function changeSentence({ cells, margin, control, how }: Judged): string {
  const judged = cells.filter(({ verdict }) => verdict !== 'control');
  const having = (verdict: ChangeComparison['verdict']): typeof judged =>
    judged.filter((cell) => cell.verdict === verdict && !cell.lostInHead);
  const [worse, better] = [having('worse'), having('better')];
  const lost = lostHeadline(cells);
  const uneven = cells.filter((cell) => unevenFailures(cell) !== null).map(({ id }) => id);
  const parts = [
    lost,
    worse.length > 0
      ? `${share(worse.length, judged.length)} worse: ${worse.map(metricsThat('worse')).join('; ')}`
      : null,
    better.length > 0
      ? `${share(better.length, judged.length)} better: ${better.map(metricsThat('better')).join('; ')}`
      : null,
    counted(having('equivalent').length, judged.length, `equivalent within ${percent(margin)}`),
    counted(having('inconclusive').length, judged.length, 'inconclusive'),
    counted(having('invalid').length, judged.length, 'not comparable'),
  ].flatMap((part) => (part === null ? [] : [`${part}.`]));
  const open = judged
    .filter(({ verdict }) => verdict !== 'inconclusive' && verdict !== 'invalid')
    .flatMap(({ comparisons }) =>
      comparisons.filter((one) => one.verdict === 'inconclusive' || one.verdict === 'invalid'),
    );
  if (open.length > 0) {
    parts.push(`${open.length} further comparison${open.length === 1 ? ' is' : 's are'} undecided.`);
  }
  const untold = control?.untold ?? null;
  if (worse.length === 0 && lost === null) {
    parts.unshift(untold === null ? 'No cell was found to be worse.' : `All cells became worse alike: ${untold}.`);
  }
  if (uneven.length > 0) parts.push(`Trials failed more often on one side in ${uneven.join(', ')}.`);
  if (how === 'apart' && control === null) {
    parts.push('There was no control, so a change in the machine would look like a change in the code.');
  }
  return parts.join(' ');
}

/** Cells that head broke; null without any. */
export function lostHeadline(cells: Change['cells']): string | null {
  const lost = cells.filter(({ lostInHead }) => lostInHead).map(({ id }) => id);
  return lost.length === 0
    ? null
    : `${lost.join(', ')} ${lost.length === 1 ? 'works' : 'work'} in base but not in head`;
}

function share(count: number, of: number): string {
  return `${count} of ${of} cell${of === 1 ? '' : 's'} ${count === 1 ? 'is' : 'are'}`;
}

function counted(count: number, of: number, what: string): string | null {
  return count === 0 ? null : `${share(count, of)} ${what}`;
}

/** The cell and its metrics with this verdict. */
function metricsThat(verdict: ChangeComparison['verdict']): (cell: Change['cells'][number]) => string {
  return ({ id, comparisons }) =>
    `${id} ${comparisons
      .filter((one) => one.verdict === verdict)
      .map(changeInWords)
      .join(' and ')}`;
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
