import { createColors } from 'picocolors';
import type { Change } from '../../harness/judge/schema/change.ts';
import { figureColumn, type ResultTable } from '../tables/table.ts';
import { textTable } from '../terminal/text-table.ts';
import { visible } from '../words/escape.ts';
import { wrap, wrapItem } from '../words/wrap.ts';
import { conditionLines, isOpen, noteLines, rowsOf } from './rows.ts';

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
    textTable(tableOf(change), WIDTH, c),
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

function tableOf(change: Change): ResultTable {
  const hasControl = change.control !== null;
  const rows = rowsOf(change);
  return {
    columns: [
      { head: ['', 'cell'], align: 'left' },
      { head: ['', 'metric'], align: 'left' },
      figureColumn('head against base', '(interval)', () => '').column,
      ...(hasControl ? [figureColumn('against the control', '(interval)', () => '').column] : []),
      { head: ['', 'verdict'], align: 'left', meaning: 'label' },
    ],
    rows: rows.map(({ cell, what, change, relative, verdict }) => ({
      kind: 'measured',
      // A table splits names at line breaks.
      name: visible(cell),
      values: [what, change, ...(hasControl ? [relative] : []), verdict],
      mark: verdict === 'worse' ? verdict : null,
    })),
  };
}
