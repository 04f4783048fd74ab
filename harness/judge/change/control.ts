/** What tells a change in the code from one in the machine: cells of the same runs that the change cannot have touched. */
import { UserError } from '../../errors.ts';
import { didYouMean } from '../../plan/options/values.ts';
import { YARDSTICK } from '../../plan/schedule/yardstick.ts';
import { difference, FEWEST_TRIALS, type Ratio } from '../../stats/estimate.ts';
import type { Location } from '../../stats/location.ts';
import type { Located } from '../../stats/moderated.ts';
import { mean, median } from '../../stats/spread.ts';
import { runMetric } from '../metrics/derived.ts';
import type { ChangeComparison, ChangeControl, ChangeMetric } from '../schema/change.ts';
import type { CellPair } from './cells.ts';
import type { FigurePair, Figures } from './figures.ts';
import { locatedFrom, ratioBetween, type Sides } from './sides.ts';

export type ControlAsked = 'auto' | 'none' | readonly string[];

/** Which cells are the control. */
export interface Control {
  readonly kind: ChangeControl['kind'];
  readonly cells: ReadonlySet<string>;
}

/**
 * By default the yardstick, where both runs have it. Of runs that do not, built-in scenarios beside files of a user: the change is in
 * the files. Otherwise each cell has all others as its control, because few of them change at a time. Null without any. Throws
 * UserError.
 */
export function controlFor(pairs: readonly CellPair[], asked: ControlAsked, hasYardstick: boolean): Control | null {
  if (asked === 'none') return null;
  if (asked !== 'auto') return { kind: 'named', cells: named(pairs, asked) };
  if (hasYardstick) return { kind: 'yardstick', cells: new Set([YARDSTICK]) };
  const builtIn = pairs.filter((pair) => isBuiltIn(pair));
  if (builtIn.length > 0 && builtIn.length < pairs.length) return { kind: 'built-in', cells: idsOf(builtIn) };
  return pairs.length < 2 ? null : { kind: 'others', cells: idsOf(pairs) };
}

/** Whether a cell is there for others to be judged against, and not judged itself. */
export function isControl(id: string, control: Control | null): boolean {
  return control !== null && control.kind !== 'others' && control.cells.has(id);
}

function isBuiltIn({ base, head }: CellPair): boolean {
  return base.plan.source.kind === 'built-in' && head.plan.source.kind === 'built-in';
}

/** A cell of capacity stands for the cells beside it that are offered rates. */
function named(pairs: readonly CellPair[], asked: readonly string[]): ReadonlySet<string> {
  const known = pairs.map(({ id }) => id);
  const unknown = asked.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    throw new UserError(`--control ${unknown}: both runs have no such cell.${didYouMean(unknown, known)}`);
  }
  const cells = new Set(known.filter((id) => asked.some((one) => id === one || id.startsWith(`${one}@`))));
  if (cells.size === known.length) {
    throw new UserError('--control names every cell that both runs have; leave at least one to be judged');
  }
  return cells;
}

function idsOf(pairs: readonly CellPair[]): ReadonlySet<string> {
  return new Set(pairs.map(({ id }) => id));
}

/** Why a cell is not judged when no cell of the control has the metric, and what to measure. */
export function noControl(
  id: string,
  metric: ChangeMetric,
  { kind, cells }: Control,
): Pick<ChangeComparison, 'reason' | 'hint'> {
  const { title, runs } = runMetric(metric);
  const others = [...cells].filter((cell) => cell !== id);
  const who = kind === 'others' ? 'no other cell' : `no cell of the control (${others.join(', ')})`;
  const reason = `${who} has a ${title} that shows what the machine did, so a change in the machine cannot be told from a change in the code`;
  return { reason, hint: runs === 'rate' ? 'measure a control at a --rate as well' : BUSY_CONTROL };
}

const BUSY_CONTROL = 'measure a control that keeps the CPU busy, such as -s ./mine.js,cpu:ms=1';

/** From this many other cells on, one of them that changed does not move the control. */
const MANY = 3;

/**
 * Cells that may have changed themselves are put together by their median, of which less than half may do so; those that
 * surely have not, by their mean.
 */
