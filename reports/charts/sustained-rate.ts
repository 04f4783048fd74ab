import type { Sustained } from '../../harness/judge/schema/rate.ts';
import type { ChartInput } from '../drawing/input.ts';
import { haloed, points } from '../drawing/marks.ts';
import { rateConditions } from '../drawing/rate-rows.ts';
import { type Bar, BELOW_BAR, barChart } from '../drawing/row-chart.ts';
import type { Column } from '../drawing/row-texts.ts';
import { rowLabels } from '../drawing/rows.ts';
import { INK, modelColours } from '../drawing/theme.ts';
import {
  brokeFigure,
  outcomeText,
  type Slo,
  sloTitle,
  sustainedFigure,
  sustainedName,
  sustainedRange,
} from '../tables/slo.ts';
import { cellNames, scenarioTitle } from '../words/cells.ts';
import { visible } from '../words/escape.ts';
import { rateNotices } from '../words/rates.ts';
import type { Chart } from './chart.ts';

interface SustainedRow {
  readonly label: string;
  readonly colour: string;
  readonly outcome: Sustained['outcome'];
}

const COLUMNS: readonly Column<SustainedRow>[] = [
  { title: 'requests/s', strong: true, value: ({ outcome }) => sustainedFigure(outcome) },
  { title: 'interval', value: ({ outcome }) => sustainedRange(outcome) },
  { title: 'broke at', value: ({ outcome }) => brokeFigure(outcome) },
];
/** Words that are longer than this many characters need two lines in the narrowest plot. */
const LONG = 66;
const ROOM = 1.08;

const sustainedRate: Chart = {
  summary: 'the highest rate that each model sustains within the SLO',
  draw: (input) => {
    const { latency } = input.scenario;
    if (latency === null) return { kind: 'omitted', reason: 'no latency was measured at given rates' };
    const { slo } = latency;
    if (slo === null) return { kind: 'omitted', reason: 'no SLO was asked for' };
    const rows = rowsOf(input, slo);
    if (rows.every(({ outcome }) => outcome.kind === 'untold')) {
      return { kind: 'omitted', reason: `of no model can be told what it sustains within ${slo.asked.text}` };
    }
    const isOpen = rows.some(({ outcome }) => outcome.kind === 'all');
    const words = rows.map((row) => ({
      ...{ label: row.label, words: remark(row) },
      dy: row.outcome.kind === 'untold' ? null : BELOW_BAR,
    }));
    return barChart({
      input,
      shows: sloTitle(slo).replace(/^H/u, 'h'),
      notes: [
        'Bar: highest rate at which the SLO was met. Cross: the rate at which it was broken.',
        'Whisker: every trial up to its lower end met the SLO, and every trial from its upper end on broke it.',
        ...(isOpen ? ['Arrow: met at the highest rate that was tried, so the truth is this or more.'] : []),
        ...rateNotices(latency),
      ],
      alt: altText(input, slo, rows),
      rows,
      rowHeight: words.some((one) => one.words.length > LONG) ? 88 : 64,
      columns: COLUMNS,
      words,
      wordLines: 2,
      conditions: rateConditions(input, latency.cells),
      axisTitle: 'offered requests per second',
      end: ROOM * Math.max(...rows.map(({ outcome }) => highest(outcome))),
      bars: rows.flatMap(barsOf),
      whiskers: rows.flatMap(({ label, outcome }) =>
        outcome.kind === 'found' ? [{ label, low: outcome.low, high: outcome.high }] : [],
      ),
      over: ({ place }) => [
        ...haloed(place, rows.flatMap(crossesOf), {
          align: 'center',
          fontSize: 21,
          fontWeight: 'bold',
          color: INK.strong,
        }),
        ...points(place, rows.flatMap(arrowsOf), { shape: 'triangle-right', size: 340, filled: true, xOffset: 5 }),
      ],
    });
  },
};

export default sustainedRate;

function rowsOf({ scenario, summary }: ChartInput, { models }: Slo): SustainedRow[] {
  const colourOf = modelColours(summary);
  const names = cellNames(scenario);
  const labels = rowLabels(models.map((one) => sustainedName(one, names)));
  return models.map(({ model, outcome }, i) => ({ label: labels[i] ?? '', colour: colourOf(model), outcome }));
}

/** What stands below a bar, or in place of one. */
function remark({ outcome }: SustainedRow): string {
  const words = outcomeText(outcome);
  return outcome.kind === 'found' ? `broken at ${brokeFigure(outcome)}/s: ${words}` : words;
}

function highest(outcome: Sustained['outcome']): number {
  if (outcome.kind === 'found') return Math.max(outcome.estimate, outcome.high, outcome.brokeAt);
  return outcome.kind === 'untold' ? 0 : outcome.triedPerSec;
}

/** Up to what was sustained, or up to all that was tried. */
function barsOf({ label, colour, outcome }: SustainedRow): Bar[] {
  if (outcome.kind !== 'found' && outcome.kind !== 'all') return [];
  const words = `${sustainedFigure(outcome)} requests/s sustained`;
  const range = outcome.kind === 'found' ? ` (${sustainedRange(outcome)}), broke at ${brokeFigure(outcome)}/s` : '';
  const to = outcome.kind === 'found' ? outcome.estimate : outcome.triedPerSec;
  return [{ label, colour, from: 0, to, isApart: false, description: visible(`${label}: ${words}${range}`) }];
}

/** At the rate at which the SLO was broken. */
function crossesOf({ label, outcome }: SustainedRow) {
  if (outcome.kind === 'found') return [{ label, x: outcome.brokeAt, text: '×' }];
  return outcome.kind === 'none' ? [{ label, x: outcome.triedPerSec, text: '×' }] : [];
}

/** At the end of a bar that ends only because nothing more was tried. */
function arrowsOf({ label, colour, outcome }: SustainedRow) {
  return outcome.kind === 'all' ? [{ label, x: outcome.triedPerSec, colour }] : [];
}

function altText({ scenario }: ChartInput, slo: Slo, rows: readonly SustainedRow[]): string {
  const parts = rows.map(({ label, outcome }) => {
    if (outcome.kind !== 'found') return `${label} ${outcomeText(outcome)}`;
    const figures = `${sustainedFigure(outcome)} (${sustainedRange(outcome)})`;
    return `${label} ${figures}, broke at ${brokeFigure(outcome)}: ${outcome.brokeBy}`;
  });
  return `Bar chart of ${scenarioTitle(scenario)}: ${sloTitle(slo)}, in requests per second by model: ${parts.join('; ')}.`;
}
