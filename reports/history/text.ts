import { createColors } from 'picocolors';
import type { HistoryView } from '../../harness/judge/schema/history.ts';
import { textTable } from '../terminal/text-table.ts';
import { item, paragraph } from '../words/wrap.ts';
import { changeLines, earlierLine, historyTables } from './rows.ts';

/** For a terminal: at most `width` columns, with colours only where they are asked for. */
export function historyText(
  view: HistoryView,
  { colour, width }: { readonly colour: boolean; readonly width: number },
): string {
  const c = createColors(colour);
  const tables = historyTables(view).map(({ title, table, earlier }) =>
    [
      c.bold(paragraph(title, width)),
      textTable(table, width, c),
      ...(earlier > 0 ? [c.dim(paragraph(earlierLine(earlier), width))] : []),
    ].join('\n'),
  );
  const isWorse = view.series.some(({ changes }) => changes.some(({ verdict }) => verdict === 'worse'));
  const sentence = paragraph(view.sentence, width);
  const blocks = [
    ...tables,
    isWorse ? c.red(sentence) : c.bold(sentence),
    changeLines(view)
      .map((line) => item('- ', line, width))
      .join('\n'),
    view.notes.map((line) => c.dim(item('note: ', line, width))).join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
