import type { Column, ResultTable, TableRow } from '../tables/table.ts';
import { html } from '../words/escape.ts';
import { captionOf, type Markup } from './markup.ts';

/** With more columns than this the table is set tighter. */
const ROOMY = 12;

/**
 * The table in two where it has too many columns for one: parted near the middle, between columns of different units, so that
 * what is compared stays together.
 */
export function inParts(table: ResultTable): ResultTable[] {
  const [name, ...rest] = table.columns;
  if (name === undefined || table.columns.length <= ROOMY) return [table];
  const cuts = rest.flatMap(({ head }, i) => (i > 0 && head[1] !== rest[i - 1]?.head[1] ? [i] : []));
  const fromMiddle = (cut: number) => Math.abs(cut - rest.length / 2);
  const [cut = Math.ceil(rest.length / 2)] = cuts.toSorted((a, b) => fromMiddle(a) - fromMiddle(b));
  const part = (from: number, to: number): ResultTable => ({
    columns: [name, ...rest.slice(from, to)],
    rows: table.rows.map((row) => (row.kind === 'failed' ? row : { ...row, values: row.values.slice(from, to) })),
  });
  return [part(0, cut), part(cut, rest.length)];
}

/** A table of a scenario. Where its cells are long it is set tighter. */
export function tableMarkup(caption: string, { columns, rows }: ResultTable, isTight = columns.length > ROOMY): Markup {
  const head = columns.map((column) => `<th scope="col"${classOf(column)}>${headText(column)}</th>`);
  return [
    `<table${isTight ? ' class="tight"' : ''}>${captionOf(caption)}`,
    `<thead><tr>${head.join('')}</tr></thead>`,
    `<tbody>${rows.map((row) => tableRow(row, columns)).join('\n')}</tbody></table>`,
  ].join('\n');
}

function tableRow(row: TableRow, columns: readonly Column[]): Markup {
  const part = row.kind === 'measured' && row.isPart === true ? ' part' : '';
  const name = `<th scope="row" class="name${part}">${html(row.name)}</th>`;
  if (row.kind === 'failed') {
    return `<tr>${name}<td class="failed" colspan="${columns.length - 1}">${html(row.reason)}</td></tr>`;
  }
  const { mark } = row;
  const cells = row.values.map((value, i) => {
    const column = columns[i + 1];
    if (mark !== null && column?.meaning === 'label') return `<td class="unranked">${html(`${value}, ${mark}`)}</td>`;
    return `<td${column === undefined ? '' : classOf(column)}>${valueText(value, column)}</td>`;
  });
  return `<tr>${name}${cells.join('')}</tr>`;
}

/** Where space is tight a line may end before an interval, and nowhere within it. */
function valueText(value: string, column: Column | undefined): Markup {
  if (column?.meaning !== 'interval') return html(value);
  return html(value).replace(/\(.*\)$/u, (interval) => `<span class="range">${interval}</span>`);
}

function headText({ head }: Column): Markup {
  return head
    .filter((line) => line !== '')
    .map(html)
    .join('<br>');
}

function classOf({ align, meaning }: Column): Markup {
  const own = meaning === undefined || meaning === 'label' ? [] : [meaning];
  const names = [...(align === 'right' ? ['number'] : []), ...own];
  return names.length === 0 ? '' : ` class="${names.join(' ')}"`;
}
