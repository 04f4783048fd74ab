/** All cells of two runs in one metric. They share what is known of the spread. */
import { FEWEST_TRIALS } from '../../stats/estimate.ts';
import { runMetric } from '../metrics/derived.ts';
import { FAMILY_ERROR, type Standard } from '../models/verdict.ts';
import type { ChangeComparison, ChangeMetric } from '../schema/change.ts';
import { type CellPair, isLostInHead, scenarioOf } from './cells.ts';
import { type AllCells, controlsOf, invalidity } from './comparable.ts';
import { besideControls, type Control, isControl, isSteady, noControl } from './control.ts';
import { metricsOf } from './figures.ts';
import { inSameRounds } from './same-rounds.ts';
import { type Sides, sharing, sidesOf } from './sides.ts';
import { type Apart, type Judged, judgeAlone, judgeBeside, judgeTogether, ratioApart } from './verdict.ts';
import { besideYardstick } from './yardstick.ts';

/** What a verdict is, and how to get a better one. */
export type Settled = Judged & Pick<ChangeComparison, 'hint'>;
/** By id of the cell. */
type Family = ReadonlyMap<string, Settled>;
/** Nothing of cells that cannot be compared by the metric. */
export type Families = ReadonlyMap<ChangeMetric, Family>;

/** Cells that are judged by the metric. */
export function judgedBy(metric: ChangeMetric, all: AllCells): readonly CellPair[] {
  return having(metric, all).filter(
    (pair) => !isControl(pair.id, all.control) && invalidity(pair, metric, all) === null,
  );
}

function having(metric: ChangeMetric, { pairs, metrics }: AllCells): readonly CellPair[] {
  return pairs.filter((pair) => metricsOf(pair, metrics).includes(metric) && !isLostInHead(pair));
}

/**
 * What the interval of one comparison may err, by metric, where there are so many comparisons of each: by its weight, and all of them
 * together 5% (Bonferroni with weights; Holm 1979, Scand. J. Stat. 6, 65).
 */
export function errorsOf(judged: readonly ChangeMetric[]): (metric: ChangeMetric) => number {
  const all = judged.reduce((sum, metric) => sum + runMetric(metric).weight, 0);
  return (metric) => (FAMILY_ERROR * runMetric(metric).weight) / Math.max(all, runMetric(metric).weight);
}

export function judgeFamilies(all: AllCells, standardOf: (metric: ChangeMetric) => Standard): Families {
  const judge = all.pairing === 'apart' ? judgeApart : judgeInRounds;
  return new Map(all.metrics.map((metric) => [metric, judge(metric, all, standardOf(metric))]));
}

function judgeInRounds(metric: ChangeMetric, all: AllCells, standard: Standard): Family {
  const cells = judgedBy(metric, all);
  const figures = cells.map((pair) => all.figuresOf(pair, metric));
  const judged = judgeTogether(figures, standard, runMetric(metric).good);
  return new Map(judged.flatMap((one, i) => (cells[i] === undefined ? [] : [[cells[i].id, { hint: null, ...one }]])));
}

/** Runs of two different times. Cells of the control are not judged, and tell of the spread as well. */
function judgeApart(metric: ChangeMetric, all: AllCells, standard: Standard): Family {
  const { control } = all;
  const judged = judgedBy(metric, all);
  const controls = controlsOf(metric, all);
  const apart = apartIn([...new Set([...judged, ...controls])], metric, all);
  const against = againstIn(judged, controls, metric, apart, all);
  const shown = having(metric, all).filter(({ id }) => isControl(id, control));
  const isBlind = all.isBlind && runMetric(metric).machine !== 'apart';
  return new Map([
    ...judged.map((pair, i) => {
      const one = judgeOne(pair, metric, apart(pair), against[i] ?? null, standard);
      return [pair.id, isBlind && one.verdict === 'worse' ? { ...one, ...BLIND } : one] as const;
    }),
    ...shown.map((pair) => {
      const reason = controls.includes(pair) ? PART_OF_CONTROL : NOT_OF_CONTROL;
      const ratio = ratioApart(apart(pair), 1 - standard.error);
      return [pair.id, { ...UNSETTLED, ratio, verdict: 'control', reason }] as const;
    }),
  ]);
}

