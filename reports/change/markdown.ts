import { lostHeadline } from '../../harness/judge/change/sentence.ts';
import type { Change } from '../../harness/judge/schema/change.ts';
import { markdown } from '../words/escape.ts';
import { type ChangeRow, conditionLines, isOpen, noteLines, rowsOf } from './rows.ts';

/** For a comment on a pull request: the decision and the table, the rest folded away. */
export function changeMarkdown(change: Change): string {
  const rows = rowsOf(change);
  const open = rows
    .filter(isOpen)
    .map(({ cell, what, verdict, reason }) => `- ${text(`${cell}, ${what}`)}: **${verdict}**, ${text(reason)}`);
  const blocks = [
    `### fourways: ${text(headline(change))}`,
    text(change.sentence),
    table(rows, change.control !== null),
    ...folded('What is left open, and why', open),
    ...folded('What is not the same in both runs', list(noteLines(change))),
    ...folded('How it was measured', list(conditionLines(change))),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** In a comment a name must not call people: a mention is broken by a comment that nobody sees. */
function text(line: string): string {
  return markdown(line).replace(/(?<!\w)@(?=\w)/g, '@<!-- -->');
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
  return open > 0 ? `nothing shown to be worse, ${open} of ${judged.length} cells open` : 'equivalent';
}

function table(rows: readonly ChangeRow[], hasControl: boolean): string {
  const control = (value: string): string[] => (hasControl ? [value] : []);
  const head = ['cell', 'metric', 'head against base', ...control('against the control'), 'verdict'];
  const rule = ['---', '---', '---:', ...control('---:'), '---'];
  const body = rows.map(({ cell, what, change, relative, verdict }) => {
    const word = verdict === 'worse' || verdict === 'better' ? `**${verdict}**` : verdict;
    return [text(cell), what, change, ...control(relative), word];
  });
  return [head, rule, ...body].map((values) => `| ${values.join(' | ')} |`).join('\n');
}

function list(lines: readonly string[]): string[] {
  return lines.map((line) => `- ${text(line)}`);
}

function folded(summary: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return [`<details>\n<summary>${summary}</summary>\n\n${lines.join('\n')}\n\n</details>`];
}
