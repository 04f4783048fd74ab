import type { HistoryView } from '../../harness/judge/schema/history.ts';
import { bullets, folded, markdownTable } from '../tables/markdown.ts';
import { markdown as text } from '../words/escape.ts';
import { changeLines, earlierLine, historyTables } from './rows.ts';

/** The changes first, the figures folded away. */
export function historyMarkdown(view: HistoryView): string {
  const tables = historyTables(view).flatMap(({ title, table, earlier }) => [
    text(title),
    markdownTable(table),
    ...(earlier > 0 ? [text(earlierLine(earlier))] : []),
  ]);
  const blocks = [
    `### fourways: ${text(view.sentence.replace(/\.$/u, ''))}`,
    bullets(changeLines(view)),
    folded('Figures', tables.join('\n\n')),
    bullets(view.notes),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
