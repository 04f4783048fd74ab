import { scenarioTitle, scenarioWords } from '../harness/judge/words.ts';
import { overallAnswer, verdictLine } from '../harness/judge/answer/decision.ts';
import type { ScenarioSummary, Summary } from '../harness/judge/schema/summary.ts';
import { chartTitle, omittedLines, type ReportChart } from './page/figure.ts';
import { COST_NOTES, costTable } from './tables/costs.ts';
import { FAULT_NOTES, faultsOfRuns, faultTable, faultTitle } from './tables/faults.ts';
import { LATENCY_NOTES, latencyTable } from './tables/latency.ts';
import { bullets, folded, markdownTable } from './tables/markdown.ts';
import { pairTable } from './tables/pairs.ts';
import { COLUMN_NOTES, failureCounts, resultTable } from './tables/results.ts';
import { type SeriesTable, seriesTables } from './tables/series.ts';
import { SLO_NOTES, sloTable, sloTitle } from './tables/slo.ts';
import { trialNotes } from './tables/trial-notes.ts';
import { aboutLines, conditions, limitLine } from './words/cells.ts';
import { comparisonCaption, hintsOf, marginText, openNotes, pairLines } from './words/comparisons.ts';
import { markdown as text } from './words/escape.ts';
import { pinnedNote } from './words/placement.ts';
import { cellsAt, offeredLine, rateNotices, rateText, rateTitle } from './words/rates.ts';
import { incompleteText, type Several, saidOf, textsOf } from './words/runs.ts';
import { steadyLine } from './words/steadiness.ts';

/**
 * The report in GitHub-flavoured markdown, for a job summary or a comment on a pull request; with images where there are
 * files of charts beside it.
 */
export function markdownReport(summary: Several<Summary>, charts: readonly ReportChart[] = []): string {
  const incomplete = incompleteText(summary);
  const blocks = [
    ...textsOf(summary, overallAnswer).map((answer) => `**${text(answer)}**`),
    ...(incomplete === null ? [] : [`> **${text(incomplete)}:** not every planned trial was measured.`]),
    summary.scenarios.flatMap(verdicts).join('\n'),
    ...imagesOf(charts, null),
    ...(summary.series ?? []).flatMap((series) => seriesTables(series, summary).map(seriesText)),
    ...summary.scenarios.map((scenario) => scenarioBlock(summary, scenario, imagesOf(charts, scenario.id))),
    ...aboutLines(summary).map(text),
    ...saidOf(summary, steadyLine).map(text),
    ...listed(
      'Warnings',
      summary.warnings.map(({ message, nextStep }) => `${message}; ${nextStep}`),
    ),
    ...listed('Failed trials', failureCounts(summary.failures)),
    notes(summary),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function seriesText({ title, head, rows, note }: SeriesTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(text).join(' | ')} |`;
  const table = [line(head), `| --- |${' ---: |'.repeat(head.length - 1)}`, ...rows.map(line)].join('\n');
  return [`**${text(title)}**`, table, ...(note === '' ? [] : [text(note)])].join('\n\n');
}

/** What is to be taken in a scenario, in a line; of several runs a line for each. */
function verdicts(scenario: Several<ScenarioSummary>): string[] {
  return textsOf(scenario, verdictLine).map((verdict) => `- **${text(scenarioWords(scenario))}:** ${text(verdict)}`);
}

function scenarioBlock(
  summary: Several<Summary>,
  scenario: Several<ScenarioSummary>,
  [first, ...rest]: readonly string[],
): string {
  const facts = conditions(scenario);
  if (scenario.limit !== null) facts.push(limitLine(scenario.limit));
  const [words, title] = [scenarioWords(scenario), scenarioTitle(scenario)];
  const cost = costTable(scenario);
  return [
    `### ${text(words)}`,
    ...textsOf(scenario, ({ sentence }) => sentence).map(text),
    ...hintsOf(scenario).map((hint) => `hint: ${text(hint)}`),
    text([...(words === title ? [] : [title]), ...facts].join(' · ')),
    ...(first === undefined ? [] : [first]),
    markdownTable(resultTable(scenario)),
    ...[...trialNotes(scenario), ...pinnedNote(scenario)].map(text),
    ...(cost === null ? [] : [folded('What it cost', markdownTable(cost))]),
    ...pairBlocks(summary, scenario),
    ...latencyBlocks(scenario),
    ...faultBlocks(scenario),
    ...(rest.length === 0 ? [] : [folded('More charts', rest.join('\n\n'))]),
  ].join('\n\n');
}

function pairBlocks(summary: Several<Summary>, scenario: Several<ScenarioSummary>): string[] {
  const pairs = pairTable(scenario, false);
  const notes = openNotes(pairLines(scenario), marginText(summary)).map(text);
  if (pairs === null) return notes;
  const content = [text(comparisonCaption(summary, true)), markdownTable(pairs), ...notes];
  return [folded('Model against model', content.join('\n\n'))];
}

/** A table per common rate, and one for the SLO. */
function latencyBlocks(scenario: ScenarioSummary): string[] {
  const { latency } = scenario;
  if (latency === null) return [];
  const { common, slo } = latency;
  return [
    ...common.flatMap((rate) => [
      text(`${rateTitle(rate)}: ${rate.sentence}`),
      folded(
        `Latency by model${common.length === 1 ? '' : ` at ${rateText(rate.offeredPerSec)}`}`,
        [text(offeredLine(rate, latency)), markdownTable(latencyTable(scenario, cellsAt(rate, latency)))].join('\n\n'),
      ),
    ]),
    ...rateNotices(latency).map(text),
    ...(slo === null
      ? []
      : [`#### ${text(sloTitle(slo))}`, markdownTable(sloTable(scenario, slo, null)), text(slo.sentence)]),
  ];
}

/** A sentence and a table per fault; of several runs those of each. */
function faultBlocks(scenario: Several<ScenarioSummary>): string[] {
  return faultsOfRuns(scenario).flatMap(({ label, of, fault }) => [
    `#### ${text(`${label === null ? '' : `${label}: `}${faultTitle(fault, of)}`)}`,
    text(fault.sentence),
    markdownTable(faultTable(fault, of, { stacked: false, seenWidth: null })),
  ]);
}

function notes({ scenarios }: Summary): string {
  const latency = scenarios.some((scenario) => scenario.latency !== null) ? [...LATENCY_NOTES, ...SLO_NOTES] : [];
  const faults = scenarios.some((scenario) => faultsOfRuns(scenario).length > 0) ? FAULT_NOTES : [];
  return folded('What the columns mean', bullets([...COLUMN_NOTES, ...COST_NOTES, ...latency, ...faults]));
}

/** The charts of a scenario, or of the whole run: by the names of their files, or why there is none. */
function imagesOf(charts: readonly ReportChart[], scenario: string | null): string[] {
  const own = charts.filter((chart) => chart.scenario === scenario);
  const images = own.flatMap((chart) =>
    chart.kind === 'omitted' ? [] : [`![${text(altOf(chart))}](${chart.file}.svg)`],
  );
  return [...images, ...omittedLines(own).map(text)];
}

/** What the chart found; its figures are in the tables beside it. */
function altOf({ name, scenario, alt }: Exclude<ReportChart, { kind: 'omitted' }>): string {
  return scenario === null ? `${chartTitle(name)} of the whole run.` : alt.replace(/ \(.*\)\.$/su, '.');
}

function listed(heading: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`#### ${heading}\n\n${bullets(items)}`];
}
