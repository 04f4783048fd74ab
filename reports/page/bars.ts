/** Bars as text, with their figures: the overview for a screen that is too narrow for its image, and of what that has no bars for. */
import type { ScenarioSummary, Summary } from '../../harness/judge/schema/summary.ts';
import { type Grid, type GridCell, type GridColumn, gridOf } from '../charts/overview/grid.ts';
import { figureText, remark } from '../charts/overview/words.ts';
import { DARK, modelColours } from '../drawing/theme.ts';
import { cssName } from '../images/themes.ts';
import { measureOf, rowsOf } from '../terminal/figures.ts';
import { cellNames } from '../words/cells.ts';
import { html } from '../words/escape.ts';
import { rateText } from '../words/rates.ts';
import type { Several } from '../words/runs.ts';
import type { Markup } from './markup.ts';

/** By scenario requests per second, as in the image of the whole run; where these compare no servers, what the same work costs. */
export function barsOf(summary: Several<Summary>): (scenario: ScenarioSummary) => Markup {
  const grid = gridOf({ summary });
  return (scenario) => {
    const column = grid.columns.find((one) => one.scenario.id === scenario.id);
    return column === undefined ? costBars(summary, scenario) : bars(grid, column);
  };
}

/** CPU per request is a figure of the server, whatever was the limit. */
function costBars(summary: Several<Summary>, scenario: ScenarioSummary): Markup {
  const asked = measureOf(scenario);
  const measure = asked.kind === 'throughput' ? { kind: 'cpu-per-request' as const, offeredPerSec: null } : asked;
  const drawn = rowsOf(scenario, measure).flatMap((row) => (row.kind === 'bar' && row.value !== null ? [row] : []));
  const most = Math.max(...drawn.map(({ value }) => value ?? 0));
  if (drawn.length === 0 || most === 0) return '';
  const cells = new Map([...cellNames(scenario)].map(([id, name]) => [name, id]));
  const colourOf = modelColours(summary);
  const items = drawn.map(({ name, value, figure }) => {
    const cell = scenario.cells.find(({ id }) => id === cells.get(name));
    return item(name, track((value ?? 0) / most, colourOf(cell?.model ?? name), false), figure, '');
  });
  const at = measure.offeredPerSec === null ? '' : ` at ${rateText(measure.offeredPerSec)} each`;
  return `<p class="soft beside">CPU per request${html(at)}, less is better</p>\n<ul class="bars">\n${items.join('\n')}\n</ul>`;
}

function bars({ rows }: Grid, column: GridColumn): Markup {
  const rateOf = (cell: GridCell): number => (cell.kind === 'failed' ? -1 : cell.result.requestsPerSec.point);
  const inOrder = rows.flatMap((_, row) => column.cells.filter((cell) => cell.row === row));
  // Each list has an order of its own, unlike the columns of the image.
  const cells = inOrder.toSorted((a, b) => rateOf(b) - rateOf(a));
  return `<ul class="bars">\n${cells.map((cell) => bar(cell, column)).join('\n')}\n</ul>`;
}

const WORDING = { inWords: true, hasImplied: false } as const;

function bar(cell: GridCell, { end }: GridColumn): Markup {
  const length =
    cell.kind === 'failed' ? '' : track(cell.result.requestsPerSec.point / end, cell.colour, cell.kind !== 'ranked');
  return item(cell.name, length, figureText(cell, { hasUnit: true }), remark(cell, WORDING));
}

function item(name: string, length: Markup, figure: string, note: string): Markup {
  return [
    `<li><span>${html(name)}</span>`,
    `<span class="track">${length}</span>`,
    `<span>${html(figure)}</span>`,
    `<span class="soft">${html(note)}</span></li>`,
  ].join(' ');
}

const PERCENT = 100;

function track(share: number, own: string, isPale: boolean): Markup {
  const length = Math.min(1, share) * PERCENT;
  const colour = DARK.has(own) ? `var(${cssName(own)})` : own;
  return `<span${isPale ? ' class="pale"' : ''} style="width:${length.toFixed(1)}%;--of:${html(colour)}"></span>`;
}
