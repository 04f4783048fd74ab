import type { ScenarioSummary, Summary } from '../harness/judge/summary-schema.ts';
import { conditions, limitLine, machineLine, scenarioTitle } from './cells.ts';
import { markdown as text } from './escape.ts';
import { MISSING } from './figures.ts';
import { failureCounts, type ResultTable, resultTable, type TableRow } from './result-table.ts';

/** The report in GitHub-flavoured markdown, for a job summary or a comment on a pull request. */
export function markdownReport(summary: Summary): string {
  const blocks = [
    ...(summary.complete ? [] : ['> **The run is not complete:** not every planned trial was measured.']),
    ...summary.scenarios.map(scenarioBlock),
    text(`${machineLine(summary)} · ${summary.startedAt.slice(0, 10)} · fourways ${summary.version}`),
    ...listed(
      'Warnings',
      summary.warnings.map(({ message, nextStep }) => `- ${text(message)} ${text(nextStep)}`),
    ),
    ...listed(
      'Failed trials',
      failureCounts(summary.failures).map((line) => `- ${text(line)}`),
    ),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function scenarioBlock(scenario: ScenarioSummary): string {
  const facts = conditions(scenario);
  if (scenario.limit !== null) facts.push(limitLine(scenario.limit));
  return [
    `### ${text(scenarioTitle(scenario))}`,
    text(scenario.sentence),
    text(facts.join(' · ')),
    table(resultTable(scenario)),
  ].join('\n\n');
}

function table({ columns, rows }: ResultTable): string {
  const head = columns.map(({ head: lines }) => lines.join(' ').trim());
  const rule = columns.map(({ align }) => (align === 'right' ? '---:' : '---'));
  return [line(head), line(rule), ...rows.map((row) => line(cells(row, columns.length)))].join('\n');
}

function cells(row: TableRow, columns: number): string[] {
  const name = text(row.name);
  if (row.kind === 'measured') return [name, ...row.values.map(text)];
  // Markdown has no cells that span columns: the reason stands with the name, where the column is wide.
  return [`${name}: ${row.reason}`, ...Array.from({ length: columns - 1 }, () => MISSING)];
}

function line(values: readonly string[]): string {
  return `| ${values.join(' | ')} |`;
}

function listed(heading: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`#### ${heading}\n\n${items.join('\n')}`];
}
