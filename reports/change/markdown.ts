import { lostHeadline } from '../../harness/judge/change/sentence.ts';
import type { Change } from '../../harness/judge/schema/change.ts';
import { bullets, folded, markdownTable } from '../tables/markdown.ts';
import { markdown as text } from '../words/escape.ts';
import { changeTable, conditionLines, isOpen, noteLines, rowsOf } from './rows.ts';

/** For a comment on a pull request: the decision and the table, the rest folded away. */
export function changeMarkdown(change: Change): string {
  const open = rowsOf(change)
    .filter(isOpen)
    .map(({ cell, what, verdict, reason }) => `- ${text(`${cell}, ${what}`)}: **${verdict}**, ${text(reason)}`);
  const blocks = [
    `### fourways: ${text(headline(change))}`,
    text(change.sentence),
    markdownTable(changeTable(change)),
    ...part('Open comparisons', open.join('\n')),
    ...part('Differences between the runs', bullets(noteLines(change))),
    ...part('How it was measured', bullets(conditionLines(change))),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function headline({ cells }: Change): string {
  const lost = lostHeadline(cells);
  const judged = cells.filter(({ verdict }) => verdict !== 'control');
  const count = (word: string): number => judged.filter(({ verdict }) => verdict === word).length;
  const [worse, better, open] = [count('worse'), count('better'), count('inconclusive') + count('invalid')];
  const slower = worse > 0 ? `worse in ${worse} of ${judged.length} cells` : null;
  if (lost !== null || slower !== null) return [lost, slower].filter((part) => part !== null).join('; ');
  if (open === judged.length) return 'inconclusive';
  if (better > 0) return `better in ${better} of ${judged.length} cells`;
  return open > 0 ? `no regression found, ${open} of ${judged.length} cells open` : 'equivalent';
}

function part(title: string, lines: string): string[] {
  return lines === '' ? [] : [folded(title, lines)];
}
