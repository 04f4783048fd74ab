import { findingOf } from '../../harness/judge/answer/finding.ts';
import { isPlain } from '../drawing/canvas.ts';
import type { Chart } from '../drawing/input.ts';
import { referenceLine, referenceName } from '../drawing/marks.ts';
import { rowChart } from '../drawing/row-chart.ts';
import type { Column, RowWords } from '../drawing/row-texts.ts';
import { marginText } from '../words/comparisons.ts';
import { MISSING, multiple } from '../words/figures.ts';
import { placeOf, ratioAxis, ratioDomain } from './ratio/axis.ts';
import { bandLayers, type DrawnRow, intervalLayers, pointLayers } from './ratio/layers.ts';
import { isOneMargin, notesOf } from './ratio/notes.ts';
import { type Baselines, type RatioRow, ratioRows } from './ratio/rows.ts';

/** With words, of which there may be two lines below the marks, and without. */
const ROW_HEIGHT = { withWords: 92, plain: 72 } as const;
/** From the middle of a row to its words. */
const BELOW = 19;

const COLUMNS: readonly Column<RatioRow>[] = [
  { title: 'difference', strong: true, value: ({ difference }) => difference },
];

/** What stands in the plot beside the marks of a row. */
function wordsOf({ label, baseline, point, reason, isUnsettled }: RatioRow, { isMany }: Baselines): RowWords[] {
  const parts = [
    ...(isMany ? [`beside ${baseline}`] : []),
    ...(isUnsettled ? ['interval too wide to be drawn'] : []),
    ...(reason === null ? [] : [reason]),
  ];
  return parts.length === 0 ? [] : [{ label, words: parts.join('; '), dy: point === null ? null : BELOW }];
}

function figuresOf(rows: readonly RatioRow[], { name, isMany }: Baselines): string {
  const parts = rows.map(
    ({ label, baseline, point, difference, reason }) =>
      `${label}${isMany ? ` beside ${baseline}` : ''} ${point === null ? `${MISSING} (${reason ?? ''})` : `${multiple(point)} (${difference})`}`,
  );
  return `requests per second as a multiple of those of ${name}: ${parts.join(', ')}`;
}

function whyNone(rows: readonly RatioRow[], { name }: Baselines): string {
  if (rows.length === 0) return `there is nothing to compare with ${name}`;
  const reasons = [...new Set(rows.flatMap(({ reason }) => reason ?? []))];
  return `no model has a ratio to ${name}: ${reasons.join('; ')}`;
}

const ratio: Chart = {
  summary: 'requests per second relative to single, with intervals and margin',
  draw: (input) => {
    const { baselines, rows } = ratioRows(input);
    const drawn = rows.flatMap((row): DrawnRow[] => (row.point === null ? [] : [{ ...row, point: row.point }]));
    if (drawn.length === 0) return { kind: 'omitted', reason: whyNone(rows, baselines) };
    const { margin } = input.summary;
    const domain = ratioDomain(drawn, margin);
    const words = rows.flatMap((row) => wordsOf(row, baselines));
    const { name } = baselines;
    const title = `requests per second ÷ those of ${name} (logarithmic scale)`;
    return rowChart({
      input,
      title: findingOf(input.scenario, 'throughput') ?? `requests per second relative to ${name}`,
      measure: `requests per second as a multiple of those of ${name}, more is better`,
      kind: 'Forest plot',
      figures: figuresOf(rows, baselines),
      notes: notesOf(input, drawn, baselines, domain),
      rows,
      rowHeight: words.some(({ dy }) => dy !== null) ? ROW_HEIGHT.withWords : ROW_HEIGHT.plain,
      headHeight: 48,
      columns: COLUMNS,
      words,
      wordLines: 2,
      labels: drawn.map(({ label, point, interval }) => ({
        ...{ label, text: multiple(point), side: 'right' },
        at: Math.min(domain[1], interval?.high ?? point),
      })),
      x: (plotWidth) => ratioAxis(domain, title, plotWidth),
      marks: ({ place, width, height }) => {
        const x = placeOf(1, domain, width);
        const scale = { domain, width };
        return [
          ...(isOneMargin(input) ? bandLayers(margin, scale, height) : []),
          ...referenceLine(x, [0, height], {}),
          ...referenceName(name, { x, y: -30, plotWidth: width }),
          ...(isPlain(input.canvas)
            ? []
            : referenceName(`margin ${marginText(input.summary)}`, { x, y: -12, plotWidth: width }, false)),
          ...intervalLayers(place, drawn, scale),
          ...pointLayers(place, drawn),
        ];
      },
    });
  },
};

export default ratio;
