import type { Sustained } from '../../harness/judge/schema/rate.ts';
import { limitName, list, msFigure } from '../../harness/judge/words.ts';
import { isPlain } from '../drawing/canvas.ts';
import type { Chart, ChartInput } from '../drawing/input.ts';
import { haloed, points } from '../drawing/marks.ts';
import { rateConditions } from '../drawing/rate-rows.ts';
import { type Bar, BELOW_BAR, barChart } from '../drawing/row-chart.ts';
import type { Column } from '../drawing/row-texts.ts';
import { rowLabels } from '../drawing/rows.ts';
import { INK, modelColours } from '../drawing/theme.ts';
import { brokeFigure, outcomeText, type Slo, sustainedFigure, sustainedName, sustainedRange } from '../tables/slo.ts';
import { cellNames } from '../words/cells.ts';
import { visible } from '../words/escape.ts';
import { rateFigure, rateNotices } from '../words/rates.ts';

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
    const told = isPlain(input.canvas) ? rows.filter(({ outcome }) => outcome.kind !== 'found') : rows;
    const words = told.map((row) => ({
      ...{ label: row.label, words: remark(row) },
      dy: row.outcome.kind === 'untold' ? null : BELOW_BAR,
    }));
    return barChart({
      input,
      title: titleOf(rows, slo),
      measure: `offered requests per second within ${limitsText(slo)}, more is better`,
      kind: 'Bar chart',
      figures: figuresOf(rows),
      notes: [
        'Bar: highest rate at which the SLO was met. Cross: the rate at which it was broken.',
        'Whisker: every trial up to its lower end met the SLO, and every trial from its upper end on broke it.',
        ...(isOpen ? ['Arrow: met at the highest rate that was tried, so the truth is this or more.'] : []),
        ...rateNotices(latency),
      ],
      rows,
      rowHeight: words.some((one) => one.words.length > LONG) ? 88 : 64,
      columns: COLUMNS,
      words,
      wordLines: 2,
      conditions: rateConditions(input, latency.cells),
      axisTitle: 'offered requests per second',
      unit: '/s',
      end: ROOM * Math.max(...rows.map(({ outcome }) => highest(outcome))),
      bars: rows.flatMap(barsOf),
      whiskers: rows.flatMap(({ label, outcome }) =>
        outcome.kind === 'found' ? [{ label, low: outcome.low, high: outcome.high }] : [],
      ),
      over: ({ place }) => [
        // Without a note a cross beside a figure would be read as “times”.
        ...haloed(place, isPlain(input.canvas) ? [] : rows.flatMap(crossesOf), {
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
  const rows = models.map(({ model, outcome }, i) => ({ label: labels[i] ?? '', colour: colourOf(model), outcome }));
  return rows.toSorted((a, b) => sustained(b.outcome) - sustained(a.outcome));
}

/** For the order of rows: what broke at the lowest rate comes after all others, what cannot be told last. */
function sustained(outcome: Sustained['outcome']): number {
  switch (outcome.kind) {
    case 'found':
      return outcome.estimate;
    case 'all':
      return outcome.triedPerSec;
    case 'none':
      return 0;
    case 'untold':
      return -1;
    default:
      return outcome satisfies never;
  }
}

/** `p99 ≤ 20 ms`. */
function limitsText({ asked: { limits } }: Slo): string {
  return list(limits.map((limit) => `${limitName(limit)} ≤ ${msFigure(limit.limitMs, 12)}`));
}

/** Of the first and the last; both ends together where they may be the same. */
function titleOf(rows: readonly SustainedRow[], slo: Slo): string {
  const told = rows.filter(({ outcome }) => outcome.kind !== 'untold');
  const [best, last] = [told[0], told.at(-1)];
  const within = `within ${limitsText(slo)}`;
  if (best === undefined || last === undefined || best.outcome.kind === 'none') {
    return `no model sustains any of the rates tried ${within}`;
  }
  const first = `${best.label} sustains ${sustainedFigure(best.outcome)}/s ${within}`;
  if (best === last) return first;
  const { outcome } = last;
  if (outcome.kind === 'none') return `${first}, ${last.label} not even ${rateFigure(outcome.triedPerSec)}/s`;
  const low = best.outcome.kind === 'found' ? best.outcome.low : sustained(best.outcome);
  if (outcome.kind === 'found' && outcome.high < low) return `${first}, ${last.label} ${sustainedFigure(outcome)}/s`;
  const figures = [last, best].map((row) => sustainedFigure(row.outcome));
  const all = told.length === rows.length ? 'all' : 'those that can be told';
  return `${all} sustain ${[...new Set(figures)].join(' to ')}/s ${within}`;
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

function figuresOf(rows: readonly SustainedRow[]): string {
  const parts = rows.map(({ label, outcome }) => {
    if (outcome.kind !== 'found') return `${label} ${outcomeText(outcome)}`;
    return `${label} ${sustainedFigure(outcome)} (${sustainedRange(outcome)}), broke at ${brokeFigure(outcome)}`;
  });
  return `requests per second: ${parts.join('; ')}`;
}
