/** What limited each model, with the figures that show it. */
import type { CellResult, ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { capital } from '../../harness/judge/words.ts';
import { absoluteDeviation, mean, median, standardDeviation } from '../../harness/stats/spread.ts';
import type { Column, RichValue } from '../tables/table.ts';
import { cellNames } from '../words/cells.ts';
import { html } from '../words/escape.ts';
import { counted, figure, mebibytes, percent } from '../words/figures.ts';
import { folded, type Markup, scrolling } from './markup.ts';
import { tableMarkup } from './table.ts';

type Trials = CellResult['trials'];

/** The bottleneck of each cell with its evidence, and those of its trials, which may differ. */
export function evidence(scenario: ScenarioSummary): Markup {
  const names = cellNames(scenario);
  const items = scenario.cells.flatMap(({ id, model, result }) =>
    result === null ? [] : [entry(names.get(id) ?? model, result)],
  );
  return items.length === 0 ? '' : `<h4>What limited each model</h4>\n<dl>\n${items.join('\n')}\n</dl>`;
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
function labelCounts(trials: Trials): string | null {
  const labels = trials.map(({ limitedBy }) => limitedBy.by);
  const distinct = [...new Set(labels)];
  if (distinct.length === 1) return null;
  const countOf = (by: string) => labels.filter((label) => label === by).length;
  return distinct
    .toSorted((a, b) => countOf(b) - countOf(a))
    .map((by, i) => `${by} in ${i === 0 ? counted(countOf(by), 'trial') : countOf(by)}`)
    .join(', ');
}

const TRIAL_COLUMNS: readonly Column[] = [
  { head: ['', 'round'], align: 'left' },
  { head: ['', 'requests/s'], align: 'right' },
  { head: ['', 'CPU ms per request'], align: 'right' },
  { head: ['', 'peak MiB'], align: 'right' },
  { head: ['', 'limited by'], align: 'left' },
  { head: ['', 'evidence'], align: 'left', meaning: 'prose' },
];

function trialTable(trials: Trials): Markup {
  const rows = trials.map((trial) => {
    const { round, requestsPerSec, cpuMsPerRequest, peakBytes, limitedBy } = trial;
    const figures = [figure(requestsPerSec), figure(cpuMsPerRequest), mebibytes(peakBytes)];
    return {
      kind: 'measured',
      name: `${round + 1}`,
      mark: null,
      values: [...figures, limitedBy.by, evidenceOf(trial)],
    } as const;
  });
  return tableMarkup(trials.length < 2 ? null : spreadText(trials), { columns: TRIAL_COLUMNS, rows });
}

function evidenceOf({ outlier, disturbed, counted: isCounted, limitedBy }: Trials[number]): RichValue {
  const notes = [
    ...(outlier ? ['outlier, down-weighted'] : []),
    ...(disturbed ? ['disturbed, other processes used the CPUs'] : []),
    ...(isCounted ? [] : ['not counted in requests/s']),
  ];
  return { lead: notes.length === 0 ? '' : `${capital(notes.join('; '))}.`, text: limitedBy.evidence };
}

/** How much the trials of a cell differ. */
function spreadText(trials: Trials): string {
  const rates = trials.map(({ requestsPerSec }) => requestsPerSec);
  const [middle, deviation] = [median(rates), standardDeviation(rates)];
  const share = middle > 0 ? ` (${percent(deviation / middle)}%)` : '';
  const robust = `median absolute deviation ${figure(absoluteDeviation(rates))}`;
  return `Requests/s: median ${figure(middle)}, ${robust}; mean ${figure(mean(rates))}, standard deviation ${figure(deviation)}${share}`;
}
