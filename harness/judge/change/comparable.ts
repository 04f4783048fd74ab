/** Whether cells can be compared by a metric at all, and which of them show what the machine did. */
import { FEWEST_TRIALS } from '../../stats/estimate.ts';
import type { Run } from '../../store/schema.ts';
import { hintFor } from '../bottleneck/hint.ts';
import { isRankable } from '../bottleneck/limited-by.ts';
import { summariseCells } from '../cell/summary.ts';
import { isSameQuantity, runMetric } from '../metrics/derived.ts';
import type { ChangeComparison, ChangeMetric, Pairing } from '../schema/change.ts';
import type { CellPair, CellSide } from './cells.ts';
import type { Control } from './control.ts';
import { type figuresOnce, metricsOf } from './figures.ts';
import type { Yardsticks } from './yardstick.ts';

/** What a comparison of one cell needs to know about all others. */
export interface AllCells {
  readonly pairs: readonly CellPair[];
  readonly control: Control | null;
  /** Whether a control was looked for in runs of two times, and there is none: nothing tells what the machine did. */
  readonly isBlind: boolean;
  /** Those of both runs; why there are none, otherwise. */
  readonly yardsticks: Yardsticks | string;
  readonly pairing: Pairing;
  readonly metrics: readonly ChangeMetric[];
  readonly base: Run;
  readonly head: Run;
  readonly figuresOf: ReturnType<typeof figuresOnce>;
}

export const WHY_FAILED = 'fourways report shows why its trials failed';

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
export function invalidity(
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
    if (failing.length === 0 && empty.some(({ side }) => side.failed > 0)) {
      return { reason: 'no trial counts, because the machine disturbed them', hint: WHY_FAILED };
    }
    const atFault = failing.length === 0 ? empty : failing;
    const why = atFault.map(({ name, side }) => `${name} (${side.own.failed} of its trials failed)`).join(' and ');
    return { reason: `no valid figures in ${why}`, hint: WHY_FAILED };
  }
  const [ofBase, ofHead] = [pair.base, pair.head].map(({ valid }) => valid.map(({ measurement }) => measurement));
  if (!isSameQuantity(metric, ofBase ?? [], ofHead ?? [])) {
    return { reason: `base and head tell their ${runMetric(metric).title} in different ways`, hint: null };
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
