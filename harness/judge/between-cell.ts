/** One cell in two runs, by each metric. */
import { FEWEST_TRIALS } from '../stats/estimate.ts';
import type { Run } from '../store/schema.ts';
import type { AllCells } from './between.ts';
import type { CellPair, CellSide } from './between-cells.ts';
import { isControl, isSteady, relativeRatio } from './between-control.ts';
import { goodOf, metricsOf } from './between-figures.ts';
import type { BetweenCell, BetweenComparison, BetweenMetric, BetweenVerdict, Pairing } from './between-schema.ts';
import { judgeApart, judgeTogether, ratioApart } from './between-verdict.ts';
import { summariseCell } from './cell-summary.ts';
import { hintFor } from './hint.ts';
import { isRankable } from './limited-by.ts';

export function compareCell(pair: CellPair, all: AllCells): BetweenCell {
  const comparisons = metricsOf(pair, all.metrics).map((metric) => compare(pair, metric, all));
  const { scenario, model } = pair.head.cell;
  const lostInHead = pair.base.valid.length > 0 && pair.head.valid.length === 0;
  return { id: pair.id, scenario, model, verdict: verdictOf(comparisons), lostInHead, comparisons };
}

/** What a cell comes to, from the most that is to be said of it. */
const BY_WEIGHT: readonly BetweenVerdict[] = ['control', 'worse', 'better', 'inconclusive', 'equivalent', 'invalid'];

function verdictOf(comparisons: readonly BetweenComparison[]): BetweenVerdict {
  return BY_WEIGHT.find((word) => comparisons.some(({ verdict }) => verdict === word)) ?? 'invalid';
}

function compare(pair: CellPair, metric: BetweenMetric, all: AllCells): BetweenComparison {
  const { control, standard, pairing, figuresOf } = all;
  const figures = figuresOf(pair, metric);
  const nothing = { metric, ratio: null, relative: null, hint: null, roundsToSettle: null };
  if (isControl(pair.id, control)) {
    const ratio = ratioApart(figures, 1 - standard.error);
    return { ...nothing, ratio, verdict: 'control', reason: 'part of the control: it shows what the machine did' };
  }
  const invalid = invalidity(pair, metric, all);
  if (invalid !== null) return { ...nothing, verdict: 'invalid', ...invalid };
  const good = goodOf(metric);
  if (pairing !== 'apart') return { metric, hint: null, ...judgeTogether(figures, standard, good) };
  const beside = controlsOf(metric, all)
    .filter(({ id }) => id !== pair.id)
    .map((one) => figuresOf(one, metric));
  const kind = control?.kind ?? 'named';
  const relative = relativeRatio(figures, beside, kind, 1 - standard.error);
  const against = beside.length === 0 ? null : { ratio: relative, isSteady: isSteady(kind, beside.length) };
  const judged = judgeApart(figures, against, standard, good);
  const hint = judged.verdict === 'inconclusive' && judged.ratio === null ? moreTrials(pair, metric) : null;
  return { metric, hint, ...judged };
}

/** Cells of the control that have this metric, in which it tells of the server. */
export function controlsOf(metric: BetweenMetric, { pairs, control, metrics, pairing }: AllCells): readonly CellPair[] {
  return pairs.filter(
    (pair) =>
      control?.cells.has(pair.id) === true &&
      metricsOf(pair, metrics).includes(metric) &&
      [pair.base, pair.head].every(
        (side) => side.valid.length >= FEWEST_TRIALS && (metric !== 'throughput' || isServers(side, pairing)),
      ),
  );
}

/** Why nothing may be said of it, and what to change; null when something may. */
function invalidity(
  pair: CellPair,
  metric: BetweenMetric,
  { pairing, base, head }: AllCells,
): Pick<BetweenComparison, 'reason' | 'hint'> | null {
  const sides = [
    { name: 'base', side: pair.base, run: base },
    { name: 'head', side: pair.head, run: head },
  ];
  const empty = sides.filter(({ side }) => side.valid.length === 0);
  if (empty.length > 0) {
    const why = empty.map(({ name, side }) => `${name} (${side.failed} of its trials failed)`).join(' and ');
    return { reason: `no valid figures in ${why}`, hint: 'read why its trials failed with fourways report' };
  }
  if (metric !== 'throughput') return null;
  const held = sides.filter(({ side }) => !isServers(side, pairing));
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
 * Whether throughput says what the server can do. In a duet the CPUs are fully used by both sides together, by design, and
 * what one of them gets is what it makes of its half.
 */
function isServers({ limitedBy }: CellSide, pairing: Pairing): boolean {
  return limitedBy !== null && (isRankable(limitedBy) || (pairing === 'duet' && limitedBy.by === 'machine'));
}

function heldBack({ limitedBy }: CellSide): string {
  const by = limitedBy?.by ?? 'unclear';
  return by === 'unclear' ? 'it is unclear what limited it' : `it was limited by the ${by}`;
}

function hintOf({ cell, plan }: CellSide, { manifest, trials }: Run): string | null {
  const cells = manifest.cells
    .filter(({ scenario }) => scenario === cell.scenario)
    .map((one) =>
      summariseCell(
        one,
        trials.filter((trial) => trial.cell === one.id),
        plan,
        manifest,
      ),
    );
  const own = cells.find((one) => one.id === cell.id);
  return own === undefined ? null : hintFor(own, cells, manifest.environment.availableCpus, manifest.placement);
}

function moreTrials({ base, head }: CellPair, metric: BetweenMetric): string | null {
  if (Math.min(base.valid.length, head.valid.length) < FEWEST_TRIALS) return 'measure with --rounds 5 or more';
  return metric === 'latency-p99' || metric === 'latency-p50' ? 'give a longer --duration' : null;
}
