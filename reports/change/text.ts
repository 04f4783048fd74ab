import { createColors } from 'picocolors';
import type { Change } from '../../harness/judge/schema/change.ts';
import { textTable } from '../terminal/text-table.ts';
import { item, paragraph } from '../words/wrap.ts';
import { changeTable, conditionLines, isOpen, noteLines, rowsOf } from './rows.ts';

/** For a terminal: at most `width` columns, with colours only where they are asked for. */
export function changeText(
  change: Change,
  { colour, width }: { readonly colour: boolean; readonly width: number },
): string {
  const c = createColors(colour);
  const isWorse = change.cells.some(({ verdict, lostInHead }) => verdict === 'worse' || lostInHead);
  const sentence = paragraph(change.sentence, width);
  const open = rowsOf(change)
    .filter(isOpen)
    .map(({ cell, what, verdict, reason }) => item('- ', `${cell}, ${what}: ${verdict}, ${reason}`, width));
  const notes = noteLines(change).map((line) => item('note: ', line, width));
  const blocks = [
    textTable(changeTable(change), width, c),
    isWorse ? c.red(sentence) : c.bold(sentence),
    open.join('\n'),
    notes.join('\n'),
    conditionLines(change)
      .map((line) => c.dim(paragraph(line, width)))
      .join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
