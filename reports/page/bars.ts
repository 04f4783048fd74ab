/** The overview for a screen that is too narrow for its image: a bar and its figure per model, as text. */
import type { ScenarioSummary, Summary } from '../../harness/judge/schema/summary.ts';
import { type Grid, type GridCell, type GridColumn, gridOf } from '../charts/overview/grid.ts';
import { figureText, remark } from '../charts/overview/words.ts';
import { DARK } from '../drawing/theme.ts';
import { cssName } from '../images/themes.ts';
import { html } from '../words/escape.ts';
import type { Several } from '../words/runs.ts';
import type { Markup } from './markup.ts';

/** By scenario what the image of the whole run has bars for, and no more. */
export function barsOf(summary: Several<Summary>): (scenario: ScenarioSummary) => Markup {
  const grid = gridOf({ summary });
  return (scenario) => {
    const column = grid.columns.find((one) => one.scenario.id === scenario.id);
    return column === undefined ? '' : bars(grid, column);
  };
}

function bars({ rows }: Grid, column: GridColumn): Markup {
  const rateOf = (cell: GridCell): number => (cell.kind === 'failed' ? -1 : cell.result.requestsPerSec.point);
  const inOrder = rows.flatMap((_, row) => column.cells.filter((cell) => cell.row === row));
  // Each list has an order of its own, unlike the columns of the image.
  const cells = inOrder.toSorted((a, b) => rateOf(b) - rateOf(a));
  return `<ul class="bars">\n${cells.map((cell) => bar(cell, column)).join('\n')}\n</ul>`;
}

const WORDING = { inWords: true, hasImplied: false } as const;

function bar(cell: GridCell, column: GridColumn): Markup {
  return [
    `<li><span>${html(cell.name)}</span>`,
    `<span class="track">${lengthOf(cell, column)}</span>`,
    `<span>${html(figureText(cell, { hasUnit: true }))}</span>`,
    `<span class="soft">${html(remark(cell, WORDING))}</span></li>`,
  ].join(' ');
}

const PERCENT = 100;

function lengthOf(cell: GridCell, { end }: GridColumn): Markup {
  if (cell.kind === 'failed') return '';
  const length = Math.min(1, cell.result.requestsPerSec.point / end) * PERCENT;
  const colour = DARK.has(cell.colour) ? `var(${cssName(cell.colour)})` : cell.colour;
  const kind = cell.kind === 'ranked' ? '' : ' class="pale"';
  return `<span${kind} style="width:${length.toFixed(1)}%;--of:${html(colour)}"></span>`;
}
