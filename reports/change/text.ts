import { createColors } from 'picocolors';
import type { Between } from '../../harness/judge/schema/change.ts';
import { textTable } from '../terminal/text-table.ts';
import { item, paragraph, WIDTH } from '../words/wrap.ts';
import { changeTable, conditionLines, isOpen, noteLines, rowsOf } from './rows.ts';

/** For a terminal: at most 100 columns, with colours only where they are asked for. */
export function textBetween(between: Between, { colour }: { readonly colour: boolean }): string {
  const c = createColors(colour);
  const isWorse = between.cells.some(({ verdict, lostInHead }) => verdict === 'worse' || lostInHead);
  const sentence = paragraph(between.sentence);
  const open = rowsOf(between)
    .filter(isOpen)
    .map(({ cell, what, verdict, reason }) => item('- ', `${cell}, ${what}: ${verdict}, ${reason}`));
  const notes = noteLines(between).map((line) => item('note: ', line));
  const blocks = [
    textTable(changeTable(between), WIDTH, c),
    isWorse ? c.red(sentence) : c.bold(sentence),
    open.join('\n'),
    notes.join('\n'),
    conditionLines(between)
      .map((line) => c.dim(paragraph(line)))
      .join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
