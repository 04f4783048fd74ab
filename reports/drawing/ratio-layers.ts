/** Layers of a forest plot of ratios. What is decided is filled, what is open hollow, what is derived dashed and lighter. */
import { INK } from '../charts/theme.ts';
import { visible } from '../escape.ts';
import { DESCRIBED, DESCRIPTION } from './described.ts';
import type { Layer } from './frame.ts';
import type { RowAxis } from './layers.ts';
import type { RatioAxis } from './ratio-axis.ts';
import type { Interval, RatioRow } from './ratio-rows.ts';

const COLOUR = { field: 'colour', type: 'nominal', scale: null } as const;
const DERIVED_OPACITY = 0.6;
const CAP_HEIGHT = 11;
const ARROW = { type: 'point', size: 110, filled: true, opacity: 1 } as const;

/** A row with a ratio. */
export type DrawnRow = RatioRow & { readonly point: number };

/** The ratios that make no difference that matters. */
export function bandLayer(x: RatioAxis, margin: number): Layer {
  return {
    data: { values: [{ low: 1 / (1 + margin), high: 1 + margin }] },
    mark: { type: 'rect', fill: INK.line, fillOpacity: 0.38 },
    encoding: {
      x: { ...x, field: 'low' },
      x2: { field: 'high' },
      y: { value: 0 },
      y2: { value: 'height' },
    },
  };
}

/** Where an interval leaves the axis it has an arrowhead instead of a cap. */
export function intervalLayers(x: RatioAxis, y: RowAxis, rows: readonly DrawnRow[]): Layer[] {
  const [start, end] = x.scale.domain;
  const values = rows.flatMap(({ label, colour, isDerived, interval }) => {
    if (interval === null) return [];
    const { low, high } = interval;
    const shown = { low: Math.max(low, start), high: Math.min(high, end) };
    return [{ label, colour, isDerived, ...shown, isCutLow: low < start, isCutHigh: high > end }];
  });
  const measured = values.filter(({ isDerived }) => !isDerived);
  const derived = values.filter(({ isDerived }) => isDerived);
  const line = (own: readonly (typeof values)[number][], look: object): Layer[] =>
    whenAny(own, {
      mark: { type: 'rule', ...look },
      encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y, color: COLOUR },
    });
  const ends = (field: keyof Interval, own: readonly object[], mark: object): Layer[] =>
    whenAny(own, { mark: { type: 'point', ...mark }, encoding: { x: { ...x, field }, y, color: COLOUR } });
  const cap = {
    shape: `M0,-${CAP_HEIGHT / 2}L0,${CAP_HEIGHT / 2}`,
    size: 4,
    filled: false,
    opacity: 1,
    strokeWidth: 2.6,
  };
  return [
    ...line(measured, { strokeWidth: 2.6 }),
    ...line(derived, { strokeWidth: 2.2, strokeDash: [4, 3], opacity: DERIVED_OPACITY }),
    ...ends(
      'low',
      measured.filter((one) => !one.isCutLow),
      cap,
    ),
    ...ends(
      'high',
      measured.filter((one) => !one.isCutHigh),
      cap,
    ),
    ...ends(
      'low',
      values.filter((one) => one.isCutLow),
      { ...ARROW, shape: 'triangle-left' },
    ),
    ...ends(
      'high',
      values.filter((one) => one.isCutHigh),
      { ...ARROW, shape: 'triangle-right' },
    ),
  ];
}

/** The ratios themselves, with their words. */
export function pointLayers(x: RatioAxis, y: RowAxis, rows: readonly DrawnRow[]): Layer[] {
  const layer = (own: readonly DrawnRow[], mark: object, channels: object): Layer[] =>
    whenAny(own.map(datumOf), {
      mark: { type: 'point', opacity: 1, ...mark, ...DESCRIBED },
      encoding: { x: { ...x, field: 'point' }, y, ...channels, ...DESCRIPTION },
    });
  const hollow = { filled: true, fill: INK.paper } as const;
  const open = rows.filter(({ isDecided, isDerived }) => !isDecided && !isDerived);
  const derived = rows.filter(({ isDerived }) => isDerived);
  const decided = rows.filter(({ isDecided }) => isDecided);
  return [
    ...layer(derived, { ...hollow, shape: 'diamond', size: 170, strokeWidth: 2 }, { stroke: COLOUR }),
    ...layer(open, { ...hollow, shape: 'circle', size: 150, strokeWidth: 2.8 }, { stroke: COLOUR }),
    ...layer(
      decided,
      { filled: true, shape: 'circle', size: 180, stroke: INK.paper, strokeWidth: 2 },
      { fill: COLOUR },
    ),
  ];
}

function datumOf({ label, colour, point, baseline, text: { ratio, verdictText } }: DrawnRow): object {
  const words = [`${ratio.point} the requests/s of ${baseline}`, ratio.interval].join(' ').trim();
  return { label, colour, point, description: visible(`${label}: ${words}, ${verdictText}`) };
}

/** A layer over these data, or none where there are none: Vega warns of empty scales. */
function whenAny(values: readonly object[], layer: Layer): Layer[] {
  return values.length === 0 ? [] : [{ data: { values: [...values] }, ...layer }];
}
