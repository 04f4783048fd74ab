/** What every format and the page show of two runs: one description, of which each shows as much as it has room for. */
import { unevenFailures } from '../../harness/judge/change/cells.ts';
import { limitRatio, reaches } from '../../harness/judge/change/gate.ts';
import { NOT_RULED_OUT } from '../../harness/judge/change/sentence.ts';
import { runMetric } from '../../harness/judge/metrics/derived.ts';
import type { Change, ChangeCell, ChangeComparison } from '../../harness/judge/schema/change.ts';
import { figure, MISSING, mebibytes, milliseconds } from '../words/figures.ts';
import { boundText, cellNames, changeText, failText } from './words.ts';

/** How a row bears on the gate, the worst first. `uneven`: more trials failed on one side, which is also among the notes. */
const STANDINGS = ['broken', 'fail', 'untold', 'uneven', 'pass', 'unjudged', 'control'] as const;
export type Standing = (typeof STANDINGS)[number];

/** One cell and metric, or what a whole cell has come to. */
export interface ChangeRow {
  /** Id of the cell. */
  readonly cell: string;
  /** The cell as shortly as the cells of these runs are told apart; the same for a cell and for what it is at a rate. */
  readonly name: string;
  /** The metric in words, with the rate where there is one: `p99 at 500/s`. */
  readonly what: string;
  /** Where base lies, with its unit. */
  readonly base: string;
  /** In percent with its interval: `+8.1% (+5.9 to +10.4)`. */
  readonly change: string;
  /** The same as against the control. */
  readonly relative: string;
  /** What holds with 95% confidence: `at most 1.2% more`. */
  readonly sure: string;
  readonly standing: Standing;
  /** Of the standing; a tilde where it passed, and worse than the limit is not ruled out. */
  readonly mark: string;
  readonly isBetter: boolean;
  /** What the verdict rests on or what stands in its way, with the way out where there is one. */
  readonly reason: string;
  /** From better to worse, in multiples of the margin; null without a ratio. */
  readonly span: Span | null;
}

/** A change and its interval on the log scale, where 1 is the margin of the metric, and more is worse. */
export interface Span {
  readonly point: number;
  readonly low: number;
  readonly high: number;
  /** The gate fails beyond this. */
  readonly limit: number;
}

export interface Described {
  /** The decision, with its mark. */
  readonly line: string;
  /** What is judged, the worst first: so many as are read at a glance, and all others. */
  readonly shown: readonly ChangeRow[];
  readonly rest: readonly ChangeRow[];
  /** What could not be judged, and why. */
  readonly unjudged: readonly ChangeRow[];
  /** Why something is left open. */
  readonly open: readonly ChangeRow[];
  /** Whether rows are of several cells, so that each has to say of which. */
  readonly isMany: boolean;
  readonly hasControl: boolean;
}

/** More rows are not read at a glance. */
const MOST_SHOWN = 8;

export function described(change: Change): Described {
  const rows = rowsOf(change);
  const having = (...wanted: readonly Standing[]): readonly ChangeRow[] =>
    rows.filter(({ standing }) => wanted.includes(standing));
  const judged = having('broken', 'fail', 'untold', 'pass');
  return {
    line: change.line,
    shown: judged.slice(0, MOST_SHOWN),
    rest: [...judged.slice(MOST_SHOWN), ...having('control')],
    unjudged: having('unjudged'),
    open: having('untold'),
    isMany: new Set(rows.map(({ name }) => name)).size > 1,
    hasControl: change.control !== null,
  };
}

/** Every row, the worst first; of what passed, the first metrics of all cells before the second ones, which matter less. */
export function rowsOf(change: Change): readonly ChangeRow[] {
  const { cells } = change;
  const nameOf = cellNames(cells);
  const rows = cells.flatMap((cell) => [
    ...cellRow(cell, nameOf(cell)).map((row) => ({ row, rank: 0 })),
    // That a lost cell has no figures is told once.
    ...(cell.lostInHead ? [] : cell.comparisons).map((one, rank) => ({
      row: comparedRow(cell, nameOf(cell), one, change),
      rank: one.gate === 'pass' ? rank : 0,
    })),
  ]);
  const weight = ({ standing }: ChangeRow): number => STANDINGS.indexOf(standing);
  return rows.toSorted((a, b) => weight(a.row) - weight(b.row) || a.rank - b.rank).map(({ row }) => row);
}

