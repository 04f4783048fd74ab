/** Tables and foldable parts in GitHub-flavoured markdown. */
import { markdown } from '../words/escape.ts';
import { MISSING } from '../words/figures.ts';
import { type Column, plainText, type ResultTable, type TableRow, type Value } from './table.ts';

export function markdownTable({ columns, rows }: ResultTable): string {
  const head = columns.map((column) => column.head.join(' ').trim());
  const rule = columns.map(({ align }) => (align === 'right' ? '---:' : '---'));
  return [head, rule, ...rows.map((row) => cells(row, columns))]
    .map((values) => `| ${values.join(' | ')} |`)
    .join('\n');
}

function cells(row: TableRow, columns: readonly Column[]): string[] {
  const name = markdown(row.name);
  // Markdown has no cells that span columns: the reason stands with the name, where the column is wide.
  if (row.kind === 'failed') return [`${name}: ${markdown(row.reason)}`, ...columns.slice(1).map(() => MISSING)];
  const { mark } = row;
  return [
    name,
    ...row.values.map((value, i) =>
      mark !== null && columns[i + 1]?.meaning === 'label'
        ? `${valueText(value)}, ${markdown(mark)}`
        : valueText(value),
    ),
  ];
}

function valueText(value: Value): string {
  // A code span shows what is in it as it is, so nothing of others may be drawn.
  if (typeof value !== 'string' && value.isDrawing === true) return `\`${value.text}\``;
  const text = markdown(plainText(value));
  return typeof value !== 'string' && (value.look === 'bad' || value.look === 'decided') ? `**${text}**` : text;
}

/** Folded away until somebody opens it: in a comment on a pull request the figures come first. `title` is a literal. */
export function folded(title: string, content: string): string {
  return `<details>\n<summary>${title}</summary>\n\n${content}\n\n</details>`;
}

/** A list of plain text. */
export function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${markdown(line)}`).join('\n');
}
