import { createColors } from 'picocolors';
import type { Change } from '../../harness/judge/schema/change.ts';
import { textTable } from '../terminal/text-table.ts';
import { visible } from '../words/escape.ts';
import { wrap, wrapItem } from '../words/wrap.ts';
import { changeTable, conditionLines, isOpen, noteLines, rowsOf } from './rows.ts';

const WIDTH = 100;

/** For a terminal: at most 100 columns, with colours only where they are asked for. */
export function changeText(change: Change, { colour }: { readonly colour: boolean }): string {
  const c = createColors(colour);
  const isWorse = change.cells.some(({ verdict, lostInHead }) => verdict === 'worse' || lostInHead);
  const sentence = wrap(visible(change.sentence), WIDTH).join('\n');
  const open = rowsOf(change)
    .filter(isOpen)
    .map(({ cell, what, verdict, reason }) => item('- ', `${cell}, ${what}: ${verdict}, ${reason}`));
  const notes = noteLines(change).map((line) => item('note: ', line));
  const blocks = [
    textTable(changeTable(change), WIDTH, c),
    isWorse ? c.red(sentence) : c.bold(sentence),
    open.join('\n'),
    notes.join('\n'),
    conditionLines(change)
      .map((line) => c.dim(wrap(visible(line), WIDTH).join('\n')))
      .join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function item(marker: string, line: string): string {
  return wrapItem(marker, visible(line), WIDTH);
}
