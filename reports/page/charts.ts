/** The charts of a report: one of the whole run, then those of each scenario, folded but for the first. */
import { scenarioTitle, scenarioWords } from '../../harness/judge/words.ts';
import type { ScenarioSummary, Summary } from '../../harness/judge/schema/summary.ts';
import { conditions, limitLine } from '../words/cells.ts';
import { html } from '../words/escape.ts';
import { counted } from '../words/figures.ts';
import { isOfFault } from './faults.ts';
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
    const own = charts.filter((chart) => chart.scenario === scenario.id && !isOfFault(chart));
    return ofScenario(scenario, own, chartsAnchor(i), i > 0);
  });
  const apart = apartText(charts);
  const above = apart === null ? '' : `${notice(apart)}\n`;
  return section('charts', 'Charts', `${above}${parts.join('\n')}`);
}

/** The charts of the first scenario are seen, those of others folded away. */
function ofScenario(
  scenario: ScenarioSummary,
  charts: readonly PageChart[],
  anchor: string,
  isFolded: boolean,
): Markup {
  const words = scenarioWords(scenario);
  const title = scenarioTitle(scenario);
  const facts = [...(words === title ? [] : [title]), ...conditions(scenario)];
  if (scenario.limit !== null) facts.push(limitLine(scenario.limit));
  const head = `<h3 id="${anchor}">${html(words)}</h3>`;
  const figures = drawn(charts, words, anchor);
  const content = [
    `<p class="soft facts">${html(facts.join(' · '))}</p>`,
    `<div class="figures">\n${figures.join('\n')}\n</div>`,
    `<div class="omitted">${omittedLines(charts).map(softLine).join('\n')}</div>`,
  ].join('\n');
  const count = `<span class="soft">${counted(figures.length, 'chart')}</span>`;
  return [
    `<section class="scenario" aria-labelledby="${anchor}">`,
    isFolded
      ? `<details class="fold"><summary>${head} ${count}</summary>\n${content}\n</details>`
      : `${head}\n${content}`,
    '</section>',
  ].join('\n');
}

function drawn(charts: readonly PageChart[], of: string, anchor: string): Markup[] {
  return charts.flatMap((chart, i) =>
    chart.kind === 'drawn' || chart.kind === 'apart' ? [chartFigure(chart, of, `${anchor}-${i + 1}`)] : [],
  );
}
