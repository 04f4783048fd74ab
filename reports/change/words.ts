/** A comparison and its cell in words. */
import { signed } from '../../harness/judge/change/verdict.ts';
import { runMetric } from '../../harness/judge/metrics/derived.ts';
import type { Change, ChangeCell, ChangeComparison } from '../../harness/judge/schema/change.ts';
import { MISSING, WIDEST } from '../words/figures.ts';

/** `4 of 8 in head, 0 of 4 in base`. */
export function failText({ trials: { base, head } }: Pick<ChangeCell, 'trials'>): string {
  return `${head.failed} of ${head.count} in head, ${base.failed} of ${base.count} in base`;
}

/** A larger change that cannot be ruled out is as good as nothing known. */
const MOST_SAID = 10;

/** What holds with 95% confidence: `at least 6.9% more`, `at most 1.3% more`, `not more`. */
export function boundText({ metric, ratio, relative, verdict, atMostWorse }: ChangeComparison): string {
  if (ratio === null) return MISSING;
  const { good, words } = runMetric(metric);
  const [bad, fine] = good === 'less' ? [words.more, words.less] : [words.less, words.more];
  // Beside a control no more is shown than by itself, nor than against the control.
  const shown = relative === null ? [ratio] : [ratio, relative];
  const [above, below] = [
    Math.min(...shown.map(({ low }) => low - 1)),
    Math.min(...shown.map(({ high }) => 1 - high)),
  ].map((share) => `at least ${percent(share, Math.floor)}%`);
  if (verdict === 'worse') return `${good === 'less' ? above : below} ${bad}`;
  if (verdict === 'better') return `${good === 'less' ? below : above} ${fine}`;
  if (atMostWorse === null || atMostWorse <= 0) return `not ${bad}`;
  return atMostWorse > MOST_SAID ? 'not known' : `at most ${percent(atMostWorse, Math.ceil)}% ${bad}`;
}

/** Rounded to the side on which it still holds. */
function percent(share: number, round: (value: number) => number): string {
  // What binary fractions leave at the end is no reason to round.
  const value = Number((Math.max(0, share) * 100).toPrecision(9));
  return `${value >= 10 ? round(value) : round(value * 10) / 10}`;
}

/** A ratio as a change in percent, with its interval: `+8.1% (+5.9 to +10.4)`. */
export function changeText(ratio: ChangeComparison['ratio']): string {
  if (ratio === null) return MISSING;
  const isWide = ratio.high > WIDEST * ratio.low;
  const at = (one: number): string => signed(one).replace('-', '−');
  return `${at(ratio.point)}% (${isWide ? 'unsettled' : `${at(ratio.low)} to ${at(ratio.high)}`})`;
}

/** As short as they can be told apart: without the model where all have the same, and without the rate. */
export function cellNames(cells: Change['cells']): (cell: Pick<ChangeCell, 'id' | 'model'>) => string {
  const isOneModel = new Set(cells.map(({ model }) => model)).size === 1;
  return ({ id, model }) => {
    const whole = id.replace(/@[\d.]+(?:\/slo)?$/, '');
    return isOneModel ? whole.replace(`/${model}`, '') : whole;
  };
}
