/** Layers of a chart with cost from left to right and latency upwards. */
import { type Scale, spanScale } from '../../drawing/axes.ts';
import { curves, haloed, IN_PIXELS, type Layer, points, rules } from '../../drawing/marks.ts';
import { across, type Panel, upwards } from '../../drawing/panels.ts';
import { percentileWords } from '../../drawing/percentiles.ts';
import { textWidth } from '../../drawing/text-width.ts';
import { INK } from '../../drawing/theme.ts';
import { visible } from '../../words/escape.ts';
import { figure, intervalText } from '../../words/figures.ts';
import type { CostMark, Known } from './marks.ts';
import { type Box, NAME, placedNames } from './names.ts';

type SpanScale = ReturnType<typeof spanScale>;

export interface CostAxes {
  /** Requests per CPU-second. */
  readonly x: SpanScale;
  /** Milliseconds. */
  readonly y: SpanScale;
}

/** An interval is followed so many times beyond the outermost mark, and then cut off. */
const FARTHEST = 1.6;
const CORNER = 'least CPU, shortest p99';
const CORNER_SIZE = 12;
/** Of the lines that mark the corner. */
const CORNER_LINE = 26;
const MARK_ROOM = 8;
const CAP = 5;

export function costAxes(marks: readonly CostMark[]): CostAxes {
  const spanned = (of: (mark: CostMark) => Known, count: number): SpanScale => {
    const all = marks.map(of);
    const [low, high] = [Math.min(...all.map(({ at }) => at)), Math.max(...all.map(({ at }) => at))];
    const ends = all.flatMap(({ interval }) => (interval === null ? [] : [interval.low, interval.high]));
    return spanScale(
      [low, high, ...ends.map((end) => Math.min(high * FARTHEST, Math.max(low / FARTHEST, end)))],
      count,
    );
  };
  return { x: spanned(({ efficiency }) => efficiency, 6), y: spanned(({ p99 }) => p99, 6) };
}

/** Whether an interval goes on beyond its axis. */
export function isCut({ x, y }: CostAxes, marks: readonly CostMark[]): boolean {
  const goesOn = ({ interval }: Known, scale: Scale) =>
    interval !== null && (scale.at(interval.low) < 0 || scale.at(interval.high) > 1);
  return marks.some(({ efficiency, p99 }) => goesOn(efficiency, x) || goesOn(p99, y));
}

/** The corner of those that are cheap and quick: the only one that is better in both. */
export function cornerLayers({ width, height }: Panel): Layer[] {
  const lines = [
    { x: width - CORNER_LINE, x2: width, y: height, y2: height },
    { x: width, x2: width, y: height - CORNER_LINE, y2: height },
  ];
  return [
    ...rules(IN_PIXELS, lines, { color: INK.strong, strokeWidth: 3 }),
    ...haloed(IN_PIXELS, [{ x: width - 8, y: height - 12, text: CORNER }], {
      ...{ align: 'right', fontSize: CORNER_SIZE, fontStyle: 'italic', color: INK.strong },
    }),
  ];
}

function cornerBox({ width, height }: Panel): Box {
  return {
    left: width - 12 - textWidth(CORNER, CORNER_SIZE, 'italic'),
    right: width,
    top: height - 22,
    bottom: height,
  };
}

/** A mark where it stands. */
interface Placed {
  readonly mark: CostMark;
  readonly x: number;
  readonly y: number;
  /** Ends of its whiskers, as far as they are within the plot. */
  readonly lines: readonly Box[];
  /** Ends of whiskers that are within the plot, each a line across. */
  readonly caps: readonly Box[];
}

export function markLayers(axes: CostAxes, panel: Panel, marks: readonly CostMark[]): Layer[] {
  const placed = marks.map((mark) => placedMark(axes, panel, mark));
  const datum = ({ left, right, top, bottom }: Box) => ({ x: left, x2: right, y: top, y2: bottom });
  const lines = placed.flatMap((one) =>
    [...one.lines, ...one.caps].map((box) => ({ ...datum(box), colour: one.mark.colour })),
  );
  const dots = placed.map(({ mark, x, y }) => ({
    ...{ x, y, shape: mark.shape, stroke: mark.colour, fill: mark.note === null ? mark.colour : INK.paper },
    description: describe(mark),
  }));
  return [
    ...rules(IN_PIXELS, lines, { strokeWidth: 1.8, opacity: 0.75 }),
    ...points(IN_PIXELS, dots, { size: 130, strokeWidth: 2.2, filled: true }),
    ...nameLayers(panel, placed),
  ];
}