/** What a cell has come to as a whole: lost, failing, or failing more often on one side. None where there is nothing to tell. */
function cellRow(cell: ChangeCell, name: string): readonly ChangeRow[] {
  const about = { cell: cell.id, name, ...NO_FIGURES };
  const standing = (one: Standing): Pick<ChangeRow, 'standing' | 'mark'> => ({ standing: one, mark: MARKS[one] });
  if (cell.lostInHead) {
    const reason = cell.comparisons[0]?.reason ?? 'works in base but not in head';
    return [{ ...about, what: 'works', sure: 'not in head', ...standing('broken'), reason }];
  }
  const what = 'failed tries';
  if (cell.failsInHead) {
    return [{ ...about, what, sure: failText(cell), ...standing('broken'), reason: `failed tries: ${failText(cell)}` }];
  }
  const uneven = unevenFailures(cell);
  return uneven === null ? [] : [{ ...about, what, ...standing('uneven'), reason: uneven }];
}

/** Of two runs that are broken where no row is: nothing could be compared, or nobody knows why all became worse. */
export function wholeRow(change: Change): readonly ChangeRow[] {
  if (change.outcome !== 'broken' || change.cells.some((cell) => cell.lostInHead || cell.failsInHead)) return [];
  const about = { cell: 'all cells', name: 'all cells', what: 'comparable', reason: change.line.replace(/^\S /, '') };
  return [{ ...about, ...NO_FIGURES, standing: 'broken', mark: MARKS.broken }];
}

const NO_FIGURES = {
  base: MISSING,
  change: MISSING,
  relative: MISSING,
  sure: MISSING,
  isBetter: false,
  span: null,
} as const;

function comparedRow(
  { id }: ChangeCell,
  name: string,
  one: ChangeComparison,
  { failAbove }: Pick<Change, 'failAbove'>,
): ChangeRow {
  const { title, short } = runMetric(one.metric);
  const standing = standingOf(one);
  const isOpen = standing === 'pass' && reaches(one, 'most', failAbove);
  const [, rate] = /@([\d.]+)(?:\/slo)?$/.exec(id) ?? [];
  return {
    cell: id,
    name,
    what: rate === undefined ? title : `${short} at ${figure(Number(rate))}/s`,
    base: baseText(one),
    change: changeText(one.ratio),
    relative: changeText(one.relative),
    sure: boundText(one),
    standing,
    mark: isOpen ? NOT_RULED_OUT : MARKS[standing],
    isBetter: one.verdict === 'better',
    reason: one.hint === null ? one.reason : `${one.reason}; ${one.hint}`,
    span: spanOf(one, failAbove),
  };
}

function standingOf({ gate, verdict }: ChangeComparison): Standing {
  return gate ?? (verdict === 'control' ? 'control' : 'unjudged');
}

function baseText({ base, metric }: ChangeComparison): string {
  if (base === null) return MISSING;
  const { figure: of } = runMetric(metric);
  const unit = of.kind === 'trial' ? of.unit : 'ms';
  switch (unit) {
    case 'ms':
      return timeText(base);
    case 'requests/s':
      return `${figure(base)}/s`;
    case 'bytes':
      return `${mebibytes(base)} MiB`;
    case 'ratio':
      return figure(base);
    default:
      return unit satisfies never;
  }
}

function spanOf({ ratio, margin, metric }: ChangeComparison, failAbove: number | null): Span | null {
  if (ratio === null) return null;
  const isLess = runMetric(metric).good === 'less';
  const at = (value: number): number => ((isLess ? 1 : -1) * Math.log(value)) / Math.log(1 + margin);
  const ends = [at(ratio.low), at(ratio.high)];
  const limit = at(limitRatio(metric, margin, failAbove));
  return { point: at(ratio.point), low: Math.min(...ends), high: Math.max(...ends), limit };
}

/** A row in one line, for a program that shows it alone: `+8.1% (+5.9 to +10.4), at least 5.9% more; the whole interval …`. */
export function toldOf({ standing, change, sure, reason, span }: ChangeRow): string {
  if (span === null) return `${standing === 'unjudged' ? 'not judged: ' : ''}${reason}`;
  return `${change}, ${sure}; ${reason}`;
}

/** Why a row is open: what was not judged, or what is not ruled out. */
export function openText({ name, what, reason, standing }: ChangeRow, { isMany }: Pick<Described, 'isMany'>): string {
  return `${isMany ? `${name}, ` : ''}${what}: ${standing === 'unjudged' ? 'not judged, ' : ''}${reason}`;
}

const MARKS = {
  broken: '✗',
  fail: '✗',
  untold: '?',
  uneven: '?',
  pass: '✓',
  unjudged: '·',
  control: '·',
} as const satisfies Record<Standing, string>;

