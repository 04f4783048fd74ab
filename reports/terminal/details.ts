/** What `--detail` adds to a scenario: its tables, its whole answer, and notes on single trials. */
import type { ScenarioSummary, Summary } from '../../harness/judge/schema/summary.ts';
import { costTable } from '../tables/costs.ts';
import { failureCounts, IMPLIED_NOTE, resultTable } from '../tables/results.ts';
import { resultsOf } from '../tables/table.ts';
import { trialNotes } from '../tables/trial-notes.ts';
import { limitTexts, settings } from '../words/cells.ts';
import { BEHIND_NOTE, behindTexts, comparisonCaption, marginText } from '../words/comparisons.ts';
import { visible } from '../words/escape.ts';
import { pinnedNote } from '../words/placement.ts';
import { runsOf, type Several, textsOf } from '../words/runs.ts';
import { LACKING } from '../words/spread.ts';
import { item, paragraph, wrap, wrapItems } from '../words/wrap.ts';
import { comparisonBlock } from './comparisons.ts';
import { latencyBlocks } from './latency.ts';
import { type Colours, textTable } from './text-table.ts';

/** Blocks that stand below the bars of a scenario. */
export function detailBlocks(
  summary: Several<Summary>,
  scenario: Several<ScenarioSummary>,
  width: number,
  c: Colours,
): string[] {
  const conditions = [...settings(scenario), ...limitTexts(scenario)].map(visible);
  const costs = costTable(scenario);
  const notes = [
    ...trialNotes(scenario).map((note) => c.yellow(paragraph(note, width))),
    ...pinnedNote(scenario).map((note) => c.dim(paragraph(note, width))),
  ];
  return [
    `${wrapItems(conditions, ' · ', width).map(c.dim).join('\n')}\n\n${textTable(resultTable(scenario), width, c)}`,
    textsOf(scenario, ({ sentence }) => sentence)
      .map((sentence) => paragraph(sentence, width))
      .join('\n\n'),
    ...(notes.length === 0 ? [] : [notes.join('\n')]),
    ...(costs === null ? [] : [`${c.bold('What it cost')}\n\n${textTable(costs, width, c)}`]),
    ...pairBlocks(summary, scenario, width, c),
    ...latencyBlocks(scenario, width, c),
  ];
}

/** The pairs of each run below its label, which then need not stand in every line. */
function pairBlocks(
  summary: Several<Summary>,
  scenario: Several<ScenarioSummary>,
  width: number,
  c: Colours,
): string[] {
  const runs = runsOf(scenario);
  const margin = marginText(summary);
  return (runs.length === 0 ? [{ label: null, of: scenario }] : runs).flatMap(({ label, of }) => {
    const lines = comparisonBlock(of, margin, width, c);
    const heading = ['Model against model', ...(label === null ? [] : [label])].join(' · ');
    return lines.length === 0 ? [] : [[...wrap(visible(heading), width).map(c.bold), '', ...lines].join('\n')];
  });
}

/** Whether ranges stand among intervals that are shown. */
function hasBoth(scenario: ScenarioSummary): boolean {
  const kinds = resultsOf(scenario).map(({ requestsPerSec }) => requestsPerSec.low === null);
  return new Set(kinds).size > 1;
}

/** How to read the tables that are shown, and nothing about those that are not. */
export function footNotes(summary: Several<Summary>, width: number): string[] {
  const { scenarios } = summary;
  return [
    ...(scenarios.some((scenario) => behindTexts(scenario).size > 0) ? [BEHIND_NOTE] : []),
    ...(scenarios.some((scenario) => resultsOf(scenario).length > 0) ? [IMPLIED_NOTE] : []),
    ...(scenarios.some(hasBoth) ? [`In brackets: ${LACKING}.`] : []),
    ...(scenarios.some(({ comparisons }) => comparisons.length > 0)
      ? [`Model against model: ${comparisonCaption(summary)}`]
      : []),
  ].flatMap((note) => wrap(note, width));
}

/** Failed trials by cell and reason. Of cells that were given up rows say why, and of disturbed trials a warning: only where `isAll`. */
export function failureLines({ failures, scenarios }: Summary, isAll: boolean, width: number, c: Colours): string[] {
  const givenUp = new Set(
    scenarios.flatMap(({ cells }) => cells.flatMap((one) => (one.givenUp === null ? [] : one.id))),
  );
  return failureCounts(
    failures.filter(({ cell, reason }) => isAll || (!givenUp.has(cell) && reason.kind !== 'disturbed')),
  ).map((line) => c.red(item('  ', line, width)));
}
