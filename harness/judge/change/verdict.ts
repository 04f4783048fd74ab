/** From the figures of cells in two runs, in one metric, to verdicts. */
import { FEWEST_TRIALS, type Ratio, ratioOf } from '../../stats/estimate.ts';
import { lookAfter } from '../../stats/looks.ts';
import { studentQuantile } from '../../stats/student.ts';
import { gateLocation, judgeAll, type Pair, type Standard, type Word, wordFor } from '../models/verdict.ts';
import type { ChangeComparison } from '../schema/change.ts';
import { percent } from '../words.ts';
import type { FigurePair, TrialFigure } from './figures.ts';
import { changeOf, ratioBetween, type Sides, trialsOf } from './sides.ts';

/** A ratio that tells how much worse head is. */
export interface Telling {
  /** Its interval holds together with those of all other comparisons and looks. */
  readonly ratio: Ratio;
  /** Its interval holds by itself. */
  readonly plain: Ratio;
}

export interface Judged extends Pick<ChangeComparison, 'ratio' | 'relative' | 'verdict' | 'reason' | 'roundsToSettle'> {
  /** By itself, or against a control that the change cannot have moved; both where nobody knows which is right. */
  readonly telling: readonly Telling[];
}

/** One side of it errs in one case of a hundred: gates between equal sides are seldom left open by chance. */
const PLAIN_LEVEL = 0.98;

/** No run has so many looks. */
const MOST_LOOKS = 25;

/** Sides were measured in the same rounds, so whatever a round did to both cancels out, and no control is needed. */
export function judgeTogether(
  cells: readonly FigurePair[],
  standard: Standard,
  good: 'more' | 'less',
): readonly Judged[] {
  const pairs = cells.map(({ base, head }) => pairsOf(base.trials, head.trials));
  return judgeAll(pairs, standard, good).map((judged, i): Judged => {
    const lacking = cells[i]?.head.lacking ?? cells[i]?.base.lacking ?? null;
    const { ratio } = judged;
    if (ratio === null) {
      // More rounds bring no figures where trials have none.
      const open = lacking === null ? {} : { reason: lacking, roundsToSettle: null };
      return { ...judged, ...open, relative: null, telling: [] };
    }
    const own = pairs[i] ?? [];
    const plain = ratioOf(gateLocation(own), PLAIN_LEVEL, own.length);
    return { ...judged, relative: null, telling: [{ ratio, plain }] };
  });
}

function pairsOf(base: readonly TrialFigure[], head: readonly TrialFigure[]): readonly Pair[] {
  const byRound = new Map(head.map(({ round, log }) => [round, log]));
  return base.flatMap(({ round, log }) => {
    const other = byRound.get(round);
    return other === undefined ? [] : [{ round, baseline: Math.exp(log), candidate: Math.exp(other) }];
  });
}

/** A cell in runs of two different times; null where a side has fewer than three trials. */
export interface Apart {
  readonly figures: FigurePair;
  readonly sides: Sides | null;
}

/** head ÷ base. Of all trials merged where the metric has such a figure; then the interval includes it. */
export function ratioApart({ figures: { base, head }, sides }: Apart, level: number): Ratio | null {
  if (sides === null) return null;
  const ratio = ratioBetween(sides, level);
  if (base.merged === null || head.merged === null) return ratio;
  const point = Math.exp(head.merged - base.merged);
  return { ...ratio, point, low: Math.min(ratio.low, point), high: Math.max(ratio.high, point) };
}

/**
 * Two different times without a control, because none was wanted, there is only one cell, or the machine has no part in it: absolute
 * figures decide. `why` there is none.
 */
export function judgeAlone(cell: Apart, standard: Standard, good: 'more' | 'less', why = NONE): Judged {
  const ratio = ratioApart(cell, 1 - standard.error);
  if (ratio === null || cell.sides === null) return tooLittle(cell.figures);
  const word = wordFor(ratio, standard.margin, good);
  const about = { ratio, relative: null, telling: [tellingOf(ratio, cell.sides)] };
  if (word === 'inconclusive') return { ...about, ...open([{ point: ratio.point, sides: cell.sides }], standard) };
  const reason = `${settled(word, standard)}; ${why}`;
  return { ...about, verdict: word, reason, roundsToSettle: null };
}

const NONE = 'there is no control';

/**
 * Two different times. The machine may have changed in between, so a cell is worse, or better, only where it is so both by
 * itself and relative to its control; where only one of them says so, it is inconclusive.
 */
