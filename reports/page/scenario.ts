import type { ScenarioSummary } from '../../harness/judge/summary-schema.ts';
import { conditions, limitLine, scenarioTitle } from '../cells.ts';
import { costTable } from '../cost-table.ts';
import { html } from '../escape.ts';
import { resultTable } from '../result-table.ts';
import { comparisonSection } from './comparisons.ts';
import { evidence } from './evidence.ts';
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

/** The part of the page about one scenario. `anchor` is the id that links on the page point to. */
export function scenarioSection(scenario: ScenarioSummary, charts: readonly ReportChart[], anchor: string): Markup {
  const facts = conditions(scenario);
  if (scenario.limit !== null) facts.push(limitLine(scenario.limit));
  const title = html(scenarioTitle(scenario));
  const results = tableMarkup(`All figures of ${scenarioTitle(scenario)}`, resultTable(scenario));
  return [
    `<section aria-labelledby="${anchor}">`,
    `<h2 id="${anchor}">${title}</h2>`,
    `<p>${html(scenario.question)}</p>`,
    `<p class="soft">${html(facts.join(' · '))}</p>`,
    ...charts.map((chart, i) => chartFigure(chart, `${anchor}-${i + 1}-`)),
    scrolling(`Results of ${scenarioTitle(scenario)}`, results),
    costs(scenario),
    comparisonSection(scenario),
    evidence(scenario),
    '</section>',
  ].join('\n');
}

function chartFigure(chart: ReportChart, idPrefix: string): Markup {
  if (chart.kind === 'omitted') {
    return `<p class="soft">No chart “${html(chart.name)}”: ${html(chart.reason)}.</p>`;
  }
  const image = labelled(isolated(chart.svg, idPrefix), chart.alt);
  return `<figure>${scrolling(`Chart ${chart.name}`, image)}</figure>`;
}

function costs(scenario: ScenarioSummary): Markup {
  const cost = costTable(scenario);
  if (cost === null) return '';
  const title = `Cost of ${scenarioTitle(scenario)}`;
  return `<h3>What it cost</h3>\n${scrolling(title, tableMarkup(`${title}, medians over trials`, cost))}`;
}
