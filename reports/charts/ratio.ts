import { frame } from '../drawing/frame.ts';
import type { ChartInput } from '../drawing/input.ts';
import { rowAxis } from '../drawing/layers.ts';
import { headLayers, lineLayer } from '../drawing/reference-line.ts';
import { type RowWords, wordLayers } from '../drawing/row-words.ts';
import { columnsWidth, type TextColumn, textColumnLayers } from '../drawing/text-columns.ts';
import { scenarioTitle } from '../words/cells.ts';
import { withInterval } from '../words/comparisons.ts';
import { MISSING } from '../words/figures.ts';
import type { Chart } from './chart.ts';
import { placeOf, ratioAxis, ratioDomain } from './ratio/axis.ts';
import { bandLayer, type DrawnRow, intervalLayers, pointLayers } from './ratio/layers.ts';
import { isOneMargin, type Measure, marginText, measureOf, notesOf } from './ratio/notes.ts';
import { type Baselines, type RatioRow, ratioRows } from './ratio/rows.ts';

/** With words, of which there may be two lines below the marks, and without. */
const ROW_HEIGHT = { withWords: 92, plain: 72 } as const;
/** From the middle of a row to its words. */
const BELOW = 19;

const COLUMNS: readonly TextColumn<RatioRow>[] = [
  { title: 'ratio', strong: true, value: ({ text }) => text.ratio.point },
  { title: 'interval', value: ({ text }) => (text.ratio.interval === '' ? MISSING : text.ratio.interval) },
  { title: 'verdict', strong: true, value: ({ text }) => text.verdictText },
];

/** What stands in the plot beside the marks of a row. */
function wordsOf({ label, baseline, point, reason, isUnsettled }: RatioRow, { isMany }: Baselines): RowWords[] {
  const parts = [
    ...(isMany ? [`beside ${baseline}`] : []),
    ...(isUnsettled ? ['interval too wide to be drawn'] : []),
    ...(reason === null ? [] : [reason]),
  ];
  return parts.length === 0 ? [] : [{ label, words: parts.join('; '), isBelow: point !== null }];
}

function altText(input: ChartInput, rows: readonly RatioRow[], { name, isMany }: Baselines, measure: Measure): string {
  const parts = rows.map(({ label, baseline, point, text, reason }) => {
    const against = isMany ? ` beside ${baseline}` : '';
    if (point === null) return `${label}${against} ${text.verdictText}: ${reason ?? ''}`;
    return `${label}${against} ${withInterval(text.ratio)} ${text.verdictText}`;
  });
  return `Forest plot of ${scenarioTitle(input.scenario)}: ${measure.name} as a multiple of ${measure.that} of ${name}, with intervals and a margin of ${marginText(input)}: ${parts.join('; ')}.`;
}

function whyNone(rows: readonly RatioRow[], { name }: Baselines): string {
  if (rows.length === 0) return `there is nothing to compare with ${name}`;
  const reasons = [...new Set(rows.flatMap(({ reason }) => reason ?? []))];
  return `no model has a ratio to ${name}: ${reasons.join('; ')}`;
}

const ratio: Chart = {
  summary: 'requests per second relative to single, with intervals, margin and verdict',
  draw: (input) => {
    const { baselines, rows } = ratioRows(input);
    const drawn = rows.flatMap((row): DrawnRow[] => (row.point === null ? [] : [{ ...row, point: row.point }]));
    if (drawn.length === 0) return { kind: 'omitted', reason: whyNone(rows, baselines) };
    const { margin } = input.summary;
    const domain = ratioDomain(drawn, margin);
    const y = rowAxis(rows);
    const measure = measureOf(drawn);
    const alt = altText(input, rows, baselines, measure);
    const words = rows.flatMap((row) => wordsOf(row, baselines));
    const { name } = baselines;
    const content = {
      input,
      shows: `${measure.name} relative to ${name}`,
      notes: notesOf(input, rows, drawn, baselines, domain),
      alt,
      rowLabels: rows.map(({ label }) => label),
      rowHeight: words.some(({ isBelow }) => isBelow) ? ROW_HEIGHT.withWords : ROW_HEIGHT.plain,
      columnsWidth: columnsWidth(COLUMNS, rows),
      headHeight: 48,
    };
    const spec = frame(content, ({ plotWidth }) => {
      const x = ratioAxis(domain, `${measure.name} ÷ ${measure.that} of ${name} (logarithmic scale)`, plotWidth);
      const one = placeOf(1, domain, plotWidth);
      return [
        ...(isOneMargin(input) ? [bandLayer(x, margin)] : []),
        lineLayer(one, 0, {}),
        ...headLayers(one, plotWidth, [
          { text: name, y: -30, strong: true },
          { text: `margin ${marginText(input)}`, y: -12, strong: false },
        ]),
        ...intervalLayers(x, y, drawn, plotWidth),
        ...pointLayers(x, y, drawn),
        ...wordLayers(y, words, { plotWidth, below: BELOW, linesBelow: 2 }),
        ...textColumnLayers(y, COLUMNS, rows, plotWidth),
      ];
    });
    return { kind: 'spec', spec, alt };
  },
};

export default ratio;
