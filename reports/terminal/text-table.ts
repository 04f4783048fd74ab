import Table from 'cli-table3';
import { createColors } from 'picocolors';
import { type Column, plainText, type ResultTable, type TableRow } from '../tables/table.ts';
import { visible } from '../words/escape.ts';
import { shorten } from '../words/wrap.ts';

export type Colours = ReturnType<typeof createColors>;

interface Fit {
  readonly gap: number;
  readonly nameLength: number;
}

const RULE = '─';

interface Plain {
  readonly head: readonly string[];
  readonly aligns?: readonly Column['align'][];
  readonly rows: readonly CellValue[][];
  /** Spaces between columns. */
  readonly gap: number;
}

type CellValue = string | { readonly content: string; readonly colSpan: number; readonly hAlign: 'left' };

/** The lines of a table as it is given, with one rule below the headings and no other border. */
export function plainTable({ head, aligns = [], rows, gap }: Plain): string[] {
  const table = new Table({
    head: [...head],
    colAligns: [...aligns],
    chars: {
      ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
      ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
      ...{ left: '', 'left-mid': '', right: '', 'right-mid': '', middle: '' },
      ...{ mid: RULE, 'mid-mid': '' },
    },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap, compact: true },
  });
  table.push(...rows);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}

const TIGHTEST: Fit = { gap: 1, nameLength: 14 };
/** From roomy to tight: the first that fits is used. */
const FITS: readonly Fit[] = [
  { gap: 2, nameLength: 40 },
  { gap: 1, nameLength: 40 },
  { gap: 1, nameLength: 24 },
  TIGHTEST,
];

/** Draws a table in at most `width` columns. Figures that do not fit are left out from the right, and it says which. */
export function textTable(source: ResultTable, width: number, c: Colours): string {
  const plain = createColors(false);
  const fitting = (table: ResultTable, fit: Fit): string | null => {
    const drawn = draw(table, plain, fit);
    if (widest(drawn) > width) return null;
    return c.isColorSupported ? draw(table, c, fit) : drawn;
  };
  for (const fit of FITS) {
    const drawn = fitting(source, fit);
    if (drawn !== null) return drawn;
  }
  const leftOut: string[] = [];
  let table = source;
  while (fitting(table, TIGHTEST) === null && table.columns.length > 3) {
    // The last column is text that says whether the row may be ranked, so the one before it goes.
    const at = table.columns.length - 2;
    leftOut.unshift(table.columns[at]?.head.join(' ').trim() ?? '');
    table = without(table, at);
  }
  return `${draw(table, c, TIGHTEST)}\n${c.dim(`columns that do not fit: ${leftOut.join(', ')}`)}`;
}

function without({ columns, rows }: ResultTable, column: number): ResultTable {
  return {
    columns: columns.filter((_, i) => i !== column),
    rows: rows.map((row) =>
      row.kind === 'failed' ? row : { ...row, values: row.values.filter((_, i) => i !== column - 1) },
    ),
  };
}

function draw(source: ResultTable, c: Colours, { gap, nameLength }: Fit): string {
  const whole = source.rows.map(({ name }) => name.split('\n').map(visible));
  const isLong = whole.flat().some((line) => line.length > nameLength);
  const names = whole
    .map((name) => (isLong ? name.flatMap(brokenName) : name))
    .map((name) => name.map((line) => shorten(line, nameLength)).join('\n'));
  const reasonless = lines(source, names, 0, c, gap);
  const drawn = source.rows.some(({ kind }) => kind === 'failed') ? withReasons() : reasonless;
  return drawn.map((line) => line.replace(new RegExp(`[ ${RULE}]{0,${gap}}$`, 'u'), '').trimEnd()).join('\n');

  /** A reason must not push the columns of figures apart, so it gets the room that these take anyway. */
  function withReasons(): string[] {
    const nameWidth = Math.max('model'.length, ...names.map(widest)) + gap;
    const ruled = reasonless.find((line) => line.startsWith(RULE)) ?? '';
    return lines(source, names, ruled.length - nameWidth - gap, c, gap);
  }
}

/** What tells a cell from others of its model comes last in its name, so it is broken into lines there and not cut off. */
function brokenName(name: string): string[] {
  return name.split(/ (?=· )/u);
}

function lines({ columns, rows }: ResultTable, names: readonly string[], room: number, c: Colours, gap: number) {
  return plainTable({
    head: columns.map(({ head }) => c.dim(head.join('\n').trim())),
    aligns: columns.map(({ align }) => align),
    rows: rows.map((row, i) => [names[i] ?? '', ...cells(row, columns, room, c)]),
    gap,
  });
}

function cells(row: TableRow, columns: readonly Column[], room: number, c: Colours) {
  if (row.kind === 'failed') {
    const content = room === 0 ? '' : c.red(shorten(visible(row.reason), room));
    return [{ content, colSpan: columns.length - 1, hAlign: 'left' as const }];
  }
  return row.values.map((value, i) => {
    const meaning = columns[i + 1]?.meaning;
    const isBad = typeof value !== 'string' && value.look === 'bad';
    const isMarked = row.mark !== null && (i === 0 || meaning === 'label');
    const look = isBad ? c.red : isMarked ? c.yellow : String;
    // What stands below a figure says how sure it is.
    return plainText(value)
      .split('\n')
      .map(visible)
      .map((line, n) => (meaning === 'derived' || (n > 0 && look === String) ? c.dim(line) : look(line)))
      .join('\n');
  });
}

function widest(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length));
}
