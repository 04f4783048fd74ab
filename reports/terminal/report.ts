import { createColors } from 'picocolors';
import type { ScenarioSummary, Summary } from '../../harness/judge/schema/summary.ts';
import { failureCounts, IMPLIED_NOTE, resultTable } from '../tables/results.ts';
import { resultsOf } from '../tables/table.ts';
import { trialNotes } from '../tables/trial-notes.ts';
import { limitTexts, machineLines, scenarioTitle, settings } from '../words/cells.ts';
import { comparisonCaption, hintsOf } from '../words/comparisons.ts';
import { visible } from '../words/escape.ts';
import { pinnedNote } from '../words/placement.ts';
import { incompleteText, runsOf, type Several, textsOf } from '../words/runs.ts';
import { LACKING } from '../words/spread.ts';
import { item, paragraph, WIDTH, wrap } from '../words/wrap.ts';
import { comparisonBlock } from './comparisons.ts';
import { latencyBlocks } from './latency.ts';
import { type Colours, textTable } from './text-table.ts';

/** The report for a terminal: at most 100 columns wide, with colours only where they are asked for. */
export function textReport(summary: Several<Summary>, { colour }: { readonly colour: boolean }): string {
  const c = createColors(colour);
  const blocks = [
    ...summary.scenarios.flatMap((scenario) => [scenarioBlock(scenario, c), ...latencyBlocks(scenario, c)]),
    [...machineLines(summary).flatMap((line) => wrap(visible(line), WIDTH)), ...footNotes(summary)]
      .map(c.dim)
      .join('\n'),
    ...closing(summary, c),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function scenarioBlock(scenario: Several<ScenarioSummary>, c: Colours): string {
  const rest = visible(settings(scenario).join(' · '));
  const title = visible(scenarioTitle(scenario, '  '));
  const limit = limitTexts(scenario).flatMap((text) => wrap(visible(text), WIDTH).map(c.dim));
  // `wrap` would fold the two spaces, which keep the name apart from its parameters, so only long titles are wrapped.
  const oneLine = `${title} · ${rest}`;
  const heading = oneLine.length <= WIDTH ? [`${c.bold(title)} · ${rest}`] : wrap(oneLine, WIDTH).map(c.bold);
  const sentences = textsOf(scenario, ({ sentence }) => sentence).map(paragraph);
  const hints = hintsOf(scenario).map((hint) => item('hint: ', hint));
  const notes = trialNotes(scenario).map((note) => c.yellow(paragraph(note)));
  const pairs = pairBlocks(scenario, c);
  return [
    ...heading,
    ...limit,
    '',
    textTable(resultTable(scenario), WIDTH, c),
    ...notes,
    ...pinnedNote(scenario).map((note) => c.dim(paragraph(note))),
    ...pairs,
    '',
    sentences.join('\n\n'),
    ...hints,
  ].join('\n');
}

/** The pairs of each run below its label, which then need not stand in every line. */
function pairBlocks(scenario: Several<ScenarioSummary>, c: Colours): string[] {
  const runs = runsOf(scenario);
  const blocks = (runs.length === 0 ? [{ label: null, of: scenario }] : runs).map(({ label, of }) => ({
    heading: label === null ? [] : [c.bold(visible(label))],
    lines: comparisonBlock(of, c),
  }));
  return blocks.flatMap(({ heading, lines }) => (lines.length === 0 ? [] : ['', ...heading, ...lines]));
}

/** Whether ranges stand among intervals. */
function hasBoth(scenario: ScenarioSummary): boolean {
  const kinds = resultsOf(scenario).map(({ requestsPerSec }) => requestsPerSec.low === null);
  return new Set(kinds).size > 1;
}

/** How to read what is shown, and nothing about what is not. */
function footNotes(summary: Several<Summary>): string[] {
  const { scenarios } = summary;
  return [
    ...(scenarios.some((scenario) => resultsOf(scenario).length > 0) ? [IMPLIED_NOTE] : []),
    ...(scenarios.some(hasBoth) ? [`In brackets: ${LACKING}.`] : []),
    ...(scenarios.some(({ comparisons }) => comparisons.length > 0)
      ? [`Model against model: ${comparisonCaption(summary)}`]
      : []),
  ].flatMap((note) => wrap(note, WIDTH));
}

function closing(summary: Several<Summary>, c: Colours): string[] {
  const blocks: string[] = [];
  const incomplete = incompleteText(summary);
  if (incomplete !== null) {
    blocks.push(c.yellow(paragraph(`${incomplete}: not every planned trial was measured.`)));
  }
  for (const { message, nextStep } of summary.warnings) {
    blocks.push(`${c.yellow(item('warning: ', message))}\n${item('         ', nextStep)}`);
  }
  const failures = failureCounts(summary.failures).map((line) => c.red(item('  ', line)));
  if (failures.length > 0) blocks.push(failures.join('\n'));
  return blocks;
}
