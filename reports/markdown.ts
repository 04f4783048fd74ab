import type { ScenarioSummary, Summary } from '../harness/judge/schema/summary.ts';
import { omittedLines, type ReportChart } from './page/figure.ts';
import { COST_NOTES, costTable } from './tables/costs.ts';
import { LATENCY_NOTES, latencyTable } from './tables/latency.ts';
import { COLUMN_NOTES, failureCounts, resultTable } from './tables/results.ts';
import { SLO_NOTES, sloTable, sloTitle } from './tables/slo.ts';
import type { Column, ResultTable, TableRow } from './tables/table.ts';
import { trialNotes } from './tables/trial-notes.ts';
import { aboutLines, conditions, limitLine, scenarioTitle } from './words/cells.ts';
import { comparisonCaption, hintsOf, PAIR_HEADS, pairLines, withInterval, withWord } from './words/comparisons.ts';
import { markdown as text } from './words/escape.ts';
import { MISSING } from './words/figures.ts';
import { pinnedNote } from './words/placement.ts';
import { cellsAt, offeredLine, rateNotices, rateTitle } from './words/rates.ts';
import { incompleteText, type Several, textsOf } from './words/runs.ts';

/**
 * The report in GitHub-flavoured markdown, for a job summary or a comment on a pull request; with images where there are
 * files of charts beside it.
 */
export function markdownReport(summary: Several<Summary>, charts: readonly ReportChart[] = []): string {
  const incomplete = incompleteText(summary);
  const blocks = [
    ...(incomplete === null ? [] : [`> **${text(incomplete)}:** not every planned trial was measured.`]),
    ...imagesOf(charts, null),
    ...summary.scenarios.map((scenario) => scenarioBlock(scenario, imagesOf(charts, scenario.id))),
    ...(summary.scenarios.some(({ comparisons: pairs }) => pairs.length > 0)
      ? [`**Model against model:** ${text(comparisonCaption(summary))}`]
      : []),
    ...aboutLines(summary).map(text),
    ...listed(
      'Warnings',
      summary.warnings.map(({ message, nextStep }) => `- ${text(message)}; ${text(nextStep)}`),
    ),
    ...listed(
      'Failed trials',
      failureCounts(summary.failures).map((line) => `- ${text(line)}`),
    ),
    notes(summary),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function scenarioBlock(scenario: Several<ScenarioSummary>, [first, ...rest]: readonly string[]): string {
  const facts = conditions(scenario);
  if (scenario.limit !== null) facts.push(limitLine(scenario.limit));
  const cost = costTable(scenario);
  return [
    `### ${text(scenarioTitle(scenario))}`,
    ...textsOf(scenario, ({ sentence }) => sentence).map(text),
    ...hintsOf(scenario).map((hint) => `hint: ${text(hint)}`),
    text(facts.join(' · ')),
    ...(first === undefined ? [] : [first]),
    table(resultTable(scenario)),
    ...[...trialNotes(scenario), ...pinnedNote(scenario)].map(text),
    ...(cost === null ? [] : ['#### What it cost', table(cost)]),
    ...(scenario.comparisons.length === 0 ? [] : ['#### Model against model', comparisons(scenario)]),
    ...latencyBlocks(scenario),
    ...(rest.length === 0 ? [] : [folded('More charts', rest)]),
  ].join('\n\n');
}

/** A table per common rate, and one for the SLO. */
function latencyBlocks(scenario: ScenarioSummary): string[] {
  const { latency } = scenario;
  if (latency === null) return [];
  const { common, slo } = latency;
  return [
    ...common.flatMap((rate) => [
      `#### ${text(rateTitle(rate))}`,
      text(offeredLine(rate, latency)),
      table(latencyTable(scenario, cellsAt(rate, latency))),
      text(rate.sentence),
    ]),
    ...rateNotices(latency).map(text),
    ...(slo === null ? [] : [`#### ${text(sloTitle(slo))}`, table(sloTable(scenario, slo, null)), text(slo.sentence)]),
  ];
}

function table({ columns, rows }: ResultTable): string {
  const head = columns.map(({ head: lines }) => lines.join(' ').trim());
  const rule = columns.map(({ align }) => (align === 'right' ? '---:' : '---'));
  return [line(head), line(rule), ...rows.map((row) => line(cells(row, columns)))].join('\n');
}

function cells(row: TableRow, columns: readonly Column[]): string[] {
  const name = text(row.name);
  if (row.kind === 'measured') {
    const { mark } = row;
    const marked = (value: string, i: number) =>
      mark !== null && columns[i + 1]?.meaning === 'label' ? `${value}, ${mark}` : value;
    return [name, ...row.values.map(marked).map(text)];
  }
  // Markdown has no cells that span columns: the reason stands with the name, where the column is wide.
  return [`${name}: ${text(row.reason)}`, ...Array.from({ length: columns.length - 1 }, () => MISSING)];
}

function comparisons(scenario: ScenarioSummary): string {
  const rule = PAIR_HEADS.map((head) => (head === 'throughput' ? '---:' : '---'));
  const rows = pairLines(scenario).map(({ pair, ratio, verdictText, cpu, memory, reason, hint }) => {
    const why = hint === null ? reason : `${reason}; ${hint}`;
    return line([pair, withInterval(ratio), verdictText, withWord(cpu), withWord(memory), why].map(text));
  });
  return [line(PAIR_HEADS), line(rule), ...rows].join('\n');
}

function line(values: readonly string[]): string {
  return `| ${values.join(' | ')} |`;
}

/** Folded away: in a comment on a pull request the figures come first. */
function notes({ scenarios }: Summary): string {
  const latency = scenarios.some((scenario) => scenario.latency !== null) ? [...LATENCY_NOTES, ...SLO_NOTES] : [];
  const items = [...COLUMN_NOTES, ...COST_NOTES, ...latency].map((note) => `- ${text(note)}`);
  return folded('What the columns mean', [items.join('\n')]);
}

function folded(title: string, blocks: readonly string[]): string {
  return `<details>\n<summary>${title}</summary>\n\n${blocks.join('\n\n')}\n\n</details>`;
}

/** The charts of a scenario, or of the whole run: by the names of their files, or why there is none. */
function imagesOf(charts: readonly ReportChart[], scenario: string | null): string[] {
  const own = charts.filter((chart) => chart.scenario === scenario);
  const images = own.flatMap((chart) => (chart.kind === 'drawn' ? [`![${text(chart.alt)}](${chart.file}.svg)`] : []));
  return [...images, ...omittedLines(own).map(text)];
}

function listed(heading: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`#### ${heading}\n\n${items.join('\n')}`];
}
