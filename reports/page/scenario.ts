import type { ScenarioSummary } from '../../harness/judge/summary-schema.ts';
import { cellNames, conditions, limitLine, notRanked, scenarioTitle } from '../cells.ts';
import { html } from '../escape.ts';
import { type Column, resultTable, type TableRow } from '../result-table.ts';
import { type Markup, scrolling } from './markup.ts';
import { isolated, labelled } from './svg.ts';

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
  return [
    `<section aria-labelledby="${anchor}">`,
    `<h2 id="${anchor}">${title}</h2>`,
    `<p>${html(scenario.question)}</p>`,
    `<p class="soft">${html(facts.join(' · '))}</p>`,
    ...charts.map((chart, i) => chartFigure(chart, `${anchor}-${i + 1}-`)),
    scrolling(`Results of ${scenarioTitle(scenario)}`, table(scenario)),
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

function table(scenario: ScenarioSummary): Markup {
  const { columns, rows } = resultTable(scenario);
  const head = columns.map((column) => `<th scope="col"${classOf(column)}>${headText(column)}</th>`);
  return [
    `<table><caption>All figures of ${html(scenarioTitle(scenario))}</caption>`,
    `<thead><tr>${head.join('')}</tr></thead>`,
    `<tbody>${rows.map((row) => tableRow(row, columns)).join('\n')}</tbody></table>`,
  ].join('\n');
}

function tableRow(row: TableRow, columns: readonly Column[]): Markup {
  const name = `<th scope="row" class="name">${html(row.name)}</th>`;
  if (row.kind === 'failed') {
    return `<tr>${name}<td class="failed" colspan="${columns.length - 1}">${html(row.reason)}</td></tr>`;
  }
  const note = notRanked(row.cell);
  const cells = row.values.map((value, i) => {
    const column = columns[i + 1];
    const isLast = i === row.values.length - 1;
    if (note !== null && isLast) return `<td class="unranked">${html(value)}, not ranked</td>`;
    return `<td${column === undefined ? '' : classOf(column)}>${html(value)}</td>`;
  });
  return `<tr>${name}${cells.join('')}</tr>`;
}

function headText({ head }: Column): Markup {
  return head
    .filter((line) => line !== '')
    .map(html)
    .join('<br>');
}

function classOf({ align }: Column): Markup {
  return align === 'right' ? ' class="number"' : '';
}

function evidence(scenario: ScenarioSummary): Markup {
  const names = cellNames(scenario);
  const items = scenario.cells.flatMap(({ id, model, result }) =>
    result === null
      ? []
      : [
          `<dt>${html(names.get(id) ?? model)}</dt><dd>${html(`${result.limitedBy.by}: ${result.limitedBy.evidence}`)}</dd>`,
        ],
  );
  return items.length === 0 ? '' : `<h3>What held each model back</h3>\n<dl>\n${items.join('\n')}\n</dl>`;
}
