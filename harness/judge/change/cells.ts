/** The cells of two runs side by side: the trials of each that count, and those that failed. */

import { givenUp } from '../../plan/schedule/remaining.ts';
import type { Cell, Failure, Manifest, Run, ScenarioPlan, Trial } from '../../store/schema.ts';
import { circumstancesOf } from '../bottleneck/causes.ts';
import { labelled } from '../bottleneck/limited-by.ts';
import type { Valid } from '../cell/capacity.ts';
import { trialsOf, validOf } from '../cell/summary.ts';
import type { LimitedBy } from '../schema/capacity.ts';
import type { ChangeCell } from '../schema/change.ts';

/** One cell in one of the runs. */
export interface CellSide {
  readonly cell: Cell;
  readonly plan: ScenarioPlan;
  /** In the order of the rounds; none of a cell that was given up. */
  readonly valid: readonly Valid[];
  /** Those that throughput is taken from: all, except the odd one that something else limited in a cell that the server limited. */
  readonly counted: readonly Valid[];
  /** What limited capacity; null under another load, and without a valid trial. */
  readonly limitedBy: LimitedBy | null;
  /** Failed trials, including those of an `ab` that failed because the other side did. */
  readonly failed: number;
  readonly own: OwnTrials;
}

/** One cell in both runs. */
export interface CellPair {
  readonly id: string;
  readonly base: CellSide;
  readonly head: CellSide;
}

export function scenarioOf({ base }: CellPair): string {
  return base.cell.scenario;
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

/**
 * Cells by id. Those of a search are left out: which rates it tries is chance, and failed requests count in it. So are those with
 * faults, whose trials have no measurement.
 */
function cellsOf({ manifest, additions }: Run): ReadonlyMap<string, Cell> {
  const added = additions
    .filter(({ why }) => why.kind !== 'slo' && why.kind !== 'faults')
    .flatMap(({ cells }) => cells);
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
  const own = trialsOf(trials, cell.id);
  const all = validOf(own);
  const valid = givenUp(cell.id, own, manifest.retries) === null ? all.toSorted((a, b) => a.round - b.round) : [];
  const isCapacity = cell.load.kind === 'capacity';
  const labels =
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
    counted: labels === null ? valid : valid.filter((_, i) => labels.counted[i]),
    limitedBy: labels?.label ?? null,
    failed: own.length - all.length,
    own: ownTrials(cell.id, own, manifest.retries),
  };
}

function planOf(manifest: Manifest, { scenario }: Cell): ScenarioPlan {
  const plan = manifest.scenarios.find(({ id }) => id === scenario);
  if (plan === undefined) throw new RangeError(`no plan of ${scenario}`);
  return plan;
}

/** Trials of one cell in one run, except those that failed because the other side of an `ab` did, or the machine. */
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

/** Failures that say nothing about the version that was measured. */
const FAULTLESS: readonly Failure['kind'][] = [
  'other-side',
  'disturbed',
  'standstill',
  'strangers',
  'calibration',
  'generator',
];

/**
 * Whether the cell works in base but not in head. In an `ab` neither side may have a valid trial then, so which side is at
 * fault follows from the reasons of the failures.
 */
export function isLostInHead({ base, head }: CellPair): boolean {
  if (head.valid.length > 0) return false;
  // Nothing but the other side stood in its way.
  if (head.own.failed === 0 && head.failed > 0) return false;
  return base.valid.length > 0 || (base.own.works && head.own.failed > base.own.failed);
}

export function lostReason({ head }: CellPair): string {
  const { failed, count } = head.own;
  if (head.cell.unable !== null)
    return `works in base but not in head, where it cannot run: ${head.cell.unable.message}`;
  return count === 0
    ? 'measured in base but not in head'
    : `works in base but not in head, where ${failed} of ${count} trials failed`;
}

/** Why the valid trials of a cell may flatter one side: it failed more often. Null when it did not. */
export function unevenFailures({
  trials: { base, head },
  lostInHead,
}: Pick<ChangeCell, 'trials' | 'lostInHead'>): string | null {
  if (lostInHead || base.failed === head.failed || base.failed * head.count === head.failed * base.count) return null;
  const isHead = head.failed * base.count > base.failed * head.count || base.count === 0;
  const [more, less] = isHead ? [head, base] : [base, head];
  const [name, other] = isHead ? ['head', 'base'] : ['base', 'head'];
  return `${more.failed} of ${more.count} trials failed in ${name}, ${less.failed} in ${other}; the remaining trials are not a fair sample`;
}
