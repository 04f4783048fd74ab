/** The words of a cell: beside its bar, behind it, and for those who see neither. */
import type { ScenarioSummary } from '../../../harness/judge/schema/summary.ts';
import { list, scenarioWords } from '../../../harness/judge/words.ts';
import { visible } from '../../words/escape.ts';
import { approximately, counted, figure } from '../../words/figures.ts';
import type { Spread } from '../../words/spread.ts';
import { answers } from './answer.ts';
import type { DrawnCell, Grid, GridCell, GridColumn } from './grid.ts';

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

/** What there is instead of bars: `hello: not decided, 54,575 to 63,883 requests/s`. */
export function unansweredText(scenario: ScenarioSummary): string {
  const measured = scenario.cells.filter(({ result }) => result !== null);
  const rates = measured.flatMap(({ result }) => result?.requestsPerSec.point ?? []);
  const [low, high] = [Math.min(...rates), Math.max(...rates)].map(figure);
  const figures = rates.length === 0 ? [] : [`${low === high ? low : `${low} to ${high}`} requests/s`];
  const [answer = 'not decided'] = answers(scenario);
  return visible(`${scenarioWords(scenario)}: ${[answer, ...figures].join(', ')}`);
}

/** For those who do not see it: what was found, and the figures. */
export function altText({ columns, unanswered, rows, more }: Grid, title: string): string {
  const parts = columns.map(({ title: scenario, cells }) => {
    const figures = cells.map((cell) => `${visible(cell.name)} ${shortly(cell)}`).join(', ');
    return `${scenario}: ${figures}`;
  });
  const others = [
    ...unanswered.map(unansweredText),
    ...moreText({ more, rows }).map((text) => text.replace(/\.$/u, '')),
  ];
  return visible(`Overview: ${title} (requests per second: ${[...parts, ...others].join('; ')}).`);
}

function shortly(cell: GridCell): string {
  if (cell.kind === 'failed') return cell.word;
  return `${figure(cell.result.requestsPerSec.point)}${cell.kind === 'not-ranked' ? ' (not ranked)' : ''}`;
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
