import { notRanked } from '../cells.ts';
import { html } from '../escape.ts';
import type { Column, ResultTable, TableRow } from '../table.ts';
import type { Markup } from './markup.ts';

/** With more columns than this the table is set tighter. */
const ROOMY = 12;

/** A table of a scenario. */
export function tableMarkup(caption: string, { columns, rows }: ResultTable): Markup {
  const head = columns.map((column) => `<th scope="col"${classOf(column)}>${headText(column)}</th>`);
  return [
    `<table${columns.length > ROOMY ? ' class="tight"' : ''}><caption>${html(caption)}</caption>`,
    `<thead><tr>${head.join('')}</tr></thead>`,
    `<tbody>${rows.map((row) => tableRow(row, columns)).join('\n')}</tbody></table>`,
  ].join('\n');
}

function tableRow(row: TableRow, columns: readonly Column[]): Markup {
  const name = `<th scope="row" class="name">${html(row.name)}</th>`;
  if (row.kind === 'failed') {
    return `<tr>${name}<td class="failed" colspan="${columns.length - 1}">${html(row.reason)}</td></tr>`;
  }
  const unranked = notRanked(row.cell) !== null;
  const cells = row.values.map((value, i) => {
    const column = columns[i + 1];
    if (unranked && column?.meaning === 'label') return `<td class="unranked">${html(value)}, not ranked</td>`;
    return `<td${column === undefined ? '' : classOf(column)}>${html(value)}</td>`;
  });
  return `<tr>${name}${cells.join('')}</tr>`;
}

function headText({ head }: Column): Markup {
  return head
    .filter((line) => line !== '')
    .map(html)
    .join('<br>');
}

function classOf({ align, meaning }: Column): Markup {
  const names = [...(align === 'right' ? ['number'] : []), ...(meaning === 'derived' ? ['derived'] : [])];
  return names.length === 0 ? '' : ` class="${names.join(' ')}"`;
}