/** What a reader should know of how it was compared, a line each: escaped by nobody yet. */
export function conditionLines(change: Change): readonly string[] {
  const { base, head, how, family, control } = change;
  const side = (name: string, { label, startedAt, node, cpuModel, commit }: Change['base']): string =>
    [
      `${name}: ${label}`,
      startedAt.slice(0, 16).replace('T', ' '),
      `Node ${node}`,
      cpuModel,
      ...(commit === null ? [] : [`commit ${commit.slice(0, 10)}${commit.endsWith('+') ? ' with changes' : ''}`]),
    ].join(' · ');
  return [
    side('base', base),
    side('head', head),
    `${HOW[how]}; intervals hold for all ${family} comparisons together with 95% confidence`,
    marginsLine(change),
    ...(control === null ? [] : [controlLine(control)]),
    ...(control === null && how === 'apart'
      ? ['there was no control, so a slower machine would look like slower code']
      : []),
  ];
}

const HOW = {
  apart: 'measured at different times',
  rounds: 'measured alternately, round by round',
  duet: 'measured at the same time',
} as const satisfies Record<Change['how'], string>;

/** `margins: CPU per request and throughput 3%, p99 latency 25%; it fails above 10%, or above the margin where that is larger`. */
function marginsLine({ cells, failAbove }: Change): string {
  const titles = new Map<number, Set<string>>();
  for (const { metric, margin } of cells.flatMap(({ comparisons }) => comparisons)) {
    titles.set(margin, (titles.get(margin) ?? new Set()).add(runMetric(metric).title));
  }
  const share = (of: number): string => `${Number((of * 100).toPrecision(3))}%`;
  const parts = [...titles].map(([margin, names]) => `${[...names].join(' and ')} ${share(margin)}`);
  const fails =
    failAbove === null ? '' : `; it fails above ${share(failAbove)}, or above the margin where that is larger`;
  return `margins: ${parts.join(', ')}${fails}`;
}

function controlLine({ kind, cells, moved }: NonNullable<Change['control']>): string {
  const names: Partial<Record<typeof kind, string>> = {
    yardstick: 'the yardstick, which is the same work in both',
    others: 'all other cells',
  };
  const of = names[kind] ?? cells.join(', ');
  const changes = moved.map(({ metric, ratio }) => `${runMetric(metric).title} ${changeText(ratio)}`);
  const all = kind === 'others' ? 'all cells together' : 'it';
  return `control: ${of}${changes.length === 0 ? '' : `; ${all} changed by: ${changes.join(', ')}`}`;
}

/** Everything else that is to be said: notes, what is not the same, and cells that only one run has. */
export function noteLines({ notes, differences, onlyIn }: Change): readonly string[] {
  const only = (name: string, ids: readonly string[]): string[] =>
    ids.length === 0 ? [] : [`only in ${name}: ${ids.join(', ')}`];
  return [
    ...notes,
    ...differences.map(
      ({ what, base, head, needsForce }) => `${what}: ${base} in base, ${head} in head${needsForce ? ' (forced)' : ''}`,
    ),
    ...only('base', onlyIn.base),
    ...only('head', onlyIn.head),
  ];
}

/** Functions of the worse cells whose self time grew most, in milliseconds per request. */
export function slowerRows({ slower, cells }: Change): readonly SlowerRow[] {
  const nameOf = cellNames(cells);
  return (slower ?? []).flatMap(({ cell: id, functions }) => {
    const cell = cells.find((one) => one.id === id);
    const name = cell === undefined ? id : nameOf(cell);
    return functions.slice(0, MOST_FUNCTIONS).map((one) => ({
      cell: name,
      name: one.name,
      where: one.where,
      time: `${timeText(one.baseMs)} → ${timeText(one.headMs)}`,
    }));
  });
}

export interface SlowerRow {
  readonly cell: string;
  readonly name: string;
  readonly where: string;
  /** Per request: `0.31 ms → 0.52 ms`. */
  readonly time: string;
}

const MOST_FUNCTIONS = 5;

function timeText(ms: number): string {
  return ms !== 0 && ms < 0.9995 ? `${figure(ms * 1000)} µs` : milliseconds(ms);
}

/** Characters on each side of no change, so many for each margin. */
const HALF = 8;
const PER_MARGIN = 2;

/**
 * The interval as text, from better on the left to worse on the right: GitHub shows no image in a comment or a summary that is
 * not on a server, and takes the data of one out.
 */
export function barText(span: Span | null): string {
  if (span === null) return '';
  const at = (margins: number): number =>
    HALF + Math.max(-HALF, Math.min(HALF, Math.round((Number.isFinite(margins) ? margins : 0) * PER_MARGIN)));
  const [low, high, point] = [at(span.low), at(span.high), at(span.point)];
  const isBeyond = Math.abs(span.point) * PER_MARGIN > HALF;
  return Array.from({ length: 2 * HALF + 1 }, (_, i) => {
    if (i === point) return isBeyond ? (span.point < 0 ? '◂' : '▸') : '●';
    if (i >= low && i <= high) return '━';
    if (i === HALF) return '│';
    return i === at(-1) || i === at(1) ? '┊' : '·';
  }).join('');
}