/** What each of the cells is held against, in their order; null for what is judged by itself. */
function againstIn(
  judged: readonly CellPair[],
  controls: readonly CellPair[],
  metric: ChangeMetric,
  apart: (pair: CellPair) => Apart,
  { control, yardsticks, figuresOf }: AllCells,
): readonly (Against | null)[] {
  if (control === null) return [];
  if (control.kind === 'yardstick') {
    if (typeof yardsticks === 'string' || runMetric(metric).machine === 'apart') return [];
    const members = judged.map((pair) => ({ pair, figures: figuresOf(pair, metric), apart: apart(pair) }));
    return besideYardstick(members, metric, yardsticks).map((sides) => ({ control, sides, cells: 1 }));
  }
  const others = judged.map(({ id }) => controls.filter((one) => one.id !== id));
  const above = sharing(
    judged.map((pair, i) => {
      const beside = (others[i] ?? []).map((one) => figuresOf(one, metric));
      return besideControls(figuresOf(pair, metric), beside, control.kind);
    }),
    judged.map(scenarioOf),
  );
  return judged.map((_, i) => ({ control, sides: above[i] ?? null, cells: others[i]?.length ?? 0 }));
}

/** Sides of cells, those of members with what all of them know; latencies of runs that had the same requests in each round by those. */
function apartIn(members: readonly CellPair[], metric: ChangeMetric, all: AllCells): (pair: CellPair) => Apart {
  const { figuresOf } = all;
  const plain = sharing(
    members.map((pair) => sidesOf(figuresOf(pair, metric))),
    members.map(scenarioOf),
  );
  const shared = runMetric(metric).machine === 'queue' ? inSameRounds(members, plain, metric, all) : plain;
  return (pair) => {
    const figures = figuresOf(pair, metric);
    return { figures, sides: members.includes(pair) ? (shared[members.indexOf(pair)] ?? null) : sidesOf(figures) };
  };
}

interface Against {
  readonly control: Control;
  /** Of the control, apart from the cell itself. */
  readonly cells: number;
  readonly sides: Sides | null;
}

function judgeOne(
  pair: CellPair,
  metric: ChangeMetric,
  cell: Apart,
  against: Against | null,
  standard: Standard,
): Settled {
  const { good } = runMetric(metric);
  if (against === null) return withHint(pair, metric, judgeAlone(cell, standard, good, whyAlone(metric)));
  const { control, cells, sides } = against;
  if (cells === 0) {
    const { ratio, telling } = judgeAlone(cell, standard, good);
    return { ...UNSETTLED, ratio, telling, verdict: 'inconclusive', ...noControl(pair.id, metric, control) };
  }
  const beside = { sides, isSteady: isSteady(control.kind, cells), isApart: control.kind !== 'others' };
  return withHint(pair, metric, judgeBeside(cell, beside, standard, good));
}

function whyAlone(metric: ChangeMetric): string | undefined {
  const { machine, title } = runMetric(metric);
  return machine === 'apart' ? `${title} does not depend on the speed of the machine` : undefined;
}

/** What is worse where nothing tells what the machine did. */
const BLIND = {
  verdict: 'inconclusive',
  reason:
    'the whole interval is beyond the margin, and a change in the machine cannot be told from a change in the code',
} as const;
const UNSETTLED = { relative: null, hint: null, roundsToSettle: null, telling: [] };
const PART_OF_CONTROL = 'part of the control: it shows what the machine did';
const NOT_OF_CONTROL = 'part of the control, but this metric does not show what the machine did';

function withHint(pair: CellPair, metric: ChangeMetric, judged: Judged): Settled {
  const isShort = judged.verdict === 'inconclusive' && judged.ratio === null;
  return { hint: isShort ? moreTrials(pair, metric) : null, ...judged };
}

function moreTrials({ base, head }: CellPair, metric: ChangeMetric): string | null {
  if (Math.min(base.valid.length, head.valid.length) < FEWEST_TRIALS) return 'measure with --rounds 5 or more';
  return runMetric(metric).figure.kind === 'trial' ? null : 'give a longer --duration';
}
