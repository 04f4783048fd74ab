/** The words of a cell: beside its bar, behind it, and for those who see neither. */
import { list } from '../../../harness/judge/words.ts';
import { limitTexts } from '../../words/cells.ts';
import { visible } from '../../words/escape.ts';
import { approximately, counted, figure } from '../../words/figures.ts';
import type { Spread } from '../../words/spread.ts';
import { answers } from './answer.ts';
import { type DrawnCell, type Grid, type GridCell, type GridColumn, groupsOf } from './grid.ts';

/** What there is room for in every cell. */
export interface Wording {
  /** Words, or figures that the foot explains. */
  readonly inWords: boolean;
  /** Whether the implied capacity of what is not ranked is given. */
  readonly hasImplied: boolean;
  readonly hasUnit: boolean;
}

/** `181/s`, or why there is no figure. */
export function figureText(cell: GridCell, { hasUnit }: Pick<Wording, 'hasUnit'>): string {
  if (cell.kind === 'failed') return cell.word;
  return `${figure(cell.result.requestsPerSec.point)}${hasUnit ? '/s' : ''}`;
}

/** What stands below the figure; empty where there is nothing to add. */
export function remark(cell: GridCell, { inWords, hasImplied }: Omit<Wording, 'hasUnit'>): string {
  switch (cell.kind) {
    case 'failed':
      return '';
    case 'not-ranked':
      return hasImplied ? `not ranked, ${impliedOf(cell)}` : 'not ranked';
    case 'ranked':
      return cell.behind === null ? '' : inWords ? inFull(cell.behind) : cell.behind;
    default:
      return cell satisfies never;
  }
}

/** `44–51% behind`; the best is that and no more. */
function inFull(behind: string): string {
  return behind.endsWith('%') ? `${behind} behind` : behind;
}

/** `cpu ms=10, cluster: 181 requests/s (179–184), ≤ 2.5% behind`. */
export function describe(column: GridColumn, cell: GridCell, spread: Spread): string {
  return `${column.title}, ${visible(cell.name)}: ${told(cell, spread, ' requests/s')}`;
}

/** The whole image in plain words. */
export function altText({ columns, rows, more }: Grid, spread: Spread): string {
  const parts = columns.map(({ title, scenario, cells }) => {
    const figures = cells.map((cell) => `${visible(cell.name)} ${told(cell, spread, '')}`).join('; ');
    const limits = limitTexts(scenario).map((limit) => `${limit.replace(/^p/u, 'P')}.`);
    const answer = answers(scenario).slice(0, 1);
    return [`${[title, ...answer].join(': ')}.`, `${figures}.`, ...limits].join(' ');
  });
  const runs = new Set(rows.map(({ run }) => run)).size;
  const of = runs > 1 ? ` of ${counted(runs, 'run')}` : '';
  const size = `${counted(groupsOf(rows).length, rowNoun(rows))}${of} in ${counted(columns.length, 'scenario')}`;
  const head = `Bars of requests per second, with the ${spread.meaning}, of ${size}.`;
  return [head, ...parts, ...moreText({ more, rows })].join(' ');
}

/** `And 5 more scenarios in the report.` */
export function moreText({ more: { scenarios, rows, runs }, rows: shown }: Pick<Grid, 'more' | 'rows'>): string[] {
  const parts = [
    ...(runs === 0 ? [] : [counted(runs, 'more run')]),
    ...(scenarios === 0 ? [] : [counted(scenarios, 'more scenario')]),
    ...(rows === 0 ? [] : [counted(rows, `more ${rowNoun(shown)}`)]),
  ];
  return parts.length === 0 ? [] : [`And ${list(parts)} in the report.`];
}

/** A model has several rows where its workers or connections vary. */
function rowNoun(rows: Grid['rows']): string {
  return rows.every(({ setting, model }) => setting === model) ? 'model' : 'row';
}

function told(cell: GridCell, spread: Spread, unit: string): string {
  if (cell.kind === 'failed') return cell.word;
  const { requestsPerSec } = cell.result;
  const interval = spread.textOf(requestsPerSec);
  const bracketed = interval.startsWith('(') ? interval : `(${interval})`;
  const parts = [`${figure(requestsPerSec.point)}${unit} ${bracketed}`];
  if (cell.kind === 'not-ranked') parts.push(cell.why, `implied ${impliedOf(cell)}`);
  else if (cell.behind !== null) parts.push(inFull(cell.behind));
  return parts.join(', ');
}

function impliedOf({ result }: DrawnCell): string {
  return approximately(result.impliedCapacity.requestsPerSec.point);
}
