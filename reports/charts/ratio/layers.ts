/** Layers of a forest plot of ratios. What is decided is filled, what is open hollow, what is derived dashed and lighter. */

import { DESCRIBED, DESCRIPTION } from '../../drawing/described.ts';
import type { Layer } from '../../drawing/frame.ts';
import type { RowAxis } from '../../drawing/layers.ts';
import { INK } from '../../drawing/theme.ts';
import { visible } from '../../words/escape.ts';
import { placeOf, type RatioAxis } from './axis.ts';
import type { RatioRow } from './rows.ts';

const COLOUR = { field: 'colour', type: 'nominal', scale: null } as const;
const DERIVED_OPACITY = 0.6;
const CAP_HEIGHT = 11;
/** Half of an arrowhead and a little room beside it, in pixels. */
const ARROW_ROOM = 9;
/** A cap no farther than this from the middle of its point lies behind it, in pixels. */
const POINT_REACH = 12;
const CAP = {
  shape: `M0,-${CAP_HEIGHT / 2}L0,${CAP_HEIGHT / 2}`,
  size: 4,
  filled: false,
  strokeWidth: 2.6,
} as const;

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

/** Where an interval leaves the axis it has an arrowhead instead of a cap; where its point would hide the cap it has none. */
export function intervalLayers(x: RatioAxis, y: RowAxis, rows: readonly DrawnRow[], plotWidth: number): Layer[] {
  const { domain } = x.scale;
  const [start, end] = domain;
  const at = (ratio: number): number => placeOf(ratio, domain, plotWidth);
  const room = (end / start) ** (ARROW_ROOM / plotWidth);
  const values = rows.flatMap(({ label, colour, isDerived, interval, point }) => {
    if (interval === null) return [];
    const isCut = { low: interval.low < start, high: interval.high > end };
    const low = isCut.low ? start * room : interval.low;
    const high = isCut.high ? end / room : interval.high;
    const isSeen = (one: number) => Math.abs(at(one) - at(point)) > POINT_REACH;
    const ends = [
      { ratio: low, isCut: isCut.low, arrow: 'triangle-left', isSeen: isSeen(low) },
      { ratio: high, isCut: isCut.high, arrow: 'triangle-right', isSeen: isSeen(high) },
    ].map((one) => ({ label, colour, isDerived, ...one }));
    return [{ label, colour, isDerived, low, high, ends }];
  });
  const line = (isDerived: boolean, look: object): Layer[] =>
    whenAny(
      values
        .filter((one) => one.isDerived === isDerived)
        .map(({ label, colour, low, high }) => ({ label, colour, low, high })),
      {
        mark: { type: 'rule', ...look },
        encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y, color: COLOUR },
      },
    );
  const ends = values.flatMap((one) => one.ends);
  const marks = (own: typeof ends, mark: object): Layer[] =>
    whenAny(
      own.map(({ label, colour, ratio }) => ({ label, colour, ratio })),
      { mark: { type: 'point', opacity: 1, ...mark }, encoding: { x: { ...x, field: 'ratio' }, y, color: COLOUR } },
    );
  const arrows = (arrow: string): Layer[] =>
    marks(
      ends.filter((one) => one.isCut && one.arrow === arrow),
      { size: 110, filled: true, shape: arrow },
    );
  return [
    ...line(false, { strokeWidth: 2.6 }),
    ...line(true, { strokeWidth: 2.2, strokeDash: [4, 3], opacity: DERIVED_OPACITY }),
    ...marks(
      ends.filter((one) => !one.isDerived && !one.isCut && one.isSeen),
      CAP,
    ),
    ...arrows('triangle-left'),
    ...arrows('triangle-right'),
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

function datumOf({ label, colour, point, baseline, isDerived, text: { ratio, verdictText } }: DrawnRow): object {
  const words = [`${ratio.point} the ${isDerived ? 'implied capacity' : 'requests/s'} of ${baseline}`, ratio.interval]
    .join(' ')
    .trim();
  return { label, colour, point, description: visible(`${label}: ${words}, ${verdictText}`) };
}

/** A layer over these data, or none where there are none: Vega warns of empty scales. */
function whenAny(values: readonly object[], layer: Layer): Layer[] {
  return values.length === 0 ? [] : [{ data: { values: [...values] }, ...layer }];
}
