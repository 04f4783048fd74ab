/** Tables on the page. */
import type { Column, Look, ResultTable, TableRow, Value } from '../tables/table.ts';
import { html } from '../words/escape.ts';
import { advice, captionOf, type Markup } from './markup.ts';

/** With more columns than this the table is set tighter. */
const ROOMY = 12;

/**
 * The table in two where it has too many columns for one: split near the middle, between columns of different units, so that
 * columns to compare stay together.
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

/** The table, tighter where its cells are long. */
export function tableMarkup(
  caption: string | null,
  { columns, rows }: ResultTable,
  isTight = columns.length > ROOMY,
): Markup {
  const head = columns.map((column) => `<th scope="col"${classes(classesOf(column))}>${headText(column)}</th>`);
  return [
    `<table${isTight ? ' class="tight"' : ''}>${caption === null ? '' : captionOf(caption)}`,
    `<thead><tr>${head.join('')}</tr></thead>`,
    `<tbody>${rows.map((row) => tableRow(row, columns)).join('\n')}</tbody></table>`,
  ].join('\n');
}

function tableRow(row: TableRow, [first, ...columns]: readonly Column[]): Markup {
  const part = row.kind === 'measured' && row.isPart === true ? ['part'] : [];
  const name = `<th scope="row"${classes([...classesOf(first), ...part])}>${html(row.name)}</th>`;
  if (row.kind === 'failed') {
    return `<tr>${name}<td class="failed" colspan="${columns.length}">${html(row.reason)}</td></tr>`;
  }
  const { mark } = row;
  const cells = row.values.map((value, i) => {
    const column = columns[i];
    const label = column === undefined ? '' : ` data-of="${html(column.head.join(' ').trim())}"`;
    if (mark !== null && column?.meaning === 'label')
      return `<td class="unranked"${label}>${valueText(value)}, ${html(mark)}</td>`;
    const look = typeof value === 'string' || value.look === undefined ? [] : [LOOKS[value.look]];
    return `<td${classes([...classesOf(column), ...look])}${label}>${valueText(value, column)}</td>`;
  });
  return `<tr>${name}${cells.join('')}</tr>`;
}

const LOOKS = {
  decided: 'decided',
  open: 'soft',
  invalid: 'unranked',
  bad: 'failed',
} as const satisfies Record<Look, string>;

function valueText(value: Value, column?: Column): Markup {
  const { text, lead = '', next = null } = typeof value === 'string' ? { text: value } : value;
  const before = lead === '' ? '' : `<strong>${html(lead)}</strong> `;
  const after = next === null ? '' : `; <span class="soft">${advice(next)}</span>`;
  return `${before}${column?.meaning === 'interval' ? intervalText(text) : html(text)}${after}`;
}

/** Where space is tight a line may end before an interval, and nowhere within it. */
function intervalText(text: string): Markup {
  return html(text).replace(/[([][^()[\]]*[)\]]$/u, (interval) => `<span class="range">${interval}</span>`);
}

function headText({ head }: Column): Markup {
  return head
    .filter((line) => line !== '')
    .map(html)
    .join('<br>');
}

function classesOf(column: Column | undefined): string[] {
  const { align, meaning } = column ?? {};
  return [...(align === 'right' ? ['number'] : []), ...(meaning === undefined || meaning === 'label' ? [] : [meaning])];
}

function classes(names: readonly string[]): Markup {
  return names.length === 0 ? '' : ` class="${names.join(' ')}"`;
}
