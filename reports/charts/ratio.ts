import { IMPLIED_ACCURACY } from '../../harness/judge/comparison.ts';
import { FAMILY_ERROR } from '../../harness/judge/verdict.ts';
import { scenarioTitle } from '../cells.ts';
import { withInterval } from '../comparison-lines.ts';
import { frame } from '../drawing/frame.ts';
import { rowAxis } from '../drawing/layers.ts';
import { placeOf, ratioAxis, ratioDomain } from '../drawing/ratio-axis.ts';
import { bandLayer, type DrawnRow, intervalLayers, pointLayers } from '../drawing/ratio-layers.ts';
import { type Baselines, type RatioRow, ratioRows } from '../drawing/ratio-rows.ts';
import { headLayers, lineLayer } from '../drawing/reference-line.ts';
import { type RowWords, wordLayers } from '../drawing/row-words.ts';
import { columnsWidth, type TextColumn, textColumnLayers } from '../drawing/text-columns.ts';
import { given, MISSING, UNSETTLED, wholePercent } from '../figures.ts';
import { runsOf, saidOnce } from '../runs.ts';
import type { Chart, ChartInput } from './chart.ts';

const ROW_HEIGHT = 72;
/** From the middle of a row to its words. */
const BELOW = 18;

const COLUMNS: readonly TextColumn<RatioRow>[] = [
  { title: 'ratio', strong: true, value: ({ text }) => text.ratio.point },
  { title: 'interval', value: ({ text }) => (text.ratio.interval === '' ? MISSING : text.ratio.interval) },
  { title: 'verdict', strong: true, value: ({ text }) => text.verdictText },
];

/** `±3%`, or that of each run. */
function marginText({ summary }: ChartInput): string {
  return saidOnce(summary, ({ margin }) => `±${given(margin * 100)}%`);
}

/** Whether all that is drawn was judged by the same margin, so that it can be drawn too. */
function isOneMargin({ summary }: ChartInput): boolean {
  return runsOf(summary).every(({ of }) => of.margin === summary.margin);
}

/** What stands in the plot beside the marks of a row. */
function wordsOf({ label, baseline, point, reason, isUnsettled }: RatioRow, { isMany }: Baselines): RowWords[] {
  const parts = [
    ...(isMany ? [`beside ${baseline}`] : []),
    ...(isUnsettled ? ['interval too wide to be drawn'] : []),
    ...(reason === null ? [] : [reason]),
  ];
  return parts.length === 0 ? [] : [{ label, words: parts.join('; '), isBelow: point !== null }];
}

function notesOf(
  rows: readonly DrawnRow[],
  { name, isMany, isFirst }: Baselines,
  domain: readonly [number, number],
  input: ChartInput,
): string[] {
  const [start, end] = domain;
  const together = wholePercent(1 - FAMILY_ERROR);
  const isCut = rows.some(({ interval }) => interval !== null && (interval.low < start || interval.high > end));
  const isOpen = rows.some(({ isDecided, isDerived }) => !isDecided && !isDerived);
  return [
    ...(isFirst ? [`No single here to compare with: the baseline is ${name}, the first model.`] : []),
    ...(isMany
      ? [
          runsOf(input.summary).length > 0
            ? 'Each beside the single of its own run.'
            : 'Each beside the single that uses its connections in the same way.',
        ]
      : []),
    `Point: requests per second ÷ those of ${name}, paired by round. Line: interval; those of all pairs of the run hold together with ${together}%.`,
    `${isOneMargin(input) ? 'Shaded' : 'Margin'}: up to ${marginText(input)}, a difference that does not matter.${isOpen ? ' Filled: decided. Hollow circle: inconclusive.' : ''}`,
    ...(rows.some(({ isDerived }) => isDerived)
      ? [
          `Diamond, dashed, ≈: ratio of implied capacities, derived and not measured, because throughput is invalid; it tells models apart from a factor of ${given(IMPLIED_ACCURACY)} on.`,
        ]
      : []),
    ...(isCut ? ['Arrowhead: the interval goes on beyond this axis.'] : []),
    ...(rows.some(({ isUnsettled }) => isUnsettled) ? [`${UNSETTLED.replace('u', 'U')}.`] : []),
  ];
}

function altText(input: ChartInput, rows: readonly RatioRow[], { name, isMany }: Baselines): string {
  const parts = rows.map(({ label, baseline, point, text, reason }) => {
    const against = isMany ? ` beside ${baseline}` : '';
    if (point === null) return `${label}${against} ${text.verdictText}: ${reason ?? ''}`;
    return `${label}${against} ${withInterval(text.ratio)} ${text.verdictText}`;
  });
  return `Forest plot of ${scenarioTitle(input.scenario)}: requests per second as a multiple of ${name}, with intervals and a margin of ${marginText(input)}: ${parts.join('; ')}.`;
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
    const alt = altText(input, rows, baselines);
    const { name } = baselines;
    const content = {
      input,
      shows: `requests per second relative to ${name}`,
      notes: notesOf(drawn, baselines, domain, input),
      alt,
      rowLabels: rows.map(({ label }) => label),
      rowHeight: ROW_HEIGHT,
      columnsWidth: columnsWidth(COLUMNS, rows),
      headHeight: 48,
    };
    const spec = frame(content, ({ plotWidth }) => {
      const x = ratioAxis(domain, `requests per second ÷ those of ${name} (logarithmic scale)`, plotWidth);
      const one = placeOf(1, domain, plotWidth);
      return [
        ...(isOneMargin(input) ? [bandLayer(x, margin)] : []),
        lineLayer(one, 0, {}),
        ...headLayers(one, plotWidth, [
          { text: name, y: -30, strong: true },
          { text: `margin ${marginText(input)}`, y: -12, strong: false },
        ]),
        ...intervalLayers(x, y, drawn),
        ...pointLayers(x, y, drawn),
        ...wordLayers(
          y,
          rows.flatMap((row) => wordsOf(row, baselines)),
          { plotWidth, below: BELOW, linesBelow: 2 },
        ),
        ...textColumnLayers(y, COLUMNS, rows, plotWidth),
      ];
    });
    return { kind: 'spec', spec, alt };
  },
};

export default ratio;