function together(kind: Control['kind']): (logs: readonly number[]) => number {
  return kind === 'others' ? median : mean;
}

/** Whether one change in a cell of the control could not have moved it as a whole. */
export function isSteady(kind: Control['kind'], cells: number): boolean {
  return kind !== 'others' || cells >= MANY;
}

/**
 * (cell ÷ control) on either side, on the log scale: by round, so that what a round does to all alike cancels out. Null with
 * fewer than three trials of any of them.
 */
export function besideControls(own: FigurePair, controls: readonly FigurePair[], kind: Control['kind']): Sides | null {
  const all = [own, ...controls].flatMap(({ base, head }) => [base, head]);
  if (controls.length === 0 || all.some(({ trials }) => trials.length < FEWEST_TRIALS)) return null;
  // From its own level in base: cells differ by far more than they change, and a median of levels would be that of one cell.
  const above = (side: 'base' | 'head'): Located =>
    aboveControls(
      own[side],
      controls.map((pair) => from(pair[side], pair.level)),
      together(kind),
    );
  return { base: above('base'), head: above('head') };
}

/** head ÷ base of the control itself. */
export function movedRatio(controls: readonly FigurePair[], kind: Control['kind'], level: number): Ratio | null {
  const still = ({ trials }: Figures): Figures => ({
    trials: trials.map(({ round }) => ({ round, log: 0 })),
    merged: null,
    lacking: null,
  });
  const [first] = controls;
  if (first === undefined) return null;
  const sides = besideControls({ level: 0, base: still(first.base), head: still(first.head) }, controls, kind);
  if (sides === null) return null;
  // The control stands below the line there, so it is turned over.
  const { point, low, high, ...rest } = ratioBetween(sides, level);
  return { ...rest, point: 1 / point, low: 1 / high, high: 1 / low };
}

/** Cells that were settled early are missing from later rounds; with fewer rounds in common than this, much would be lost. */
const FEWEST_IN_COMMON = 3 / 4;

/** How far the cell lies above its control: by round where most of its rounds have all of them, else on the whole. */
function aboveControls(
  own: Figures,
  controls: readonly Figures[],
  combined: (logs: readonly number[]) => number,
): Located {
  const byRound = controls.map(({ trials }) => new Map(trials.map(({ round, log }) => [round, log])));
  const within = own.trials.flatMap(({ round, log }) => {
    const logs = byRound.flatMap((logOf) => logOf.get(round) ?? []);
    return logs.length < controls.length ? [] : [log - combined(logs)];
  });
  if (within.length >= Math.max(FEWEST_TRIALS, FEWEST_IN_COMMON * own.trials.length)) {
    return locatedFrom(within);
  }
  const control = pooled(
    controls.map((one) => locatedFrom(logsOf(one))),
    combined,
  );
  return { ...difference(locatedFrom(logsOf(own)), control), rounds: own.trials.length };
}

/**
 * Where several cells lie over all of their trials. What disturbs a round may do so to all of them alike, so the error is
 * taken to be no smaller than that of one cell; how large that is, all of them tell (degrees of freedom of Satterthwaite
 * 1946).
 */
function pooled(cells: readonly Location[], combined: (logs: readonly number[]) => number): Location {
  const variances = cells.map(({ standardError }) => standardError ** 2);
  const total = variances.reduce((sum, one) => sum + one, 0);
  const spread = cells.reduce(
    (sum, { standardError, degreesOfFreedom }) => sum + standardError ** 4 / degreesOfFreedom,
    0,
  );
  const fewest = Math.min(...cells.map(({ degreesOfFreedom }) => degreesOfFreedom));
  return {
    point: combined(cells.map(({ point }) => point)),
    standardError: Math.sqrt(total / cells.length),
    degreesOfFreedom: spread === 0 ? fewest : total ** 2 / spread,
    outlying: [],
  };
}

function from({ trials, ...rest }: Figures, level: number): Figures {
  return { ...rest, trials: trials.map(({ round, log }) => ({ round, log: log - level })) };
}

function logsOf({ trials }: Figures): number[] {
  return trials.map(({ log }) => log);
}
