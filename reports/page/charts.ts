/** The charts of a report: one of the whole run, then those of each scenario under its question. */
import type { ScenarioSummary, Summary } from '../../harness/judge/schema/summary.ts';
import { conditions, limitLine, scenarioTitle, scenarioWords } from '../words/cells.ts';
import { html } from '../words/escape.ts';
import { apartText, chartFigure, omittedLines, type PageChart } from './figure.ts';
import { type Markup, notice, section, softLine } from './markup.ts';

/** The charts that are not of one scenario. Empty where there are none, drawn or left out. */
export function overviewFigures(charts: readonly PageChart[]): Markup {
  const own = charts.filter(({ scenario }) => scenario === null);
  const figures = drawn(own, 'the whole run', 'overview');
  return own.length === 0
    ? ''
    : `<div class="overview">\n${[...figures, ...omittedLines(own).map(softLine)].join('\n')}\n</div>`;
}

/** What the links on the page point to for the charts of a scenario. */
export function chartsAnchor(index: number): string {
  return `charts-${index + 1}`;
}

export function chartsSection({ scenarios }: Summary, charts: readonly PageChart[]): Markup {
  const parts = scenarios.map((scenario, i) => {
    const own = charts.filter((chart) => chart.scenario === scenario.id);
    return ofScenario(scenario, own, chartsAnchor(i));
  });
  const apart = apartText(charts);
  const above = apart === null ? '' : `${notice(apart)}\n`;
  return section('charts', 'Charts', `${above}${parts.join('\n')}`);
}

function ofScenario(scenario: ScenarioSummary, charts: readonly PageChart[], anchor: string): Markup {
  const facts = conditions(scenario);
  if (scenario.limit !== null) facts.push(limitLine(scenario.limit));
  const title = scenarioTitle(scenario);
  return [
    `<section class="scenario" aria-labelledby="${anchor}">`,
    `<div class="head"><h3 id="${anchor}">${html(title)}</h3>`,
    `<p class="question">${html(scenarioWords(scenario))}</p>`,
    `<p class="soft facts">${html(facts.join(' · '))}</p></div>`,
    `<div class="figures">\n${drawn(charts, title, anchor).join('\n')}\n</div>`,
    `<div class="omitted">${omittedLines(charts).map(softLine).join('\n')}</div>`,
    '</section>',
  ].join('\n');
}

function drawn(charts: readonly PageChart[], of: string, anchor: string): Markup[] {
  return charts.flatMap((chart, i) => (chart.kind === 'omitted' ? [] : [chartFigure(chart, of, `${anchor}-${i + 1}`)]));
}