function placedMark(axes: CostAxes, panel: Panel, mark: CostMark): Placed {
  const x = across(panel, axes.x.at(mark.efficiency.at));
  const y = upwards(panel, axes.y.at(mark.p99.at));
  const ends = ({ interval }: Known, scale: Scale) =>
    interval === null ? [] : [scale.at(interval.low), scale.at(interval.high)];
  const within = (at: number): number => Math.min(1, Math.max(0, at));
  const isShown = (at: number): boolean => at >= 0 && at <= 1;
  const level = ends(mark.efficiency, axes.x);
  const upright = ends(mark.p99, axes.y);
  const [left = x, right = x] = level.map((at) => across(panel, within(at)));
  const [bottom = y, top = y] = upright.map((at) => upwards(panel, within(at)));
  return {
    ...{ mark, x, y },
    lines: [
      ...(level.length === 0 ? [] : [{ left, right, top: y, bottom: y }]),
      ...(upright.length === 0 ? [] : [{ left: x, right: x, top, bottom }]),
    ],
    caps: [
      ...level.filter(isShown).map((at) => {
        const end = across(panel, at);
        return { left: end, right: end, top: y - CAP, bottom: y + CAP };
      }),
      ...upright.filter(isShown).map((at) => {
        const end = upwards(panel, at);
        return { left: x - CAP, right: x + CAP, top: end, bottom: end };
      }),
    ],
  };
}

function nameLayers(panel: Panel, placed: readonly Placed[]): Layer[] {
  const taken = [
    cornerBox(panel),
    ...placed.map(({ x, y }) => ({
      left: x - MARK_ROOM,
      right: x + MARK_ROOM,
      top: y - MARK_ROOM,
      bottom: y + MARK_ROOM,
    })),
    ...placed.flatMap(({ lines, caps }) => [...lines, ...caps].map(thick)),
  ];
  const named = placed.map(({ mark, x, y }) => ({
    text: mark.note === null ? mark.label : `${mark.label} (${mark.note})`,
    ...{ x, y, colour: mark.colour },
  }));
  const colours = named.map(({ colour }) => colour);
  const names = placedNames(named, taken, panel).map((name, i) => ({ ...name, colour: colours[i] ?? INK.strong }));
  const leaders = names
    .filter(({ isLed }) => isLed)
    .map(({ x, y, text, textX, textY, colour }) => {
      const width = textWidth(text, NAME.size, NAME.face);
      const end = Math.min(Math.max(x, textX), textX + width);
      return { x: [x, end], y: [y, textY < y ? textY + 9 : textY - 9], colour, opacity: 0.6 };
    });
  return [
    ...curves(leaders, { strokeWidth: 1 }),
    ...names.flatMap(({ text, textX, textY, colour }) =>
      haloed(IN_PIXELS, [{ x: textX, y: textY, text }], { fontSize: NAME.size, fontWeight: 'bold', color: colour }),
    ),
  ];
}

/** Words on a line can be read but are not to be sought. */
function thick({ left, right, top, bottom }: Box): Box {
  return { left: left - 1, right: right + 1, top: top - 1, bottom: bottom + 1 };
}

/** `cluster: 5,120 requests per CPU-second (5,010–5,230), p99 12.1 ms (11.8–12.9)`. */
function describe(mark: CostMark): string {
  return visible(`${mark.label}: ${costText(mark)}${mark.note === null ? '' : `, ${mark.note}`}`);
}

export function costText({ efficiency, p99 }: CostMark): string {
  const { interval } = efficiency;
  const ends = interval === null ? '' : ` (${intervalText(interval.low, interval.high)})`;
  return `${figure(efficiency.at)} requests per CPU-second${ends}, ${percentileWords(p99.percentile, 'p99')}`;
}
