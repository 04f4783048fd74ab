/** The cells of two runs side by side, with the trials of each that count. */

import { givenUp } from '../../plan/schedule/remaining.ts';
import type { Cell, Failure, Manifest, Run, ScenarioPlan, Trial } from '../../store/schema.ts';
import { circumstancesOf } from '../bottleneck/causes.ts';
import { labelled } from '../bottleneck/limited-by.ts';
import type { Valid } from '../cell/capacity.ts';
import { validOf } from '../cell/summary.ts';
import type { LimitedBy } from '../schema/capacity.ts';

/** One cell in one of the runs. */
export interface CellSide {
  readonly cell: Cell;
  readonly plan: ScenarioPlan;
  /** In the order of the rounds; none of a cell that was given up. */
  readonly valid: readonly Valid[];
  /** Those of which throughput tells: all, but for the odd one that others limited in a cell that the server limited. */
  readonly counted: readonly Valid[];
  /** What limited capacity; null under another load, and without a valid trial. */
  readonly limitedBy: LimitedBy | null;
  /** Trials, those of an `ab` included that failed because the other side did. */
  readonly failed: number;
  readonly own: OwnTrials;
}

/** One cell in both runs. */
export interface CellPair {
  readonly id: string;
  readonly base: CellSide;
  readonly head: CellSide;
}

export interface SideBySide {
  readonly pairs: readonly CellPair[];
  /** Ids of the cells that only one of them has. */
  readonly onlyIn: { readonly base: readonly string[]; readonly head: readonly string[] };
}

export function sideBySide(base: Run, head: Run): SideBySide {
  const [ofBase, ofHead] = [cellsOf(base), cellsOf(head)];
  const missingFrom = (other: ReadonlyMap<string, Cell>, run: Run, own: ReadonlyMap<string, Cell>): readonly string[] =>
    [...own.keys()].filter((id) => !other.has(id) && !isOfSweep(run, id));
  return {
    pairs: [...ofBase.values()].flatMap((cell): CellPair[] => {
      const other = ofHead.get(cell.id);
      return other === undefined ? [] : [{ id: cell.id, base: sideOf(base, cell), head: sideOf(head, other) }];
    }),
    onlyIn: { base: missingFrom(ofHead, base, ofBase), head: missingFrom(ofBase, head, ofHead) },
  };
}

/**
 * Work units per request in head ÷ those in base: each run calibrates for itself, and then sizes its requests. 1 for
 * work that is not sized.
 */
export function workRatio({ base, head }: CellPair): number {
  if (base.plan.calibration === null || head.plan.calibration === null) return 1;
  return head.plan.iterations / base.plan.iterations;
}

/** Cells by id. Those of a search are left out: which rates it tries is chance, and failed requests count in it. */
function cellsOf({ manifest, additions }: Run): ReadonlyMap<string, Cell> {
  const added = additions.filter(({ why }) => why.kind !== 'slo').flatMap(({ cells }) => cells);
  return new Map([...manifest.cells, ...added].map((cell) => [cell.id, cell]));
}

/** Rates of a sweep follow from what was measured, and nobody expects them in another run. */
function isOfSweep({ manifest, additions }: Run, id: string): boolean {
  if (manifest.cells.some((cell) => cell.id === id)) return false;
  const lists = additions.filter(({ cells }) => cells.some((cell) => cell.id === id));
  return lists.every(({ why }) => why.kind === 'sweep');
}

function sideOf({ manifest, trials }: Run, cell: Cell): CellSide {
  const plan = planOf(manifest, cell);
  const own = trials.filter((trial) => trial.cell === cell.id);
  const all = validOf(own);
  const valid = givenUp(cell.id, own, manifest.retries) === null ? all.toSorted((a, b) => a.round - b.round) : [];
  const isCapacity = cell.load.kind === 'capacity';
  const told =
    isCapacity && valid.length > 0
      ? labelled(
          valid.map(({ measurement }) => measurement),
          circumstancesOf(cell, plan, manifest),
        )
      : null;
  return {
    cell,
    plan,
    valid,
    counted: told === null ? valid : valid.filter((_, i) => told.counted[i]),
    limitedBy: told?.label ?? null,
    failed: own.length - all.length,
    own: ownTrials(cell.id, own, manifest.retries),
  };
}

function planOf(manifest: Manifest, { scenario }: Cell): ScenarioPlan {
  const plan = manifest.scenarios.find(({ id }) => id === scenario);
  if (plan === undefined) throw new RangeError(`no plan of ${scenario}`);
  return plan;
}

/** Trials of one cell in one run, apart from those that failed because the other side of an `ab` did, or that others disturbed. */
export interface OwnTrials {
  /** Valid and failed. */
  readonly count: number;
  readonly failed: number;
  /** Whether the cell would have figures if the other side had never failed. */
  readonly works: boolean;
}

/** `trials` are those of this cell. */
export function ownTrials(cell: string, trials: readonly Trial[], retries: number): OwnTrials {
  const own = trials.filter(({ outcome }) => outcome.status === 'ok' || !FAULTLESS.includes(outcome.reason.kind));
  const failed = own.filter(({ outcome }) => outcome.status === 'failed').length;
  const couldRun = failed < own.length || (failed === 0 && trials.length > 0);
  return { count: own.length, failed, works: couldRun && givenUp(cell, own, retries) === null };
}

/** What says nothing of the version that was measured. */
const FAULTLESS: readonly Failure['kind'][] = ['other-side', 'disturbed'];
