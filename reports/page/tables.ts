/** All figures of a report, by scenario. */
import { scenarioWords } from '../../harness/judge/words.ts';
import type { ScenarioSummary, Summary } from '../../harness/judge/schema/summary.ts';
import type { RunTraces } from '../../harness/judge/traces/traces.ts';
import { costTable } from '../tables/costs.ts';
import { distributionTable } from '../tables/distributions.ts';
import { effortTable } from '../tables/efforts.ts';
import { pairTable } from '../tables/pairs.ts';
import { resultTable } from '../tables/results.ts';
import { trialNotes } from '../tables/trial-notes.ts';
import { comparisonCaption, marginText, openNotes, pairLines } from '../words/comparisons.ts';
import { html } from '../words/escape.ts';
import { counted } from '../words/figures.ts';
import { pinnedNote } from '../words/placement.ts';
import type { Reported } from '../words/runs.ts';
import { evidence } from './evidence.ts';
import { latencySection } from './latency.ts';
import { folded, type Markup, notice, scrolling, section, softLine } from './markup.ts';
import { inParts, tableMarkup } from './table.ts';

/** What the links on the page point to for the tables of a scenario. */
export function tablesAnchor(index: number): string {
  return `tables-${index + 1}`;
}

export function tablesSection({ summary, traces }: Reported): Markup {
  const parts = summary.scenarios.map((scenario, i) => ofScenario({ summary, traces }, scenario, tablesAnchor(i)));
  return section('tables', 'Tables', parts.join('\n'));
}

function ofScenario({ summary, traces }: Reported, scenario: ScenarioSummary, anchor: string): Markup {
  const title = scenarioWords(scenario);
  const results = tableMarkup(`All figures of ${title}`, resultTable(scenario));
  return [
    `<section class="scenario" aria-labelledby="${anchor}">`,
    `<h3 id="${anchor}">${html(title)}</h3>`,
    scrolling(`Results of ${title}`, results),
    ...trialNotes(scenario).map(notice),
    ...pinnedNote(scenario).map(softLine),
    costs(scenario),
    efforts(scenario, traces),
    comparisonSection(summary, scenario),
    latencySection(scenario),
    distributions(scenario, traces),
    evidence(scenario),
    '</section>',
  ].join('\n');
}

function costs(scenario: ScenarioSummary): Markup {
  const cost = costTable(scenario);
  if (cost === null) return '';
  const title = `Cost of ${scenarioWords(scenario)}`;
  const tables = inParts(cost).map((part, i) => {
    const caption = i === 0 ? `${title}, over all valid trials` : `${title}, continued`;
    return scrolling(caption, tableMarkup(caption, part));
  });
  return ['<h4>What it cost</h4>', ...tables].join('\n');
}

function efforts(scenario: ScenarioSummary, traces: RunTraces | undefined): Markup {
  const table = effortTable(scenario, traces);
  if (table === null) return '';
  const title = `CPU time and load generation, ${scenarioWords(scenario)}`;
  const caption = 'CPU time in detail, and the load generators';
  const content = scrolling(title, tableMarkup(caption, table, true));
  return `<h4>CPU time and load generation</h4>\n${folded(counted(table.rows.length, 'cell'), content)}`;
}

/** More pairs than this are folded away: those of a large matrix are looked up and not read. */
const MOST_PAIRS = 16;

/** Every pair of cells, and what to change where two cannot be compared. */
export function comparisonSection(summary: Summary, scenario: ScenarioSummary): Markup {
  const table = pairTable(scenario, true);
  if (table === null) return '';
  const title = 'Model against model';
  const notes = openNotes(pairLines(scenario), marginText(summary)).map((note) => `\n${softLine(note)}`);
  const content = `${scrolling(title, tableMarkup(comparisonCaption(summary, true), table))}${notes.join('')}`;
  const count = table.rows.length;
  return `<h4>${title}</h4>\n${count > MOST_PAIRS ? folded(counted(count, 'pair'), content) : content}`;
}

function distributions(scenario: ScenarioSummary, traces: RunTraces | undefined): Markup {
  const table = distributionTable(scenario, traces);
  if (table === null) return '';
  const title = `Distribution of latency, ${scenarioWords(scenario)}`;
  const caption = 'All valid trials together; at given rates measured from when a request was due';
  const content = scrolling(title, tableMarkup(caption, table, true));
  return `<h4>Distribution of latency</h4>\n${folded(counted(table.rows.length, 'distribution'), content)}`;
}
