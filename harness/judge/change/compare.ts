/** Two runs, cell by cell: did the change between them make anything slower? A pure function of both. */

import { UserError } from '../../errors.ts';
import { FEWEST_TRIALS, type Ratio } from '../../stats/estimate.ts';
import { type Manifest, type Run, SCHEMA_VERSION } from '../../store/schema.ts';
import { RUN_METRICS, runMetric } from '../metrics/derived.ts';
import { type Standard, wordFor } from '../models/verdict.ts';
import type { Change, ChangeComparison, ChangeMetric, Pairing } from '../schema/change.ts';
import { compareCell } from './cell.ts';
import { type CellPair, sideBySide, unevenFailures } from './cells.ts';
import { type AllCells, controlsOf } from './comparable.ts';
import { type ControlAsked, controlFor, movedRatio } from './control.ts';
import { differencesOf, workNotes } from './differences.ts';
import { errorsOf, judgedBy, judgeFamilies } from './family.ts';
import { figuresOnce } from './figures.ts';
import { type Limits, marginOf, outcomeOf } from './gate.ts';
import { changeLine } from './sentence.ts';
import { yardstickRatio, yardsticksOf } from './yardstick.ts';

export interface HowToCompare extends Limits {
  /** `rounds` and `duet` are two sides that were measured together, round by round. */
  readonly pairing: Pairing;
  /** `again` when measuring went on until enough was known, `last` when there was no time for more. */
  readonly looks: Standard['looks'];
  /** Ids of cells, or how they are found. Used only for runs of two different times. */
  readonly control: ControlAsked;
  /** Comparisons that follow when more has been measured: they share the error that is allowed. */
  readonly toCome?: readonly ChangeMetric[];
  /** Only these; all of them when left out. */
  readonly metrics?: readonly ChangeMetric[];
  /** How each run is named in reports. */
  readonly labels: { readonly base: string; readonly head: string };
}

/** Throws a UserError when there is nothing to be compared. Differences between the runs are listed, and not judged here. */
export function compareRuns(base: Run, head: Run, how: HowToCompare): Change {
  refuseEmpty(base, how.labels.base);
  refuseEmpty(head, how.labels.head);
  refuseTooLittle(sideBySide(base, head).pairs, base, head);
  return judgeRuns(base, head, how);
}

/** The same of runs that need not have anything to be compared, which then are `broken`. */
export function judgeRuns(base: Run, head: Run, how: HowToCompare): Change {
  const { margin, failAbove, pairing, labels, toCome = [], metrics = RUN_METRICS.map(({ name }) => name) } = how;
  const both = sideBySide(base, head);
  const { pairs, onlyIn } = both;
  const yardsticks = yardsticksOf(base, head);
  const against = pairing === 'apart' ? controlFor(pairs, how.control, typeof yardsticks !== 'string') : null;
  const isBlind = pairing === 'apart' && against === null && how.control === 'auto';
  const common = { pairs, yardsticks, pairing, metrics, base, head, figuresOf: figuresOnce() };
  const all: AllCells = { ...common, control: against, isBlind };
  const judged = metrics.flatMap((metric) => judgedBy(metric, all).map(() => metric));
  const errorOf = errorsOf([...judged, ...toCome]);
  const standardOf = (metric: ChangeMetric): Standard => ({
    margin: marginOf(metric, how),
    error: errorOf(metric),
    looks: how.looks,
    isGate: pairing !== 'apart',
  });
  const families = judgeFamilies(all, standardOf);
  const cells = pairs.map((pair) => compareCell(pair, all, families, how));
  const control = controlSummary(all, errorOf);
  const unexplained = unexplainedIn(cells, all);
  const judgement = { cells, failAbove, outcome: outcomeOf(cells, unexplained), unexplained };
  return {
    tool: 'fourways',
    schema: SCHEMA_VERSION,
    version: head.manifest.version,
    base: sideOf(base.manifest, labels.base),
    head: sideOf(head.manifest, labels.head),
    ...judgement,
    margin,
    how: pairing,
    control,
    family: judged.length,
    differences: differencesOf(base.manifest, head.manifest, both, pairing).map((one) => ({ ...one })),
    onlyIn,
    notes: [...failureNotes(cells), ...rateNotes(head, cells), ...notesOf(base, head, pairs, onlyIn)],
    line: changeLine(judgement),
    slower: null,
    again: null,
  };
}

function refuseEmpty({ trials }: Run, label: string): void {
  if (trials.some(({ outcome }) => outcome.status === 'ok')) return;
  const why = trials.length === 0 ? 'has no trials' : `has no valid trial: all ${trials.length} failed`;
  const way = trials.length === 0 ? 'run it to completion' : `fourways report ${label} shows why`;
  throw new UserError(`${label} ${why}, so there is nothing to compare; ${way}`);
}

function refuseTooLittle(pairs: readonly CellPair[], base: Run, head: Run): void {
  if (pairs.length === 0) {
    const idOf = ({ manifest }: Run): string => manifest.cells[0]?.id ?? 'none';
    throw new UserError(
      `base and head have no cell in common (base has ${idOf(base)}, head has ${idOf(head)}); measure the same --scenario and --model in both`,
    );
  }
  const most = Math.max(...pairs.map((pair) => Math.min(pair.base.valid.length, pair.head.valid.length)));
  if (most >= FEWEST_TRIALS) return;
  throw new UserError(
    `too few valid trials for an interval: no cell has ${FEWEST_TRIALS} in both runs, the most is ${most}; measure with --rounds 5 or more`,
  );
}

