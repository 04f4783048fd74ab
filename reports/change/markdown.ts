import type { Change } from '../../harness/judge/schema/change.ts';
import { bullets, folded, markdownTable } from '../tables/markdown.ts';
import { markdown as text, visible } from '../words/escape.ts';
import { conditionLines, described, noteLines, openText, slowerRows } from './rows.ts';
import { changeTable, slowerTable } from './table.ts';

/** For a comment on a pull request: the decision and what it rests on, the rest folded away. */
export function changeMarkdown(change: Change): string {
  const about = described(change);
  const slower = slowerTable(slowerRows(change), about);
  const { shown, rest } = about;
  const blocks = [
    `### ${text(about.line)}`,
    ...(shown.length === 0 ? [] : [markdownTable(changeTable(shown, about, true))]),
    ...(slower === null ? [] : [markdownTable(slower)]),
    ...(change.again === null ? [] : [codeBlock(change.again)]),
    ...(rest.length === 0 ? [] : [folded(`${rest.length} more`, markdownTable(changeTable(rest, about, true)))]),
    ...part(
      'What is not decided, and why',
      [...about.open, ...about.unjudged].map((row) => openText(row, about)),
    ),
    ...part('Notes', noteLines(change)),
    ...part('How it was measured', conditionLines(change)),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** A fence that the text cannot end. */
export function codeBlock(code: string): string {
  const lines = code.split('\n').map(visible).join('\n');
  const longest = Math.max(2, ...[...lines.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${lines}\n${fence}`;
}

function part(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [folded(title, bullets(lines))];
}
