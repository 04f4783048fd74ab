/** The marks of a forest plot: per row a point, and a line over its interval. */

import { boxes, IN_PIXELS, type Layer, type Place, points, rules } from '../../drawing/marks.ts';
import { INK } from '../../drawing/theme.ts';
import { visible } from '../../words/escape.ts';
import { placeOf } from './axis.ts';
import type { RatioRow } from './rows.ts';

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

/** Of a ratio of which nothing is known: it may be anywhere on the axis. */
const DASH = [4, 3];
const PALE = 0.4;

/** A row with a ratio. */
export type DrawnRow = RatioRow & { readonly point: number };

/** What the axis spans, and over how many pixels. */
interface RatioScale {
  readonly domain: readonly [number, number];
  readonly width: number;
}

/** The ratios that make no difference that matters. */
export function bandLayers(margin: number, { domain, width }: RatioScale, height: number): Layer[] {
  const [x = 0, x2 = 0] = [1 / (1 + margin), 1 + margin].map((ratio) => placeOf(ratio, domain, width));
  return boxes(IN_PIXELS, [{ x, x2, y: 0, y2: height }], { fill: INK.line, fillOpacity: 0.38 });
}

/** What the interval of a row is drawn from. */
export type IntervalRow = Pick<DrawnRow, 'label' | 'colour' | 'interval' | 'isUnsettled' | 'point'>;

/** Where an interval leaves the axis it has an arrowhead instead of a cap; where its point would hide the cap it has none. */
export function intervalLayers(place: Place, rows: readonly IntervalRow[], { domain, width }: RatioScale): Layer[] {
  const [start, end] = domain;
  const at = (ratio: number): number => placeOf(ratio, domain, width);
  const room = (end / start) ** (ARROW_ROOM / width);
  const lines = rows.flatMap(({ label, colour, interval, point }) => {
    if (interval === null) return [];
    const isCut = { low: interval.low < start, high: interval.high > end };
    const x = isCut.low ? start * room : interval.low;
    const x2 = isCut.high ? end / room : interval.high;
    const isSeen = (ratio: number) => Math.abs(at(ratio) - at(point)) > POINT_REACH;
    const ends = [
      { x, isCut: isCut.low, arrow: 'triangle-left' },
      { x: x2, isCut: isCut.high, arrow: 'triangle-right' },
    ].map((one) => ({ ...one, label, colour, hasCap: !one.isCut && isSeen(one.x) }));
    return [{ ends, datum: { label, colour, x, x2 } }];
  });
  const ends = lines.flatMap((one) => one.ends);
  const unknown = rows
    .filter(({ isUnsettled }) => isUnsettled)
    .map(({ label, colour }) => ({ label, colour, x: start * room, x2: end / room }));
  const caps = ends.filter(({ hasCap }) => hasCap).map(({ label, colour, x }) => ({ label, colour, x }));
  const arrows = ends
    .filter((one) => one.isCut)
    .map(({ label, colour, x, arrow: shape }) => ({ label, colour, x, shape }));
  return [
    ...rules(
      place,
      lines.map(({ datum }) => datum),
      { strokeWidth: 2.6 },
    ),
    ...rules(place, unknown, { strokeWidth: 2.6, strokeDash: DASH, opacity: PALE }),
    ...points(place, caps, CAP),
    ...points(place, arrows, { size: 110, filled: true }),
  ];
}

/** The ratios themselves, with their words. What is settled is filled; of what the trials say nothing is pale. */
export function pointLayers(place: Place, rows: readonly DrawnRow[]): Layer[] {
  const hollow = (own: readonly DrawnRow[], look: object) =>
    points(
      place,
      own.map((row) => ({ ...datumOf(row), stroke: row.colour })),
      { filled: true, shape: 'circle', size: 150, fill: INK.paper, strokeWidth: 2.4, ...look },
    );
  const known = rows.filter(({ isUnsettled }) => !isUnsettled);
  return [
    ...hollow(
      rows.filter(({ isUnsettled }) => isUnsettled),
      { strokeDash: DASH, strokeOpacity: PALE },
    ),
    ...hollow(
      known.filter(({ isSettled }) => !isSettled),
      {},
    ),
    ...points(
      place,
      known.filter(({ isSettled }) => isSettled).map((row) => ({ ...datumOf(row), fill: row.colour })),
      { filled: true, shape: 'circle', size: 180, stroke: INK.paper, strokeWidth: 2 },
    ),
  ];
}

function datumOf({ label, point, baseline, difference }: DrawnRow) {
  return { label, x: point, description: visible(`${label}: ${difference} requests/s beside ${baseline}`) };
}
