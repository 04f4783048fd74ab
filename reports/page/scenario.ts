import type { ScenarioSummary, Summary } from '../../harness/judge/summary-schema.ts';
import { conditions, limitLine, scenarioTitle } from '../cells.ts';
import { costTable } from '../cost-table.ts';
import { html } from '../escape.ts';
import { outlierNotes } from '../outliers.ts';
import { resultTable } from '../result-table.ts';
import { comparisonSection } from './comparisons.ts';
import { evidence } from './evidence.ts';
import { latencySection } from './latency.ts';
import { type Markup, scrolling } from './markup.ts';
import { isolated, labelled } from './svg.ts';
import { tableMarkup } from './table.ts';

/** A chart as the page needs it: drawn, or left out for a reason. */
export type ReportChart = {
  /** Key in the chart registry. */
  readonly name: string;
  /** Id of the scenario. */
  readonly scenario: string;
} & (
  | { readonly kind: 'drawn'; readonly svg: string; readonly alt: string }
  | { readonly kind: 'omitted'; readonly reason: string }
);

type DrawnChart = Extract<ReportChart, { kind: 'drawn' }>;

/** The part of the page about one scenario. `anchor` is the id that links on the page point to. */
export function scenarioSection(
  summary: Summary,
  scenario: ScenarioSummary,
  charts: readonly ReportChart[],
  anchor: string,
): Markup {
  const facts = conditions(scenario);
  if (scenario.limit !== null) facts.push(limitLine(scenario.limit));
  const title = html(scenarioTitle(scenario));
  const results = tableMarkup(`All figures of ${scenarioTitle(scenario)}`, resultTable(scenario));
  return [
    `<section aria-labelledby="${anchor}">`,
    `<h2 id="${anchor}">${title}</h2>`,
    `<p>${html(scenario.question)}</p>`,
    `<p class="soft">${html(facts.join(' · '))}</p>`,
    ...charts.flatMap((chart, i) => (chart.kind === 'drawn' ? [chartFigure(chart, `${anchor}-${i + 1}-`)] : [])),
    ...omittedNotes(charts),
    scrolling(`Results of ${scenarioTitle(scenario)}`, results),
    ...outlierNotes(scenario).map((note) => `<p class="notice">${html(note)}</p>`),
    costs(scenario),
    comparisonSection(summary, scenario),
    latencySection(scenario),
    evidence(scenario),
    '</section>',
  ].join('\n');
}

function chartFigure(chart: DrawnChart, idPrefix: string): Markup {
  const image = labelled(isolated(chart.svg, idPrefix), chart.alt);
  return `<figure>${scrolling(`Chart ${chart.name}`, image)}</figure>`;
}

/** Why charts are missing: a line per reason. */
function omittedNotes(charts: readonly ReportChart[]): Markup[] {
  const namesByReason = new Map<string, string[]>();
  for (const chart of charts) {
    if (chart.kind === 'drawn') continue;
    namesByReason.set(chart.reason, [...(namesByReason.get(chart.reason) ?? []), `“${chart.name}”`]);
  }
  return [...namesByReason].map(([reason, names]) => {
    const noun = names.length === 1 ? 'chart' : 'charts';
    return `<p class="soft">No ${noun} ${html(names.join(', '))}: ${html(reason)}.</p>`;
  });
}

function costs(scenario: ScenarioSummary): Markup {
  const cost = costTable(scenario);
  if (cost === null) return '';
  const title = `Cost of ${scenarioTitle(scenario)}`;
  return `<h3>What it cost</h3>\n${scrolling(title, tableMarkup(`${title}, over all valid trials`, cost))}`;
}
