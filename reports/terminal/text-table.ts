import Table from 'cli-table3';
import type { createColors } from 'picocolors';
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

/** Draws a table in at most `width` columns. Columns that do not fit stand below it, in tables of their own. */
export function textTable(source: ResultTable, width: number, c: Colours): string {
  const fit = FITS.find((one) => widthOf(source, one) <= width);
  if (fit !== undefined) return draw(source, c, fit);
  const moved: number[] = [];
  let table = source;
  while (widthOf(table, TIGHTEST) > width && table.columns.length > 2) {
    // The last column is text that says whether the row may be ranked, so the one before it goes first.
    const at = source.columns.length - 2 - moved.length;
    moved.unshift(at > 0 ? at : source.columns.length - 1);
    table = columnsOf(source, (i) => !moved.includes(i));
  }
  if (moved.length === 0) return draw(table, c, TIGHTEST);
  const rest = columnsOf(source, (i) => i === 0 || moved.includes(i));
  const measured = { ...rest, rows: rest.rows.filter(({ kind }) => kind === 'measured') };
  return `${draw(table, c, TIGHTEST)}\n\n${textTable(measured, width, c)}`;
}

/** How many columns of the terminal it takes: drawing it only to find out would take a hundred times as long. */
export function widthOf({ columns, rows }: ResultTable, { gap, nameLength }: Fit = TIGHTEST): number {
  const names = namesIn(rows, nameLength);
  const widths = columns.map(({ head }, i) => {
    const texts =
      i === 0 ? names : rows.flatMap((row) => (row.kind === 'measured' ? plainText(row.values[i - 1] ?? '') : []));
    return Math.max(
      widest(head.join('\n').trim()),
      ...texts.map((text) => widest(text.split('\n').map(visible).join('\n'))),
    );
  });
  return widths.reduce((sum, one) => sum + one, 0) + (columns.length - 1) * gap;
}

/** A table may have names of a line or two each, none longer than `nameLength`. */
function namesIn(rows: readonly TableRow[], nameLength: number): readonly string[] {
  const whole = rows.map(({ name }) => name.split('\n').map(visible));
  const isLong = whole.flat().some((line) => line.length > nameLength);
  return whole
    .map((name) => (isLong ? name.flatMap(brokenName) : name))
    .map((name) => name.map((line) => shorten(line, nameLength)).join('\n'));
}

/** Some of its columns. */
function columnsOf({ columns, rows }: ResultTable, isKept: (column: number) => boolean): ResultTable {
  return {
    columns: columns.filter((_, i) => isKept(i)),
    rows: rows.map((row) =>
      row.kind === 'failed' ? row : { ...row, values: row.values.filter((_, i) => isKept(i + 1)) },
    ),
  };
}

function draw(source: ResultTable, c: Colours, { gap, nameLength }: Fit): string {
  const names = namesIn(source.rows, nameLength);
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
