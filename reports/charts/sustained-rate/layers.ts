/** Layers of a chart of the highest rates within an SLO. */
import type { Sustained } from '../../../harness/judge/schema/rate.ts';
import { DESCRIBED, DESCRIPTION } from '../../drawing/described.ts';
import type { Layer } from '../../drawing/frame.ts';
import type { RowAxis } from '../../drawing/layers.ts';
import { INK } from '../../drawing/theme.ts';
import { barWhiskers } from '../../drawing/whiskers.ts';
import { brokeFigure, sustainedFigure, sustainedRange } from '../../tables/slo.ts';
import { visible } from '../../words/escape.ts';

const COLOUR = { field: 'colour', type: 'nominal', scale: null } as const;

export interface SustainedRow {
  readonly label: string;
  readonly colour: string;
  readonly outcome: Sustained['outcome'];
}

/** From zero: the length of a bar is the figure. */
export function sustainedAxis(rows: readonly SustainedRow[]) {
  const highest = Math.max(
    ...rows.map(({ outcome }) => {
      if (outcome.kind === 'found') return Math.max(outcome.estimate, outcome.high, outcome.brokeAt);
      return outcome.kind === 'untold' ? 0 : outcome.triedPerSec;
    }),
  );
  return {
    type: 'quantitative' as const,
    stack: null,
    scale: { domain: [0, highest * 1.08], nice: false, zero: true },
    axis: { title: 'offered requests per second', grid: true, tickCount: 6, format: ',~f' },
  };
}

type SustainedAxis = ReturnType<typeof sustainedAxis>;

/** Bars up to what was sustained, or up to all that was tried, with whiskers where an end was found. */
export function barLayers(x: SustainedAxis, y: RowAxis, rows: readonly SustainedRow[], size: number): Layer[] {
  const bars = rows.flatMap(({ label, colour, outcome }) => {
    if (outcome.kind !== 'found' && outcome.kind !== 'all') return [];
    const words = `${sustainedFigure(outcome)} requests/s sustained`;
    const range = outcome.kind === 'found' ? ` (${sustainedRange(outcome)}), broke at ${brokeFigure(outcome)}/s` : '';
    const rate = outcome.kind === 'found' ? outcome.estimate : outcome.triedPerSec;
    return [{ label, colour, rate, description: visible(`${label}: ${words}${range}`) }];
  });
  const whiskers = rows.flatMap(({ label, outcome }) =>
    outcome.kind === 'found' ? [{ label, low: outcome.low, high: outcome.high }] : [],
  );
  if (bars.length === 0) return [];
  const barLayer: Layer = {
    data: { values: bars },
    mark: { type: 'bar', size, ...DESCRIBED },
    encoding: { x: { ...x, field: 'rate' }, y, color: COLOUR, ...DESCRIPTION },
  };
  return [barLayer, ...barWhiskers(x, y, whiskers)];
}

/** A cross at the rate at which the SLO was broken. */
export function brokeLayers(x: SustainedAxis, y: RowAxis, rows: readonly SustainedRow[]): Layer[] {
  const values = rows.flatMap(({ label, outcome }) => {
    if (outcome.kind === 'found') return [{ label, rate: outcome.brokeAt }];
    return outcome.kind === 'none' ? [{ label, rate: outcome.triedPerSec }] : [];
  });
  if (values.length === 0) return [];
  const encoding = { x: { ...x, field: 'rate' }, y };
  const mark = { type: 'text', text: '×', align: 'center', fontSize: 21, fontWeight: 'bold' } as const;
  return [
    { data: { values }, mark: { ...mark, color: INK.paper, stroke: INK.paper, strokeWidth: 4 }, encoding },
    { data: { values }, mark: { ...mark, color: INK.strong }, encoding },
  ];
}

/** An arrow at the end of a bar that ends only because nothing more was tried. */
export function openEndLayers(x: SustainedAxis, y: RowAxis, rows: readonly SustainedRow[]): Layer[] {
  const values = rows.flatMap(({ label, colour, outcome }) =>
    outcome.kind === 'all' ? [{ label, colour, rate: outcome.triedPerSec }] : [],
  );
  if (values.length === 0) return [];
  return [
    {
      data: { values },
      mark: { type: 'point', shape: 'triangle-right', size: 340, filled: true, opacity: 1, xOffset: 5 },
      encoding: { x: { ...x, field: 'rate' }, y, color: COLOUR },
    },
  ];
}
