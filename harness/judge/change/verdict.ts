/** From the figures of one cell and metric in two runs to a verdict. */
import { FEWEST_TRIALS, type Ratio, unpairedRatio } from '../../stats/estimate.ts';
import { lookAfter } from '../../stats/looks.ts';
import { studentQuantile } from '../../stats/student.ts';
import { type Judgement, judge, type Pair, type Standard, type Word, wordFor } from '../models/verdict.ts';
import type { ChangeComparison } from '../schema/change.ts';
import { percent } from '../words.ts';
import type { FigurePair, TrialFigure } from './figures.ts';

type Judged = Pick<ChangeComparison, 'ratio' | 'relative' | 'verdict' | 'reason' | 'roundsToSettle'>;

/** No run has so many looks. */
const MOST_LOOKS = 25;

/** Both were measured in the same rounds, so whatever a round did to both cancels out, and no control is needed. */
export function judgeTogether({ base, head }: FigurePair, standard: Standard, good: 'more' | 'less'): Judged {
  const judged: Judgement = judge(pairsOf(base.trials, head.trials), standard, good);
  const lacking = head.lacking ?? base.lacking;
  const reason = judged.ratio === null && lacking !== null ? lacking : judged.reason;
  return { ...judged, reason, relative: null };
}

function pairsOf(base: readonly TrialFigure[], head: readonly TrialFigure[]): readonly Pair[] {
  const byRound = new Map(head.map(({ round, log }) => [round, log]));
  return base.flatMap(({ round, log }) => {
    const other = byRound.get(round);
    return other === undefined ? [] : [{ round, baseline: Math.exp(log), candidate: Math.exp(other) }];
  });
}

/** head ÷ base of runs of two different times. Of all trials merged where the metric has such a figure; then the interval includes it. */
export function ratioApart({ base, head }: FigurePair, level: number): Ratio | null {
  const values = (trials: readonly TrialFigure[]): number[] => trials.map(({ log }) => Math.exp(log));
  const ratio = unpairedRatio(values(base.trials), values(head.trials), level);
  if (ratio === null || base.merged === null || head.merged === null) return ratio;
  const point = Math.exp(head.merged - base.merged);
  return { ...ratio, point, low: Math.min(ratio.low, point), high: Math.max(ratio.high, point) };
}

/** Two different times without a control, because none was wanted or there is only one cell: absolute figures decide. */
export function judgeAlone(figures: FigurePair, standard: Standard, good: 'more' | 'less'): Judged {
  const ratio = ratioApart(figures, 1 - standard.error);
  if (ratio === null) return tooLittle(figures);
  const word = wordFor(ratio, standard.margin, good);
  if (word === 'inconclusive') return { ratio, relative: null, ...open([ratio], standard) };
  const reason = `${settled(word, standard)}; there is no control`;
  return { ratio, relative: null, verdict: word, reason, roundsToSettle: null };
}

/**
 * Two different times. The machine may have changed in between, so a cell is worse, or better, only where it is so both by
 * itself and relative to its control; where only one of them says so, it is inconclusive.
 */
export function judgeBeside(figures: FigurePair, against: Against, standard: Standard, good: 'more' | 'less'): Judged {
  const ratio = ratioApart(figures, 1 - standard.error);
  if (ratio === null) return tooLittle(figures);
  const word = wordFor(ratio, standard.margin, good);
  return { ratio, relative: against.ratio, ...both({ ratio, word }, against, standard, good) };
}

function tooLittle({ base, head }: FigurePair): Judged {
  const reason = head.lacking ?? base.lacking ?? `fewer than ${FEWEST_TRIALS} valid trials of a side`;
  return { ratio: null, relative: null, verdict: 'inconclusive', reason, roundsToSettle: null };
}

/** The ratio relative to the control. */
export interface Against {
  readonly ratio: Ratio | null;
  /** Whether it cannot have been moved by a change in one of its cells. */
  readonly isSteady: boolean;
}

type Outcome = Pick<Judged, 'verdict' | 'reason' | 'roundsToSettle'>;

function both(
  own: { readonly ratio: Ratio; readonly word: Word },
  against: Against,
  standard: Standard,
  good: 'more' | 'less',
): Outcome {
  if (against.ratio === null) {
    const reason =
      'the control has too few trials, so a change in the machine cannot be told from a change in the code';
    return { verdict: 'inconclusive', reason, roundsToSettle: null };
  }
  const related = { ratio: against.ratio, word: wordFor(against.ratio, standard.margin, good) };
  if (own.word === 'inconclusive') {
    return open(related.word === 'inconclusive' ? [own.ratio, related.ratio] : [own.ratio], standard);
  }
  const reason = settled(own.word, standard);
  if (own.word === related.word) {
    return { verdict: own.word, reason: `${reason}, also relative to the control`, roundsToSettle: null };
  }
  const machine = `the control changed by ${signed(own.ratio.point / related.ratio.point)}%`;
  const way = 'fourways ab shows whether it is the code or the machine';
  if (own.word === 'equivalent') {
    // The interval by itself is within the margin; that against the control may be wider without saying otherwise.
    if (related.word === 'inconclusive' || !against.isSteady) {
      return { verdict: own.word, reason, roundsToSettle: null };
    }
    return { verdict: 'inconclusive', reason: `it stayed the same while ${machine}; ${way}`, roundsToSettle: null };
  }
  return {
    verdict: 'inconclusive',
    reason: `it changed by ${signed(own.ratio.point)}%, but ${machine}; ${way}`,
    roundsToSettle: related.word === 'inconclusive' ? trialsToSettle(related.ratio, standard) : null,
  };
}

function settled(word: Word, { margin }: Standard): string {
  return `the whole interval is ${word === 'equivalent' ? 'within' : 'beyond'} the margin of ${percent(margin)}`;
}

function open(ratios: readonly Ratio[], standard: Standard): Outcome {
  const needed = ratios.map((ratio) => trialsToSettle(ratio, standard));
  const most = needed.every((trials) => trials !== null) ? Math.max(...needed.map((trials) => trials ?? 0)) : null;
  const more = most === null ? 'more trials would not settle it' : `about ${most} trials of each side would settle it`;
  const reason = `the interval crosses the margin of ${percent(standard.margin)}; ${more}`;
  return { verdict: 'inconclusive', reason, roundsToSettle: most };
}

/**
 * Trials of each side after which the interval would lie on one side of the margin, if the ratio and the spread of the
 * trials stay what they seem to be. The ratio is taken to be its standard error away from the margin at least, as in
 * `judge`. Null when no run has so many.
 */
function trialsToSettle({ point, low, high, level, trials }: Ratio, { margin }: Standard): number | null {
  const t = (count: number): number => studentQuantile((1 + level) / 2, 2 * (count - 1));
  const standardError = Math.log(high / low) / 2 / t(trials);
  const spread = standardError * Math.sqrt(trials);
  const gap = Math.max(standardError, Math.abs(Math.abs(Math.log(point)) - Math.log(1 + margin)));
  for (let look = 0; look < MOST_LOOKS; look++) {
    const needed = lookAfter(look);
    if (needed > trials && (t(needed) * spread) / Math.sqrt(needed) < gap) return needed;
  }
  return null;
}

/** A ratio as a change in percent: `+9.8`. */
export function signed(ratio: number): string {
  const change = ((ratio - 1) * 100).toFixed(1).replace(/^-(?=0\.0$)/, '');
  return `${change.startsWith('-') ? '' : '+'}${change}`;
}
