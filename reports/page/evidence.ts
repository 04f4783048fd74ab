/** What held each model back, with the figures that say so. */
import type { CellResult, ScenarioSummary } from '../../harness/judge/summary-schema.ts';
import { cellNames } from '../cells.ts';
import { html } from '../escape.ts';
import { counted, figure } from '../figures.ts';
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

function trialTable(trials: CellResult['trials']): Markup {
  const rows = trials.map(
    ({ round, requestsPerSec, limitedBy, outlier, counted, disturbed }) =>
      `<tr><th scope="row">${round + 1}</th><td class="number">${figure(requestsPerSec)}</td>` +
      `<td>${html(limitedBy.by)}</td><td class="prose">${outlier ? OUTLIER : ''}${disturbed ? DISTURBED : ''}${counted ? '' : NOT_COUNTED}${html(limitedBy.evidence)}</td></tr>`,
  );
  const head = `<th scope="col">round</th><th scope="col" class="number">requests/s</th><th scope="col">limited by</th><th scope="col">evidence</th>`;
  return `<table><thead><tr>${head}</tr></thead>\n<tbody>${rows.join('\n')}</tbody></table>`;
}
