/** One cell in two runs, by each metric. */
import { FEWEST_TRIALS } from '../../stats/estimate.ts';
import type { Run } from '../../store/schema.ts';
import { hintFor } from '../bottleneck/hint.ts';
import { isRankable } from '../bottleneck/limited-by.ts';
import { summariseCells } from '../cell/summary.ts';
import { runMetric } from '../metrics/derived.ts';
import type { Standard } from '../models/verdict.ts';
import type { ChangeCell, ChangeComparison, ChangeMetric, ChangeVerdict, Pairing } from '../schema/change.ts';
import { type CellPair, type CellSide, isLostInHead, lostReason } from './cells.ts';
import { type Control, isControl, isSteady, noControl, relativeRatio } from './control.ts';
import { type figuresOnce, metricsOf } from './figures.ts';
import { judgeAlone, judgeBeside, judgeTogether, ratioApart } from './verdict.ts';

/** What a comparison of one cell needs to know about all others. */
export interface AllCells {
  readonly pairs: readonly CellPair[];
  readonly control: Control | null;
  readonly standard: Standard;
  readonly pairing: Pairing;
  readonly metrics: readonly ChangeMetric[];
  readonly base: Run;
  readonly head: Run;
  readonly figuresOf: ReturnType<typeof figuresOnce>;
}

export function compareCell(pair: CellPair, all: AllCells): ChangeCell {
  const comparisons = metricsOf(pair, all.metrics).map((metric) => compare(pair, metric, all));
  const { scenario, model } = pair.head.cell;
  const trials = { base: countsOf(pair.base), head: countsOf(pair.head) };
  const lostInHead = isLostInHead(pair);
  return { id: pair.id, scenario, model, verdict: verdictOf(comparisons), lostInHead, trials, comparisons };
}

function countsOf({ own: { count, failed } }: CellSide): ChangeCell['trials']['base'] {
  return { count, failed };
}

/** The verdict of a cell is the first of these that any of its metrics has. */
const BY_WEIGHT: readonly ChangeVerdict[] = ['control', 'worse', 'better', 'inconclusive', 'equivalent', 'invalid'];

function verdictOf(comparisons: readonly ChangeComparison[]): ChangeVerdict {
  return BY_WEIGHT.find((word) => comparisons.some(({ verdict }) => verdict === word)) ?? 'invalid';
}

function compare(pair: CellPair, metric: ChangeMetric, all: AllCells): ChangeComparison {
  const { control, standard, pairing, figuresOf } = all;
  const figures = figuresOf(pair, metric);
  const nothing = { metric, ratio: null, relative: null, hint: null, roundsToSettle: null };
  if (isLostInHead(pair)) return { ...nothing, verdict: 'invalid', reason: lostReason(pair), hint: WHY_FAILED };
  if (isControl(pair.id, control)) {
    const ratio = ratioApart(figures, 1 - standard.error);
    const isPart = controlsOf(metric, all).some(({ id }) => id === pair.id);
    return { ...nothing, ratio, verdict: 'control', reason: isPart ? PART_OF_CONTROL : NOT_OF_CONTROL };
  }
  const invalid = invalidity(pair, metric, all);
  if (invalid !== null) return { ...nothing, verdict: 'invalid', ...invalid };
  const { good } = runMetric(metric);
  if (pairing !== 'apart') return { metric, hint: null, ...judgeTogether(figures, standard, good) };
  if (control === null) return withHint(pair, metric, judgeAlone(figures, standard, good));
  const beside = controlsOf(metric, all).filter(({ id }) => id !== pair.id);
  if (beside.length === 0) {
    const ratio = ratioApart(figures, 1 - standard.error);
    return { ...nothing, ratio, verdict: 'inconclusive', ...noControl(pair.id, metric, control) };
  }
  const others = beside.map((one) => figuresOf(one, metric));
  const relative = relativeRatio(figures, others, control.kind, 1 - standard.error);
  const against = { ratio: relative, isSteady: isSteady(control.kind, beside.length) };
  return withHint(pair, metric, judgeBeside(figures, against, standard, good));
}