function sideOf({ startedAt, version, environment }: Manifest, label: string): Change['base'] {
  const { node, cpuModel, git } = environment;
  return {
    label,
    startedAt,
    version,
    node,
    cpuModel,
    commit: git === null ? null : `${git.commit}${git.dirty ? '+' : ''}`,
  };
}

function controlSummary(all: AllCells, errorOf: ReturnType<typeof errorsOf>): Change['control'] {
  const { control, metrics, figuresOf, yardsticks } = all;
  if (control === null) return null;
  const movedBy = (metric: ChangeMetric): Ratio | null | undefined => {
    const level = 1 - errorOf(metric);
    if (control.kind === 'yardstick' && typeof yardsticks !== 'string')
      return yardstickRatio(metric, yardsticks, level) ?? undefined;
    const figures = controlsOf(metric, all).map((pair) => figuresOf(pair, metric));
    return figures.length === 0 ? undefined : movedRatio(figures, control.kind, level);
  };
  const moved = metrics.flatMap((metric) => {
    const ratio = movedBy(metric);
    return ratio === undefined ? [] : [{ metric, ratio }];
  });
  return { kind: control.kind, cells: [...control.cells], moved };
}

/** Why nobody knows whether it was the code or the machine: what became worse is all that tells of it. */
function unexplainedIn(cells: Change['cells'], { control, isBlind, yardsticks }: AllCells): Change['unexplained'] {
  if (typeof yardsticks !== 'string') return null;
  const way = 'cannot be told from one of the machine; measure both again, or fourways ab';
  if (control?.kind === 'others' && becameWorseAlike(cells)) {
    return `cells became worse alike; ${yardsticks}: a change of all cells ${way}`;
  }
  return isBlind && cells.some(({ comparisons }) => comparisons.some(becameWorseAlone))
    ? `the only cell became worse; ${yardsticks}: a change of it ${way}`
    : null;
}

/** Shown to be worse by figures that depend on the speed of the machine, and more than the gate lets pass. */
function becameWorseAlone({ metric, ratio, margin, gate }: ChangeComparison): boolean {
  const { good, machine } = runMetric(metric);
  return gate === 'untold' && machine !== 'apart' && ratio !== null && wordFor(ratio, margin, good) === 'worse';
}

/**
 * Whether in some metric several cells are worse by themselves and not relative to the others, and fewer are known to be as they were. Those of
 * which little is known say nothing for either.
 */
function becameWorseAlike(cells: Change['cells']): boolean {
  const all = cells.flatMap(({ comparisons }) => comparisons.filter(({ relative }) => relative !== null));
  return [...new Set(all.map(({ metric }) => metric))].some((metric) => {
    const { good } = runMetric(metric);
    const known = all.flatMap(({ metric: of, ratio, margin, verdict }) =>
      of === metric && ratio !== null ? [{ verdict, word: wordFor(ratio, margin, good) }] : [],
    );
    const alike = known.filter(({ word, verdict }) => word === 'worse' && verdict === 'inconclusive');
    const still = known.filter(({ word }) => word === 'equivalent' || word === 'better');
    return alike.length > Math.max(1, still.length);
  });
}

function failureNotes(cells: Change['cells']): string[] {
  return cells.flatMap((cell) => {
    const uneven = unevenFailures(cell);
    return uneven === null ? [] : [`${cell.id}: ${uneven}`];
  });
}

/** Why an `ab` that was to compare latency at a rate did not. */
function rateNotes({ manifest, additions, end }: Run, cells: Change['cells']): string[] {
  if (manifest.ab === null || end?.reason !== 'complete') return [];
  const isOffered = (id: string): boolean =>
    additions.some(({ scenario, why }) => scenario === id && why.kind === 'common');
  return manifest.scenarios.flatMap(({ id, rates }) => {
    if (rates.length === 0 || isOffered(id)) return [];
    const own = cells.filter(({ scenario }) => scenario === id);
    const isKnown = own.some(
      (cell) => cell.lostInHead || cell.failsInHead || cell.comparisons.some(({ gate }) => gate === 'fail'),
    );
    const why = isKnown ? 'it is worse without it' : 'there was no room for it; give a longer --budget';
    return [`${id}: latency at a rate was not measured, because ${why}`];
  });
}

function notesOf(base: Run, head: Run, pairs: readonly CellPair[], onlyIn: Change['onlyIn']): string[] {
  const isSame =
    base.manifest.startedAt === head.manifest.startedAt && base.manifest.ab?.side === head.manifest.ab?.side;
  const isRate = (id: string): boolean => /@\d/.test(id);
  return [
    ...(isSame ? ['base and head are the same run'] : []),
    ...[base, head].flatMap(({ end }, i) =>
      end?.reason === 'complete'
        ? []
        : [`${i === 0 ? 'base' : 'head'} is not complete: not every planned trial was measured`],
    ),
    ...workNotes(pairs),
    ...([...onlyIn.base, ...onlyIn.head].some(isRate)
      ? ['rates that are a share of capacity differ from run to run; give --rate as a number to compare latency']
      : []),
  ];
}
