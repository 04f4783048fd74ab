/** Bars of a terminal, in eighths of a column, with figures beside them or, where that is too wide, below them. */
import { visible } from '../words/escape.ts';
import { wrap, wrapItems } from '../words/wrap.ts';
import type { Colours } from './text-table.ts';

/** One model, or whatever else has a bar. */
export type BarRow = { readonly name: string } & (
  | {
      readonly kind: 'bar';
      /** What the bar is as long as; null where there is nothing to draw. */
      readonly value: number | null;
      /** The value with its unit. */
      readonly figure: string;
      /** One for each column; empty texts where a row lacks one. */
      readonly notes: readonly string[];
      /** `taken` stands out, `pale` must not be set beside the others. */
      readonly look: 'taken' | 'plain' | 'pale';
    }
  | { readonly kind: 'failed'; readonly reason: string }
);

type Drawn = Extract<BarRow, { kind: 'bar' }>;

const INDENT = '  ';
const DEEPER = '    ';
const GAP = '  ';
/** By eighths of a column. */
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'] as const;
/** A shorter one tells nothing; a longer one is no easier to read. */
const SHORTEST = 10;
const LONGEST = 48;
/** What remains for words beside a name, or they go below it. */
const FEWEST_FOR_WORDS = 24;

interface Columns {
  readonly name: number;
  readonly figure: number;
  readonly notes: readonly number[];
  readonly bar: number;
}

/** In the order in which they are given, in lines of at most `width` columns. */
export function barLines(rows: readonly BarRow[], width: number, c: Colours): string[] {
  const shown = rows.map((row) => ({ ...row, name: visible(row.name) }));
  const drawn = shown.filter((row) => row.kind === 'bar');
  const most = Math.max(...drawn.map(({ value }) => value ?? 0));
  const columns = columnsOf(shown, width);
  return shown.flatMap((row) => {
    if (row.kind === 'failed') return failedLines(row.name, row.reason, columns.name, width, c);
    const paint = row.look === 'pale' ? c.dim : String;
    return rowLines(row, columns, most, width, c).map(paint);
  });
}

/** Without room for a bar it is what is left of a line for it and its figure alone. */
function columnsOf(rows: readonly BarRow[], width: number): Columns & { readonly isWide: boolean } {
  const drawn = rows.filter((row) => row.kind === 'bar');
  const longest = (texts: readonly string[]): number => Math.max(0, ...texts.map(({ length }) => length));
  const name = longest(rows.map((row) => row.name));
  const figure = longest(drawn.map((row) => row.figure));
  const count = Math.max(0, ...drawn.map(({ notes }) => notes.length));
  const notes = Array.from({ length: count }, (_, i) => longest(drawn.map((row) => row.notes[i] ?? '')));
  const taken = notes.reduce((sum, one) => sum + (one === 0 ? 0 : GAP.length + one), 0);
  const before = INDENT.length + name + GAP.length + figure + GAP.length;
  const room = width - before - taken;
  const isWide = room >= SHORTEST;
  const alone = width - before >= SHORTEST ? width - before : width - DEEPER.length - figure - GAP.length;
  return { name, figure, notes, bar: Math.max(1, Math.min(LONGEST, isWide ? room : alone)), isWide };
}

function rowLines(
  row: Drawn,
  { name, figure, notes, bar, isWide }: ReturnType<typeof columnsOf>,
  most: number,
  width: number,
  c: Colours,
): string[] {
  const nameText = row.look === 'taken' ? c.bold : String;
  const amount = row.value === null || most === 0 ? '' : blocks(row.value / most, bar);
  const marks = row.look === 'pale' ? amount : c.cyan(amount);
  const gap = ' '.repeat(bar - amount.length);
  const cells = notes.flatMap((columnWidth, i) =>
    columnWidth === 0 ? [] : [(row.notes[i] ?? '').padStart(columnWidth)],
  );
  const measured = `${row.figure.padStart(figure)}${GAP}${marks}`;
  const padding = ' '.repeat(Math.max(0, name - row.name.length));
  if (isWide) {
    return [trimmed([`${INDENT}${nameText(row.name)}${padding}`, `${measured}${gap}`, ...cells].join(GAP))];
  }
  const below = wrapItems(
    row.notes.filter((note) => note !== ''),
    ' · ',
    width - DEEPER.length,
  ).map((line) => `${DEEPER}${line}`);
  const isBeside = INDENT.length + name + GAP.length + figure + GAP.length + SHORTEST <= width;
  if (isBeside) return [trimmed(`${INDENT}${nameText(row.name)}${padding}${GAP}${measured}`), ...below];
  return [
    ...wrap(row.name, width - INDENT.length).map((line) => `${INDENT}${nameText(line)}`),
    trimmed(`${DEEPER}${measured}`),
    ...below,
  ];
}

/** In place of a bar, as many lines as it takes. */
function failedLines(name: string, reason: string, nameWidth: number, width: number, c: Colours): string[] {
  const room = width - INDENT.length - nameWidth - GAP.length;
  const text = visible(reason);
  if (room < FEWEST_FOR_WORDS) {
    return [
      ...wrap(name, width - INDENT.length).map((line) => `${INDENT}${line}`),
      ...wrap(text, width - DEEPER.length).map((line) => `${DEEPER}${c.red(line)}`),
    ];
  }
  return wrap(text, room).map((line, i) => `${INDENT}${(i === 0 ? name : '').padEnd(nameWidth)}${GAP}${c.red(line)}`);
}

/** A bar of a share (0 to 1) of so many columns; what is above 0 is seen. */
export function blocks(share: number, columns: number): string {
  const eighths = Math.round(share * columns * 8);
  const all = share > 0 ? Math.max(1, eighths) : 0;
  return `${'█'.repeat(Math.floor(all / 8))}${EIGHTHS[all % 8] ?? ''}`;
}

function trimmed(line: string): string {
  return line.trimEnd();
}