function withHint(
  pair: CellPair,
  metric: ChangeMetric,
  judged: Omit<ChangeComparison, 'metric' | 'hint'>,
): ChangeComparison {
  const isShort = judged.verdict === 'inconclusive' && judged.ratio === null;
  return { metric, hint: isShort ? moreTrials(pair, metric) : null, ...judged };
}

const PART_OF_CONTROL = 'part of the control: it shows what the machine did';
const NOT_OF_CONTROL = 'part of the control, but this metric does not show what the machine did';
const WHY_FAILED = 'fourways report shows why its trials failed';

/** Cells of the control that have this metric, and in which it depends on the server. */
export function controlsOf(metric: ChangeMetric, all: AllCells): readonly CellPair[] {
  const { pairs, control, metrics } = all;
  return pairs.filter(
    (pair) =>
      control?.cells.has(pair.id) === true &&
      metricsOf(pair, metrics).includes(metric) &&
      [pair.base, pair.head].every(
        (side) =>
          side.valid.length >= FEWEST_TRIALS && (runMetric(metric).atLimit !== true || isServerLimited(side, all)),
      ),
  );
}

/** Why the metric cannot be compared, and what to change; null when it can. */
function invalidity(
  pair: CellPair,
  metric: ChangeMetric,
  all: AllCells,
): Pick<ChangeComparison, 'reason' | 'hint'> | null {
  const sides = [
    { name: 'base', side: pair.base, run: all.base },
    { name: 'head', side: pair.head, run: all.head },
  ];
  const empty = sides.filter(({ side }) => side.valid.length === 0);
  if (empty.length > 0) {
    // In an `ab` the side that failed leaves the other one without figures as well.
    const failing = empty.filter(({ side }) => side.own.failed > 0);
    const atFault = failing.length === 0 ? empty : failing;
    const why = atFault.map(({ name, side }) => `${name} (${side.own.failed} of its trials failed)`).join(' and ');
    return { reason: `no valid figures in ${why}`, hint: WHY_FAILED };
  }
  if (runMetric(metric).atLimit !== true) return null;
  const held = sides.filter(({ side }) => !isServerLimited(side, all));
  if (held.length === 0) return null;
  const reasons = new Set(held.map(({ side }) => heldBack(side)));
  const [name = ''] = held.map((one) => one.name);
  const where = held.length === 2 ? 'base and head' : name;
  const reason =
    reasons.size === 1
      ? `in ${where} ${[...reasons].join('')}`
      : held.map((one) => `in ${one.name} ${heldBack(one.side)}`).join(', ');
  const [hint = null] = held.map(({ side, run }) => hintOf(side, run)).filter((text) => text !== null);
  return { reason, hint };
}

/**
 * Whether throughput shows what the server can do. In a duet whose servers have CPUs apart from the generators, both servers
 * together use those fully by design, and the throughput of each is what it makes of its half. Where generators share the
 * CPUs, they may have taken any part of them.
 */
function isServerLimited({ cell, limitedBy }: CellSide, { pairing }: AllCells): boolean {
  if (limitedBy === null) return false;
  const isPlaced = cell.placement.kind === 'isolated';
  return isRankable(limitedBy) || (pairing === 'duet' && isPlaced && limitedBy.by === 'machine');
}

function heldBack({ limitedBy }: CellSide): string {
  const by = limitedBy?.by ?? 'unclear';
  return by === 'unclear' ? 'no bottleneck was found' : `it was limited by the ${by}`;
}

function hintOf({ cell, plan }: CellSide, run: Run): string | null {
  const cells = summariseCells(run, plan);
  const own = cells.find((one) => one.id === cell.id);
  return own === undefined ? null : hintFor(own, cells, run.manifest.environment.availableCpus);
}

function moreTrials({ base, head }: CellPair, metric: ChangeMetric): string | null {
  if (Math.min(base.valid.length, head.valid.length) < FEWEST_TRIALS) return 'measure with --rounds 5 or more';
  return runMetric(metric).figure.kind === 'percentile' ? 'give a longer --duration' : null;
}
