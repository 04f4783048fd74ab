import { createColors } from 'picocolors';
import type { ScenarioSummary, Summary } from '../../harness/judge/schema/summary.ts';
import { failureCounts, IMPLIED_NOTE, resultTable } from '../tables/results.ts';
import { resultsOf } from '../tables/table.ts';
import { trialNotes } from '../tables/trial-notes.ts';
import { answerLines, BETWEEN_ANSWERS, limitTexts, machineLines, scenarioTitle, settings } from '../words/cells.ts';
import { BEHIND_NOTE, behindTexts, comparisonCaption, hintsOf, marginText } from '../words/comparisons.ts';
import { visible } from '../words/escape.ts';
import { pinnedNote } from '../words/placement.ts';
import { incompleteText, runsOf, type Several, textsOf } from '../words/runs.ts';
import { LACKING } from '../words/spread.ts';
import { item, paragraph, WIDTH, wrap, wrapItems } from '../words/wrap.ts';
import { comparisonBlock } from './comparisons.ts';
import { latencyBlocks } from './latency.ts';
import { type Colours, textTable } from './text-table.ts';

interface Asked {
  readonly colour: boolean;
  /** Whether to compare every pair of models as well. */
  readonly pairs?: boolean | undefined;
}

/** The report for a terminal: the answer first, at most 100 columns wide, with colours only where they are asked for. */
export function textReport(summary: Several<Summary>, { colour, pairs = false }: Asked): string {
  const c = createColors(colour);
  const blocks = [
    answerBlock(summary, c),
    ...summary.scenarios.flatMap((scenario) => [
      scenarioBlock(scenario, c),
      ...(pairs ? pairBlocks(summary, scenario, c) : []),
      ...latencyBlocks(scenario, c),
    ]),
    [...machineLines(summary).flatMap((line) => wrap(visible(line), WIDTH)), ...footNotes(summary, pairs)]
      .map(c.dim)
      .join('\n'),
    ...closing(summary, c),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function answerBlock(summary: Several<Summary>, c: Colours): string {
  const lines = answerLines(summary).flatMap(({ label, items: [first = '', ...rest] }) => {
    const items = [label === null ? first : `${label}: ${first}`, ...rest].map(visible);
    return wrapItems(items, BETWEEN_ANSWERS, WIDTH);
  });
  return lines.map(c.bold).join('\n');
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
  return [
    ...heading,
    ...limit,
    '',
    textTable(resultTable(scenario, true), WIDTH, c),
    '',
    sentences.join('\n\n'),
    ...notes,
    ...pinnedNote(scenario).map((note) => c.dim(paragraph(note))),
    ...hints,
  ].join('\n');
}

/** The pairs of each run below its label, which then need not stand in every line. */
function pairBlocks(summary: Several<Summary>, scenario: Several<ScenarioSummary>, c: Colours): string[] {
  const runs = runsOf(scenario);
  const margin = marginText(summary);
  return (runs.length === 0 ? [{ label: null, of: scenario }] : runs).flatMap(({ label, of }) => {
    const lines = comparisonBlock(of, margin, c);
    const heading = label === null ? [] : [c.bold(visible(label))];
    return lines.length === 0 ? [] : [[...heading, ...lines].join('\n')];
  });
}

/** Whether ranges stand among intervals that are shown. */
function hasBoth(scenario: ScenarioSummary): boolean {
  if (behindTexts(scenario).size > 0) return false;
  const kinds = resultsOf(scenario).map(({ requestsPerSec }) => requestsPerSec.low === null);
  return new Set(kinds).size > 1;
}

/** How to read what is shown, and nothing about what is not. */
function footNotes(summary: Several<Summary>, pairs: boolean): string[] {
  const { scenarios } = summary;
  return [
    ...(scenarios.some((scenario) => behindTexts(scenario).size > 0) ? [BEHIND_NOTE] : []),
    ...(scenarios.some((scenario) => resultsOf(scenario).length > 0) ? [IMPLIED_NOTE] : []),
    ...(scenarios.some(hasBoth) ? [`In brackets: ${LACKING}.`] : []),
    ...(pairs && scenarios.some(({ comparisons }) => comparisons.length > 0)
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
