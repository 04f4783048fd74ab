import { createColors } from 'picocolors';
import type { Change } from '../../harness/judge/schema/change.ts';
import { type Colours, plainTable } from '../terminal/text-table.ts';
import { visible } from '../words/escape.ts';
import { counted } from '../words/figures.ts';
import { item, paragraph, shorten } from '../words/wrap.ts';
import {
  type ChangeRow,
  conditionLines,
  type Described,
  described,
  noteLines,
  openText,
  type Standing,
  slowerRows,
} from './rows.ts';

/** For a terminal: at most `width` columns, with colours only where they are asked for. */
export function changeText(
  change: Change,
  { colour, width }: { readonly colour: boolean; readonly width: number },
): string {
  const c = createColors(colour);
  const about = described(change);
  const isFine = change.outcome === 'pass' || change.outcome === 'untold';
  const line = paragraph(about.line, width);
  const more =
    about.rest.length === 0 ? '' : `and ${counted(about.rest.length, 'more row')}, in --format markdown and json`;
  const open = [...about.open, ...about.unjudged].map((row) => item('- ', openText(row, about), width));
  const notes = noteLines(change).map((text) => item('note: ', text, width));
  const blocks = [
    isFine ? c.bold(line) : c.red(line),
    table(about, width, c),
    more,
    slowerText(change),
    open.join('\n'),
    notes.join('\n'),
    // Not broken into lines, so that it can be copied.
    change.again === null ? '' : `again: ${visible(change.again)}`,
    conditionLines(change)
      .map((text) => c.dim(paragraph(text, width)))
      .join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

interface TextColumn {
  readonly head: string;
  readonly align: 'left' | 'right';
  readonly of: (row: ChangeRow) => string;
}

const BASE: TextColumn = { head: 'base', align: 'right', of: ({ base }) => base };
const CHANGE: TextColumn = { head: 'head against base', align: 'right', of: ({ change }) => change };
const SURE: TextColumn = { head: '95% sure', align: 'left', of: ({ sure }) => sure };
/** Without its interval, for which a terminal has no room. */
const RELATIVE: TextColumn = {
  head: 'to control',
  align: 'right',
  of: ({ relative }) => relative.replace(/ \(.*$/, ''),
};

/** As many columns as fit. */
function table({ shown, isMany, hasControl }: Described, width: number, c: Colours): string {
  if (shown.length === 0) return '';
  const beside = hasControl ? [RELATIVE] : [];
  const choices = [
    [BASE, CHANGE, ...beside, SURE],
    [CHANGE, ...beside, SURE],
    [CHANGE, SURE],
  ];
  const drawn = choices.map((columns) => drawnTable(shown, isMany, columns, c));
  const fitting = drawn.find((lines) => lines.every(({ plain }) => plain.length <= width)) ?? drawn.at(-1) ?? [];
  return fitting.map(({ coloured }) => coloured).join('\n');
}

/** The rows of a cell below its name, where there are several. */
function drawnTable(rows: readonly ChangeRow[], isMany: boolean, columns: readonly TextColumn[], c: Colours) {
  const draw = (look: (standing: Standing) => (text: string) => string): string[] =>
    plainTable({
      head: ['', ...columns.map(({ head }) => head)],
      aligns: ['left', ...columns.map(({ align }) => align)],
      rows: [...new Set(rows.map(({ name }) => name))].flatMap((name) => {
        const own = rows.filter((row) => row.name === name);
        const lines = own.map((row) =>
          [`${row.mark} ${row.what}`, ...columns.map(({ of }) => of(row))].map(visible).map(look(row.standing)),
        );
        const title = { content: visible(name), colSpan: columns.length + 1, hAlign: 'left' as const };
        return isMany ? [[title], ...lines] : lines;
      }),
      gap: 2,
    });
  const coloured = draw((standing) => (standing === 'broken' || standing === 'fail' ? c.red : String));
  return draw(() => String).map((plain, i) => ({ plain, coloured: coloured[i] ?? plain }));
}

/** Of names and places that are longer, the end is cut off. */
const NAME_LENGTH = 28;
const WHERE_LENGTH = 26;

function slowerText(change: Change): string {
  const rows = slowerRows(change).map(({ name, where, time }) => [
    time,
    shorten(visible(name), NAME_LENGTH),
    shorten(visible(where), WHERE_LENGTH),
  ]);
  if (rows.length === 0) return '';
  return plainTable({ head: ['CPU time', 'function that got slower', 'where'], rows, gap: 2 }).join('\n');
}
