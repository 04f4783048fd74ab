/** The highest rates within an SLO as a table that all reports share. */
import type { LatencySummary, Sustained } from '../../harness/judge/schema/rate.ts';
import type { ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { cellNames } from '../words/cells.ts';
import { given, MISSING } from '../words/figures.ts';
import { rateFigure } from '../words/rates.ts';
import { wrap } from '../words/wrap.ts';
import { NAME_COLUMN, type ResultTable } from './table.ts';

export type Slo = NonNullable<LatencySummary['slo']>;

/** The name of the cell that an outcome is about. */
export function sustainedName({ cell, model }: Sustained, names: ReadonlyMap<string, string>): string {
  return names.get(cell) ?? model;
}

/** The outcome for one model in words, without the figures that have columns. */
export function outcomeText(outcome: Sustained['outcome']): string {
  switch (outcome.kind) {
    case 'found':
      return outcome.brokeBy;
    case 'none':
      return `none: broken at ${rateFigure(outcome.triedPerSec)}/s, the lowest rate tried (${outcome.brokeBy})`;
    case 'all':
      return `met at the highest rate tried: ${outcome.why}`;
    case 'untold':
      return `undetermined: ${outcome.why}`;
    default:
      return outcome satisfies never;
  }
}

/** `77.0`, `≥176`, or a dash. */
export function sustainedFigure(outcome: Sustained['outcome']): string {
  if (outcome.kind === 'found') return rateFigure(outcome.estimate);
  const met = outcome.kind === 'all' ? outcome.triedPerSec : outcome.kind === 'untold' ? outcome.metPerSec : null;
  return met === null ? MISSING : `≥${rateFigure(met)}`;
}

/** Between the rates up to which every trial met the SLO and from which on every trial broke it; or a dash. */
export function sustainedRange(outcome: Sustained['outcome']): string {
  return outcome.kind === 'found' ? `${rateFigure(outcome.low)}–${rateFigure(outcome.high)}` : MISSING;
}

/** The rate at which it broke, or a dash. */
export function brokeFigure(outcome: Sustained['outcome']): string {
  if (outcome.kind === 'found') return rateFigure(outcome.brokeAt);
  return outcome.kind === 'none' ? rateFigure(outcome.triedPerSec) : MISSING;
}

/** One line per model. `proseWidth` is where the words are broken into lines, in characters; null where they are not. */
export function sloTable(scenario: ScenarioSummary, { models }: Slo, proseWidth: number | null): ResultTable {
  const names = cellNames(scenario);
  const prose = (text: string) => (proseWidth === null ? text : wrap(text, proseWidth).join('\n'));
  return {
    columns: [
      NAME_COLUMN,
      { head: ['sustained', 'requests/s'], align: 'right' },
      { head: ['interval', 'requests/s'], align: 'right' },
      { head: ['broke at', 'requests/s'], align: 'right' },
      { head: ['', 'trials'], align: 'right' },
      { head: ['', 'what broke it, or what is known'], align: 'left', meaning: 'prose' },
    ],
    rows: models.map((one) => ({
      kind: 'measured',
      name: sustainedName(one, names),
      mark: null,
      values: [
        sustainedFigure(one.outcome),
        sustainedRange(one.outcome),
        brokeFigure(one.outcome),
        given(one.trials),
        prose(outcomeText(one.outcome)),
      ],
    })),
  };
}

/** Above the table. */
export function sloTitle({ asked }: Slo): string {
  return `Highest rate within ${asked.text}`;
}

/** What the columns mean, for the foot of a report. */
export const SLO_NOTES: readonly string[] = [
  'sustained: the highest rate at which the SLO was met, confirmed by trials; ≥: met at that rate, and no higher one is known to break it.',
  'interval: every trial up to its lower end met the SLO, and every trial from its upper end on broke it.',
];
