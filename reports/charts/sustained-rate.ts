import { type Content, frame } from '../drawing/frame.ts';
import type { ChartInput } from '../drawing/input.ts';
import { columnLayers, rowAxis, rowText } from '../drawing/layers.ts';
import { GUTTER } from '../drawing/layout.ts';
import { rateConditions } from '../drawing/rate-conditions.ts';
import { rowLabels } from '../drawing/rows.ts';
import { modelColours } from '../drawing/theme.ts';
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
import { wrap } from '../words/wrap.ts';
import type { Chart } from './chart.ts';
import { barLayers, brokeLayers, openEndLayers, type SustainedRow, sustainedAxis } from './sustained-rate/layers.ts';

const ROW_HEIGHT = 64;
const BAR_HEIGHT = 26;
/** Words below a bar, and what a second line of them takes above and below the middle of the row. */
const BELOW = BAR_HEIGHT / 2 + 11;
const WORD_LINE = 16;
const COLUMNS_WIDTH = 262;
/** What the plot has room for, in characters. */
const WORDS = 66;

function rowsOf({ scenario, summary }: ChartInput, { models }: Slo): SustainedRow[] {
  const colourOf = modelColours(summary);
  const names = cellNames(scenario);
  const labels = rowLabels(models.map((one) => sustainedName(one, names)));
  return models.map(({ model, outcome }, i) => ({ label: labels[i] ?? '', colour: colourOf(model), outcome }));
}

/** What stands below a bar, or in place of one. */
function wordsOf({ outcome }: SustainedRow): string {
  const words = outcomeText(outcome);
  return visible(outcome.kind === 'found' ? `broken at ${brokeFigure(outcome)}/s: ${words}` : words);
}

function altText({ scenario }: ChartInput, slo: Slo, rows: readonly SustainedRow[]): string {
  const parts = rows.map(({ label, outcome }) => {
    if (outcome.kind !== 'found') return `${label} ${outcomeText(outcome)}`;
    const figures = `${sustainedFigure(outcome)} (${sustainedRange(outcome)})`;
    return `${label} ${figures}, broke at ${brokeFigure(outcome)}: ${outcome.brokeBy}`;
  });
  return `Bar chart of ${scenarioTitle(scenario)}: ${sloTitle(slo)}, in requests per second by model: ${parts.join('; ')}.`;
}

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
    const x = sustainedAxis(rows);
    const y = rowAxis(rows);
    const alt = altText(input, slo, rows);
    const lines = (row: SustainedRow) => wrap(wordsOf(row), WORDS);
    const isLong = rows.some((row) => lines(row).length > 1);
    const content: Content = {
      input,
      shows: sloTitle(slo).replace(/^H/u, 'h'),
      notes: [
        'Bar: highest rate at which the SLO was met. Cross: the rate at which it was broken.',
        'Whisker: every trial up to its lower end met the SLO, and every trial from its upper end on broke it.',
        ...(rows.some(({ outcome }) => outcome.kind === 'all')
          ? ['Arrow: met at the highest rate that was tried, so the truth is this or more.']
          : []),
        ...rateNotices(latency),
      ],
      alt,
      rowLabels: rows.map(({ label }) => label),
      rowHeight: isLong ? ROW_HEIGHT + WORD_LINE + 8 : ROW_HEIGHT,
      columnsWidth: COLUMNS_WIDTH,
      headHeight: 32,
      conditions: rateConditions(input, latency.cells),
    };
    const spec = frame(content, ({ plotWidth }) => [
      ...barLayers(x, y, rows, BAR_HEIGHT),
      ...brokeLayers(x, y, rows),
      ...openEndLayers(x, y, rows),
      ...[true, false].flatMap((isDrawn) => {
        const some = rows.filter(({ outcome }) => (outcome.kind !== 'untold') === isDrawn);
        const long = some.filter((row) => lines(row).length > 1);
        const dy = isDrawn ? BELOW : 0;
        return [
          ...rowText(y, some, dy, (row) => lines(row)[0] ?? '', WORDS),
          ...rowText(y, long, dy + WORD_LINE, (row) => lines(row).slice(1).join(' '), WORDS),
        ];
      }),
      ...columnLayers(y, rows, {
        title: 'requests/s',
        right: plotWidth + GUTTER + 74,
        strong: true,
        value: ({ outcome }) => sustainedFigure(outcome),
      }),
      ...columnLayers(y, rows, {
        title: 'interval',
        right: plotWidth + GUTTER + 178,
        value: ({ outcome }) => sustainedRange(outcome),
      }),
      ...columnLayers(y, rows, {
        title: 'broke at',
        right: plotWidth + GUTTER + COLUMNS_WIDTH,
        value: ({ outcome }) => brokeFigure(outcome),
      }),
    ]);
    return { kind: 'spec', spec, alt };
  },
};

export default sustainedRate;
