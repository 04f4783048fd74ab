/** The answers of a search for an SLO and of a sweep: the highest rate of each model as bars, and a sentence. */
import { sloLine } from '../../harness/judge/answer/slo.ts';
import { type Reach, RISEN, reachesOf, sweepSentence } from '../../harness/judge/answer/sweep.ts';
import type { Sustained } from '../../harness/judge/schema/rate.ts';
import type { ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { outcomeText, type Slo, sloTitle, sustainedFigure, sustainedName } from '../tables/slo.ts';
import { cellNames } from '../words/cells.ts';
import { MISSING } from '../words/figures.ts';
import { rateFigure, rateName } from '../words/rates.ts';
import { runsOf, type Several } from '../words/runs.ts';
import { paragraph } from '../words/wrap.ts';
import { type BarRow, barLines } from './bars.ts';
import type { Colours } from './text-table.ts';

const RISE_NOTE = `×${RISEN}: from there on it was more than ${RISEN} times what it was at the lowest rate.`;

/** None where neither was asked for. */
export function rateBlocks(scenario: Several<ScenarioSummary>, width: number, c: Colours): string[] {
  const { latency } = scenario;
  if (latency === null) return [];
  const reaches = reachesOf(latency, (cell) => rateName(cell, scenario));
  return [
    ...(reaches.length === 0 ? [] : [sweepBlock(scenario, reaches, width, c)]),
    ...(latency.slo === null ? [] : [sloBlock(scenario, latency.slo, width, c)]),
  ];
}

function sweepBlock(scenario: Several<ScenarioSummary>, reaches: readonly Reach[], width: number, c: Colours): string {
  const rows = reaches.map((reach): BarRow & { readonly rate: number } => {
    const { cell, keptUpTo, behindAt, rise } = reach;
    const figure = keptUpTo === null ? MISSING : `${behindAt === null ? '≥' : ''}${rateFigure(keptUpTo)}/s`;
    return {
      kind: 'bar',
      name: rateName(cell, scenario),
      rate: keptUpTo ?? 0,
      value: keptUpTo,
      figure,
      notes: [
        behindAt === null ? '' : `behind at ${rateFigure(behindAt)}/s`,
        rise === null || rise.fromPerSec === null
          ? ''
          : `${rise.percentile} ×${RISEN} at ${rateFigure(rise.fromPerSec)}/s`,
      ],
      look: 'plain',
    };
  });
  const sorted = rows.toSorted((a, b) => b.rate - a.rate);
  const isSeveral = runsOf(scenario).length > 0;
  const isRisen = reaches.some(({ rise }) => rise !== null && rise.fromPerSec !== null);
  const sentences = [...(isSeveral ? [] : [sweepSentence(reaches)]), ...(isRisen ? [RISE_NOTE] : [])];
  return block('Highest rate of the sweep at which each kept up', sorted, sentences, width, c);
}

function sloBlock(scenario: Several<ScenarioSummary>, slo: Slo, width: number, c: Colours): string {
  const names = cellNames(scenario);
  const rows = slo.models.map((one) => ({ rate: rateOf(one.outcome) ?? 0, row: sloRow(one, names) }));
  const sorted = rows.toSorted((a, b) => b.rate - a.rate).map(({ row }) => row);
  const sentences = runsOf(scenario).length > 0 ? [] : [sloLine(slo.models)];
  return block(sloTitle(slo), sorted, sentences, width, c);
}

function sloRow(one: Sustained, names: ReadonlyMap<string, string>): BarRow {
  const { outcome } = one;
  const name = sustainedName(one, names);
  const value = rateOf(outcome);
  if (value === null) return { kind: 'failed', name, reason: outcomeText(outcome) };
  const note =
    outcome.kind === 'found'
      ? `broke at ${rateFigure(outcome.brokeAt)}/s`
      : outcome.kind === 'all'
        ? 'met at the highest rate tried'
        : 'met, more cannot be told';
  return { kind: 'bar', name, value, figure: `${sustainedFigure(outcome)}/s`, notes: [note], look: 'plain' };
}

function rateOf(outcome: Sustained['outcome']): number | null {
  switch (outcome.kind) {
    case 'found':
      return outcome.estimate;
    case 'all':
      return outcome.triedPerSec;
    case 'untold':
      return outcome.metPerSec;
    case 'none':
      return null;
    default:
      return outcome satisfies never;
  }
}

function block(
  title: string,
  rows: readonly BarRow[],
  sentences: readonly string[],
  width: number,
  c: Colours,
): string {
  return [
    ...paragraph(title, width).split('\n').map(c.bold),
    ...barLines(rows, width, c),
    ...sentences.flatMap((sentence) => paragraph(sentence, width).split('\n')),
  ].join('\n');
}
