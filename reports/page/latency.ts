/** Latency at given rates on the page. */
import { scenarioWords } from '../../harness/judge/words.ts';
import type { CommonRate, LatencySummary } from '../../harness/judge/schema/rate.ts';
import type { ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { latencyTable, offeredTable, servingTable } from '../tables/latency.ts';
import { type Slo, sloTable, sloTitle } from '../tables/slo.ts';
import { html } from '../words/escape.ts';
import { counted } from '../words/figures.ts';
import { arrivalsText, cellsAt, offeredLine, rateNotices, rateTitle } from '../words/rates.ts';
import { folded, type Markup, scrolling, softLine } from './markup.ts';
import { tableMarkup } from './table.ts';

/** A table per common rate, the outcomes of the SLO, and folded away all offered rates. */
export function latencySection(scenario: ScenarioSummary): Markup {
  const { latency } = scenario;
  if (latency === null) return '';
  return [
    ...latency.common.map((common) => commonRate(scenario, latency, common)),
    ...rateNotices(latency).map(softLine),
    ...(latency.slo === null ? [] : [sustained(scenario, latency, latency.slo)]),
    everyRate(scenario, latency),
  ].join('\n');
}

function commonRate(scenario: ScenarioSummary, latency: LatencySummary, common: CommonRate): Markup {
  const title = rateTitle(common);
  const caption = 'Percentiles with their 95% intervals over trials';
  const table = tableMarkup(caption, latencyTable(scenario, cellsAt(common, latency)), true);
  return [
    `<h4>${html(title)}</h4>`,
    // Not in the caption, which would scroll away with the table on a narrow screen.
    softLine(offeredLine(common, latency)),
    scrolling(`${title}, ${scenarioWords(scenario)}`, table),
    `<p>${html(common.sentence)}</p>`,
  ].join('\n');
}

function sustained(scenario: ScenarioSummary, latency: LatencySummary, slo: Slo): Markup {
  const title = sloTitle(slo);
  const table = tableMarkup(`Offered requests per second, ${arrivalsText(latency)}`, sloTable(scenario, slo, null));
  const label = `${title}, ${scenarioWords(scenario)}`;
  return `<h4>${html(title)}</h4>\n${scrolling(label, table)}\n<p>${html(slo.sentence)}</p>`;
}

function everyRate(scenario: ScenarioSummary, { cells }: LatencySummary): Markup {
  if (cells.length === 0) return '';
  const caption = 'Common rates, those of a sweep, and those of the search for the highest rate within an SLO';
  const title = `All offered rates, ${scenarioWords(scenario)}`;
  const tables = [
    scrolling(title, tableMarkup(caption, offeredTable(scenario, cells), true)),
    scrolling(`${title}, continued`, tableMarkup('Outcome of the requests', servingTable(scenario, cells), true)),
  ];
  return `<h4>All offered rates</h4>\n${folded(counted(cells.length, 'rate'), tables.join('\n'))}`;
}
