import type { ScenarioSummary, Summary } from '../harness/judge/schema/summary.ts';
import { omittedLines, type ReportChart } from './page/figure.ts';
import { COST_NOTES, costTable } from './tables/costs.ts';
import { LATENCY_NOTES, latencyTable } from './tables/latency.ts';
import { bullets, folded, markdownTable } from './tables/markdown.ts';
import { pairTable } from './tables/pairs.ts';
import { COLUMN_NOTES, failureCounts, resultTable } from './tables/results.ts';
import { SLO_NOTES, sloTable, sloTitle } from './tables/slo.ts';
import { trialNotes } from './tables/trial-notes.ts';
import { aboutLines, answerLines, BETWEEN_ANSWERS, conditions, limitLine, scenarioTitle } from './words/cells.ts';
import { comparisonCaption, hintsOf, marginText, openNotes, pairLines } from './words/comparisons.ts';
import { markdown as text } from './words/escape.ts';
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
    ...answerLines(summary).map(
      ({ label, items }) => `**${label === null ? '' : `${text(label)}: `}${items.map(text).join(BETWEEN_ANSWERS)}**`,
    ),
    ...(incomplete === null ? [] : [`> **${text(incomplete)}:** not every planned trial was measured.`]),
    ...imagesOf(charts, null),
    ...summary.scenarios.map((scenario) => scenarioBlock(summary, scenario, imagesOf(charts, scenario.id))),
    ...(summary.scenarios.some(({ comparisons: pairs }) => pairs.length > 0)
      ? [`**Model against model:** ${text(comparisonCaption(summary, true))}`]
      : []),
    ...aboutLines(summary).map(text),
    ...listed(
      'Warnings',
      summary.warnings.map(({ message, nextStep }) => `${message}; ${nextStep}`),
    ),
    ...listed('Failed trials', failureCounts(summary.failures)),
    notes(summary),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function scenarioBlock(
  summary: Several<Summary>,
  scenario: Several<ScenarioSummary>,
  [first, ...rest]: readonly string[],
): string {
  const facts = conditions(scenario);
  if (scenario.limit !== null) facts.push(limitLine(scenario.limit));
  const cost = costTable(scenario);
  const pairs = pairTable(scenario, false);
  return [
    `### ${text(scenarioTitle(scenario))}`,
    ...textsOf(scenario, ({ sentence }) => sentence).map(text),
    ...hintsOf(scenario).map((hint) => `hint: ${text(hint)}`),
    text(facts.join(' · ')),
    ...(first === undefined ? [] : [first]),
    markdownTable(resultTable(scenario)),
    ...[...trialNotes(scenario), ...pinnedNote(scenario)].map(text),
    ...(cost === null ? [] : ['#### What it cost', markdownTable(cost)]),
    ...(pairs === null ? [] : ['#### Model against model', markdownTable(pairs)]),
    ...openNotes(pairLines(scenario), marginText(summary)).map(text),
    ...latencyBlocks(scenario),
    ...(rest.length === 0 ? [] : [folded('More charts', rest.join('\n\n'))]),
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
      markdownTable(latencyTable(scenario, cellsAt(rate, latency))),
      text(rate.sentence),
    ]),
    ...rateNotices(latency).map(text),
    ...(slo === null
      ? []
      : [`#### ${text(sloTitle(slo))}`, markdownTable(sloTable(scenario, slo, null)), text(slo.sentence)]),
  ];
}

function notes({ scenarios }: Summary): string {
  const latency = scenarios.some((scenario) => scenario.latency !== null) ? [...LATENCY_NOTES, ...SLO_NOTES] : [];
  return folded('What the columns mean', bullets([...COLUMN_NOTES, ...COST_NOTES, ...latency]));
}

/** The charts of a scenario, or of the whole run: by the names of their files, or why there is none. */
function imagesOf(charts: readonly ReportChart[], scenario: string | null): string[] {
  const own = charts.filter((chart) => chart.scenario === scenario);
  const images = own.flatMap((chart) => (chart.kind === 'drawn' ? [`![${text(chart.alt)}](${chart.file}.svg)`] : []));
  return [...images, ...omittedLines(own).map(text)];
}

function listed(heading: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`#### ${heading}\n\n${bullets(items)}`];
}
