/** What every format shows of two runs: one row per cell and metric, the worst first. */

import { unevenFailures } from '../../harness/judge/change/cells.ts';
import { signed } from '../../harness/judge/change/verdict.ts';
import { runMetric } from '../../harness/judge/metrics/derived.ts';
import type { Change, ChangeCell, ChangeComparison, ChangeVerdict } from '../../harness/judge/schema/change.ts';
import type { ResultTable, Value } from '../tables/table.ts';
import { visible } from '../words/escape.ts';
import { intervalText, MISSING } from '../words/figures.ts';

export interface ChangeRow {
  /** Id of the cell. */
  readonly cell: string;
  /** The metric in words. */
  readonly what: string;
  /** In percent with its interval: `+8.1% (+5.9 to +10.4)`. */
  readonly change: string;
  /** The same as against the control. */
  readonly relative: string;
  readonly verdict: ChangeVerdict;
  /** The cell works in base but not in head. */
  readonly isLost: boolean;
  /** With the way out where there is one. */
  readonly reason: string;
  /** The change, where there is one, and the reason. */
  readonly told: string;
}

const WORST_FIRST: readonly ChangeVerdict[] = ['worse', 'invalid', 'inconclusive', 'better', 'equivalent', 'control'];

/** Cells whose trials failed more often on one side. Text and markdown have them among their notes. */
export function failureRows({ cells }: Pick<Change, 'cells'>): readonly ChangeRow[] {
  return cells.flatMap((cell): ChangeRow[] => {
    const reason = unevenFailures(cell);
    if (reason === null) return [];
    const about = { cell: cell.id, what: 'failed trials', change: MISSING, relative: MISSING, isLost: false };
    return [{ ...about, verdict: 'inconclusive', reason, told: reason }];
  });
}

/** What is broken before all else. Within a verdict in the order of the run. */
export function rowsOf({ cells }: Pick<Change, 'cells'>): readonly ChangeRow[] {
  const rows = cells.flatMap((cell) => cell.comparisons.map((one) => rowOf(cell, one)));
  const weight = ({ isLost, verdict }: ChangeRow): number => (isLost ? -1 : WORST_FIRST.indexOf(verdict));
  return rows.toSorted((a, b) => weight(a) - weight(b));
}

/** A line per cell and metric, for a terminal and for markdown. */
export function changeTable(change: Change): ResultTable {
  const hasControl = change.control !== null;
  return {
    columns: [
      { head: ['', 'cell'], align: 'left', meaning: 'name' },
      { head: ['', 'metric'], align: 'left' },
      { head: ['head against base', '(interval)'], align: 'right' },
      ...(hasControl ? [{ head: ['against the control', '(interval)'], align: 'right' } as const] : []),
      { head: ['', 'verdict'], align: 'left', meaning: 'label' },
    ],
    rows: rowsOf(change).map(({ cell, what, change, relative, verdict }) => ({
      kind: 'measured',
      // A table splits names at line breaks.
      name: visible(cell),
      values: [what, change, ...(hasControl ? [relative] : []), verdictValue(verdict)],
      mark: null,
    })),
  };
}

function verdictValue(verdict: ChangeVerdict): Value {
  switch (verdict) {
    case 'worse':
      return { text: verdict, look: 'bad' };
    case 'better':
      return { text: verdict, look: 'decided' };
    case 'invalid':
    case 'inconclusive':
    case 'equivalent':
    case 'control':
      return verdict;
    default:
      return verdict satisfies never;
  }
}

/** What is left open, and so needs its reason told. */
export function isOpen({ verdict }: Pick<ChangeRow, 'verdict'>): boolean {
  return verdict === 'invalid' || verdict === 'inconclusive';
}

function rowOf({ id, lostInHead }: ChangeCell, one: ChangeComparison): ChangeRow {
  const reason = one.hint === null ? one.reason : `${one.reason}; ${one.hint}`;
  return {
    cell: id,
    what: runMetric(one.metric).title,
    change: changeOf(one.ratio),
    relative: changeOf(one.relative),
    verdict: one.verdict,
    isLost: lostInHead,
    reason,
    told: one.ratio === null ? reason : `${changeOf(one.ratio)}; ${reason}`,
  };
}

/** A ratio as a change in percent, with its interval. */
export function changeOf(ratio: ChangeComparison['ratio']): string {
  if (ratio === null) return MISSING;
  const isWide = intervalText(ratio.low, ratio.high) === 'unsettled';
  return `${signed(ratio.point)}% (${isWide ? 'unsettled' : `${signed(ratio.low)} to ${signed(ratio.high)}`})`;
}

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
    `${HOW[how]}; margin ±${Number((change.margin * 100).toPrecision(3))}%; intervals hold for all ${family} comparisons together with 95% confidence`,
    ...(control === null ? [] : [controlLine(control)]),
  ];
}

const HOW = {
  apart: 'measured at different times',
  rounds: 'measured alternately, round by round',
  duet: 'measured at the same time',
} as const satisfies Record<Change['how'], string>;

function controlLine({ kind, cells, moved }: NonNullable<Change['control']>): string {
  const names: Partial<Record<typeof kind, string>> = {
    yardstick: 'the yardstick, which is the same work in both',
    others: 'all other cells',
  };
  const of = names[kind] ?? cells.join(', ');
  const changes = moved.map(({ metric, ratio }) => `${runMetric(metric).title} ${changeOf(ratio)}`);
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