export function judgeBeside(cell: Apart, against: Against, standard: Standard, good: 'more' | 'less'): Judged {
  const level = 1 - standard.error;
  const ratio = ratioApart(cell, level);
  if (ratio === null || cell.sides === null) return tooLittle(cell.figures);
  const ofItself = tellingOf(ratio, cell.sides);
  if (against.sides === null) return { ratio, relative: null, telling: [ofItself], ...NO_CONTROL };
  const relative = ratioBetween(against.sides, level);
  const wordOf = (one: Ratio): Word => wordFor(one, standard.margin, good);
  const own = { point: ratio.point, sides: cell.sides, word: wordOf(ratio) };
  const related = { point: relative.point, sides: against.sides, word: wordOf(relative) };
  const beside = against.isSteady ? [tellingOf(relative, against.sides)] : [];
  const telling = against.isApart ? beside : [ofItself, ...beside];
  return { ratio, relative, telling, ...both(own, related, against.isSteady, standard) };
}

function tellingOf(ratio: Ratio, sides: Sides): Telling {
  return { ratio, plain: ratioBetween(sides, PLAIN_LEVEL) };
}

function tooLittle({ base, head }: FigurePair): Judged {
  const reason = head.lacking ?? base.lacking ?? `fewer than ${FEWEST_TRIALS} valid trials of a side`;
  return { ratio: null, relative: null, verdict: 'inconclusive', reason, roundsToSettle: null, telling: [] };
}

/** The cell relative to its control; null where that has too few trials. */
export interface Against {
  readonly sides: Sides | null;
  /** Whether it cannot have been moved by a change in one of its cells. */
  readonly isSteady: boolean;
  /** Whether the change cannot have touched any of its cells. */
  readonly isApart: boolean;
}

type Outcome = Pick<Judged, 'verdict' | 'reason' | 'roundsToSettle'>;

const NO_CONTROL: Outcome = {
  verdict: 'inconclusive',
  reason: 'the control has too few trials, so a change in the machine cannot be told from a change in the code',
  roundsToSettle: null,
};

/** A ratio that may need more trials. */
interface Known {
  readonly point: number;
  readonly sides: Sides;
}

interface Said extends Known {
  readonly word: Word;
}

function both(own: Said, related: Said, isSteady: boolean, standard: Standard): Outcome {
  if (own.word === 'inconclusive') {
    return open(related.word === 'inconclusive' ? [own, related] : [own], standard);
  }
  const reason = settled(own.word, standard);
  if (own.word === related.word) {
    return { verdict: own.word, reason: `${reason}, also relative to the control`, roundsToSettle: null };
  }
  const machine = `the control changed by ${signed(own.point / related.point)}%`;
  const way = 'fourways ab shows whether it is the code or the machine';
  if (own.word === 'equivalent') {
    // The interval by itself is within the margin; that against the control may be wider without saying otherwise.
    if (related.word === 'inconclusive' || !isSteady) {
      return { verdict: own.word, reason, roundsToSettle: null };
    }
    return { verdict: 'inconclusive', reason: `it stayed the same while ${machine}; ${way}`, roundsToSettle: null };
  }
  return {
    verdict: 'inconclusive',
    reason: `it changed by ${signed(own.point)}%, but ${machine}; ${way}`,
    roundsToSettle: related.word === 'inconclusive' ? trialsToSettle(related, standard) : null,
  };
}

function settled(word: Word, { margin }: Standard): string {
  return `the whole interval is ${word === 'equivalent' ? 'within' : 'beyond'} the margin of ${percent(margin)}`;
}

function open(ratios: readonly Known[], standard: Standard): Outcome {
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
function trialsToSettle({ point, sides }: Known, { margin, error }: Standard): number | null {
  const trials = trialsOf(sides);
  const { standardError, degreesOfFreedom } = changeOf(sides);
  const gap = Math.max(standardError, Math.abs(Math.abs(Math.log(point)) - Math.log(1 + margin)));
  for (let look = 0; look < MOST_LOOKS; look++) {
    const needed = lookAfter(look);
    if (needed <= trials) continue;
    const t = studentQuantile(1 - error / 2, Math.floor(degreesOfFreedom) + needed - trials);
    if (t * standardError * Math.sqrt(trials / needed) < gap) return needed;
  }
  return null;
}

/** A ratio as a change in percent: `+9.8`. */
export function signed(ratio: number): string {
  const change = ((ratio - 1) * 100).toFixed(1).replace(/^-(?=0\.0$)/, '');
  return `${change.startsWith('-') ? '' : '+'}${change}`;
}
