/** What held each model back, with the figures that say so. */
import type { CellResult, ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { absoluteDeviation, mean, median, standardDeviation } from '../../harness/stats/spread.ts';
import { cellNames } from '../words/cells.ts';
import { html } from '../words/escape.ts';
import { counted, figure, mebibytes, percent } from '../words/figures.ts';
import { folded, type Markup, scrolling } from './markup.ts';

/** The label of each cell with its evidence, and those of its trials, which may differ. */
export function evidence(scenario: ScenarioSummary): Markup {
  const names = cellNames(scenario);
  const items = scenario.cells.flatMap(({ id, model, result }) =>
    result === null ? [] : [entry(names.get(id) ?? model, result)],
  );
  return items.length === 0 ? '' : `<h4>What held each model back</h4>\n<dl>\n${items.join('\n')}\n</dl>`;
}

function entry(name: string, { limitedBy, trials }: CellResult): Markup {
  const differing = labelCounts(trials);
  const mixed = differing === null ? '' : `<br><strong>The trials differ:</strong> ${html(differing)}.`;
  return (
    `<dt>${html(name)}</dt><dd>${html(`${limitedBy.by}: ${limitedBy.evidence}`)}${mixed}\n` +
    `${folded(counted(trials.length, 'trial'), scrolling(`Trials of ${name}`, trialTable(trials)))}</dd>`
  );
}

/** `machine in 3 trials, workers in 2`, the most common first; null when all have the same label. */
function labelCounts(trials: CellResult['trials']): string | null {
  const labels = trials.map(({ limitedBy }) => limitedBy.by);
  const distinct = [...new Set(labels)];
  if (distinct.length === 1) return null;
  const countOf = (by: string) => labels.filter((label) => label === by).length;
  return distinct
    .toSorted((a, b) => countOf(b) - countOf(a))
    .map((by, i) => `${by} in ${i === 0 ? counted(countOf(by), 'trial') : countOf(by)}`)
    .join(', ');
}

const DISTURBED: Markup = '<strong>Disturbed</strong> by others who used the CPUs. ';
const NOT_COUNTED: Markup = '<strong>Not counted</strong> in requests per second: ';
const OUTLIER: Markup = '<strong>Outlier:</strong> far from the other trials, so it hardly counts. ';

/** How far the trials of a cell lie apart; nothing of a single one. */
function spread(trials: CellResult['trials']): Markup {
  if (trials.length < 2) return '';
  const rates = trials.map(({ requestsPerSec }) => requestsPerSec);
  const [middle, deviation] = [median(rates), standardDeviation(rates)];
  const share = middle > 0 ? ` (${percent(deviation / middle)}%)` : '';
  const robust = `median absolute deviation ${figure(absoluteDeviation(rates))}`;
  return `<caption>Requests/s: median ${figure(middle)}, ${robust}; mean ${figure(mean(rates))}, standard deviation ${figure(deviation)}${share}</caption>`;
}

function trialTable(trials: CellResult['trials']): Markup {
  const rows = trials.map(
    ({ round, requestsPerSec, cpuMsPerRequest, peakBytes, limitedBy, outlier, counted, disturbed }) =>
      `<tr><th scope="row">${round + 1}</th><td class="number">${figure(requestsPerSec)}</td>` +
      `<td class="number">${figure(cpuMsPerRequest)}</td><td class="number">${mebibytes(peakBytes)}</td>` +
      `<td>${html(limitedBy.by)}</td><td class="prose">${outlier ? OUTLIER : ''}${disturbed ? DISTURBED : ''}${counted ? '' : NOT_COUNTED}${html(limitedBy.evidence)}</td></tr>`,
  );
  const head = `<th scope="col">round</th><th scope="col" class="number">requests/s</th><th scope="col" class="number">CPU ms per request</th><th scope="col" class="number">peak MiB</th><th scope="col">limited by</th><th scope="col">evidence</th>`;
  return `<table>${spread(trials)}<thead><tr>${head}</tr></thead>\n<tbody>${rows.join('\n')}</tbody></table>`;
}
