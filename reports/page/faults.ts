/** What faults did to the models, on the page: of each fault a sentence, a table and its charts. */
import type { FaultSummary } from '../../harness/judge/schema/faults.ts';
import type { ScenarioSummary, Summary } from '../../harness/judge/schema/summary.ts';
import { capital, scenarioWords } from '../../harness/judge/words.ts';
import { faultText } from '../../harness/plan/faults.ts';
import { ofFaults } from '../charts/index.ts';
import { FAULT_NOTES, faultsOfRuns, faultTable, faultTitle } from '../tables/faults.ts';
import { html } from '../words/escape.ts';
import { chartFigure, type PageChart } from './figure.ts';
import { advice, bullets, folded, type Markup, scrolling, section } from './markup.ts';
import { tableMarkup } from './table.ts';

/** Whether a chart stands with its fault and not with the others of its scenario. */
export function isOfFault({ name }: PageChart): boolean {
  return Object.hasOwn(ofFaults, name);
}

export function hasFaults({ scenarios }: Summary): boolean {
  return scenarios.some((scenario) => faultsOfRuns(scenario).length > 0);
}

/** Empty without faults. */
export function faultsSection(summary: Summary, charts: readonly PageChart[]): Markup {
  if (!hasFaults(summary)) return '';
  const parts = summary.scenarios.flatMap((scenario, i) =>
    faultsOfRuns(scenario).map(({ label, of, fault }, j) => {
      const own = charts.filter(
        (chart) => isOfFault(chart) && chart.scenario === scenario.id && chart.part === faultText(fault.fault),
      );
      return ofFault(label === null ? '' : `${label}: `, of, fault, own, `faults-${i + 1}-${j + 1}`);
    }),
  );
  const notes = folded('What the columns mean', bullets(FAULT_NOTES.map((note) => capital(note))));
  return section('faults', 'Faults', [...parts, notes].join('\n'));
}

function ofFault(
  label: string,
  scenario: ScenarioSummary,
  fault: FaultSummary,
  charts: readonly PageChart[],
  anchor: string,
): Markup {
  const title = `${label}${capital(faultTitle(fault, scenario))}`;
  const figures = charts.flatMap((chart, i) =>
    chart.kind === 'drawn' || chart.kind === 'apart'
      ? [chartFigure(chart, scenarioWords(scenario), `${anchor}-${i + 1}`)]
      : [],
  );
  const moving = charts.flatMap((chart) => (chart.kind === 'moving' ? [`${chart.file}.svg`] : []));
  const table = faultTable(fault, scenario, { stacked: false, seenWidth: null });
  return [
    `<section class="scenario" aria-labelledby="${anchor}">`,
    `<h3 id="${anchor}">${html(title)}</h3>`,
    `<p>${advice(fault.sentence)}</p>`,
    scrolling(`What it cost, ${title}`, tableMarkup('Of one fault, with 95% intervals over trials', table, true)),
    `<div class="figures">\n${figures.join('\n')}\n</div>`,
    ...moving.map((file) => `<p>In motion: <a href="${html(`./${encodeURIComponent(file)}`)}">${html(file)}</a></p>`),
    '</section>',
  ].join('\n');
}
