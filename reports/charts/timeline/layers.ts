/** Layers of throughput over time, in one panel per cell. */

import { bands, boxes, curves, haloed, IN_PIXELS, type Layer, rules, texts } from '../../drawing/marks.ts';
import { across, type Panel, upwards } from '../../drawing/panels.ts';
import { type Row, rowNote } from '../../drawing/rows.ts';
import { cut, fits, textWidth } from '../../drawing/text-width.ts';
import { INK } from '../../drawing/theme.ts';
import { visible } from '../../words/escape.ts';
import { figure } from '../../words/figures.ts';
import { shorten } from '../../words/wrap.ts';
import type { Trial, TrialPanel } from './panels.ts';
import { type Strengths, type TimeAxes, trialBand, trialPath } from './paths.ts';

/** From corner to corner, in pixels. */
interface Box {
  readonly x: number;
  readonly x2: number;
  readonly y: number;
  readonly y2: number;
}

/** A panel and where it stands. */
export interface Placed {
  readonly panel: Panel;
  readonly shown: TrialPanel;
}

const DASH = [5, 3];
const SMALL = 11;
/** Between texts that stand one below the other, in pixels. */
const LINE = 15;
/** Words about time stand so many pixels above the axis, where throughput that is steady leaves room. */
const FLOOR = 9;
const WARM_UP = 'warm-up';
const MEASURED = 'measured';

/** Warm-up in grey: darker until the first window begins, lighter until all have begun. */
export function shadeLayers({ x }: TimeAxes, places: readonly Placed[]): Layer[] {
  const shade = (from: 'start' | 'earliestStart', to: 'earliestStart' | 'latestStart'): Box[] =>
    places.flatMap(({ panel, shown: { windows } }) => {
      if (windows === null) return [];
      const start = from === 'start' ? 0 : windows[from];
      return [
        {
          x: across(panel, x.at(start)),
          x2: across(panel, x.at(windows[to])),
          y: panel.top,
          y2: panel.top + panel.height,
        },
      ];
    });
  const look = { color: INK.quiet };
  const words = places.flatMap(({ panel, shown: { windows } }) => {
    const width = windows === null ? 0 : x.at(windows.earliestStart) * panel.width;
    if (width < textWidth(WARM_UP, SMALL) + 8) return [];
    return [{ x: panel.left + width - 6, y: panel.top + panel.height - FLOOR, text: WARM_UP }];
  });
  return [
    ...boxes(IN_PIXELS, shade('start', 'earliestStart'), { ...look, opacity: 0.16 }),
    ...boxes(IN_PIXELS, shade('earliestStart', 'latestStart'), { ...look, opacity: 0.07 }),
    ...texts(IN_PIXELS, words, { align: 'right', fontSize: SMALL, color: INK.normal }),
  ];
}

/** A bracket along the measured window of the median trial. */
export function windowLayers({ x }: TimeAxes, places: readonly Placed[]): Layer[] {
  const brackets = places.flatMap(({ panel, shown: { windows } }) => {
    if (windows === null) return [];
    const ends = { x: across(panel, x.at(windows.medianStart)), x2: across(panel, x.at(windows.medianEnd)) };
    return [{ ...ends, y: panel.top + panel.height - FLOOR }];
  });
  const lines = brackets.flatMap(({ x: from, x2: to, y }) => [
    { x: from, x2: to, y, y2: y },
    ...[from, to].map((end) => ({ x: end, x2: end, y: y - 4, y2: y + 4 })),
  ]);
  const words = brackets
    .filter(({ x: from, x2: to }) => to - from > textWidth(MEASURED, SMALL) + 24)
    .map(({ x: from, x2: to, y }) => ({ x: (from + to) / 2, y, text: MEASURED }));
  return [
    ...rules(IN_PIXELS, lines, { color: INK.quiet, strokeWidth: 1.2 }),
    ...haloed(IN_PIXELS, words, { align: 'center', fontSize: SMALL, color: INK.normal }),
  ];
}

/** The trials of all panels: lines, or bands where they are too many. */
export function trialLayers(axes: TimeAxes, places: readonly Placed[]): Layer[] {
  const lined = places.filter(({ shown }) => shown.hasLines);
  const lines = (isOutlier: boolean): Strengths[] =>
    lined.flatMap(({ panel, shown }) =>
      shown.trials
        .filter((trial) => trial.isOutlier === isOutlier)
        .map((trial) => trialPath(axes, panel, shown, trial)),
    );
  const banded = places
    .filter(({ shown }) => !shown.hasLines)
    .flatMap(({ panel, shown }) => trialBand(axes, panel, shown) ?? []);
  return [
    ...bands(banded.map(({ band }) => band)),
    ...strengthLayers(lines(false), { strokeWidth: 1.3 }),
    ...strengthLayers(lines(true), { strokeWidth: 1.3, strokeDash: DASH }),
    ...strengthLayers(
      banded.map(({ line }) => line),
      { strokeWidth: 1.8 },
    ),
  ];
}

function strengthLayers(paths: readonly Strengths[], look: object): Layer[] {
  const outside = paths.flatMap((path) => path.outside);
  return [
    ...curves(outside, look),
    ...curves(
      paths.map(({ within }) => within),
      look,
    ),
  ];
}

/** The estimate of each cell, along its window. */
export function estimateLayers({ x, y }: TimeAxes, places: readonly Placed[]): Layer[] {
  const paths = places.flatMap(({ panel, shown: { row, windows } }) => {
    const { result } = row.cell;
    if (result === null || windows === null) return [];
    const ends = [windows.medianStart, windows.medianEnd].map((at) => across(panel, x.at(at)));
    const height = upwards(panel, y.at(result.requestsPerSec.point));
    return [{ x: ends, y: [height, height], colour: INK.strong, opacity: 1 }];
  });
  return curves(paths, { strokeWidth: 1 });
}

/** `round 5` at the line of an outlying trial; lines that are close to each other have one name together. */
export function outlierLayers({ x, y }: TimeAxes, places: readonly Placed[]): Layer[] {
  const words = places.flatMap(({ panel, shown: { row, trials, windows, hasLines } }) => {
    if (windows === null || !hasLines) return [];
    const right = across(panel, x.at(windows.medianEnd)) - 5;
    const estimate = row.cell.result?.requestsPerSec.point ?? 0;
    const named = trials.flatMap(({ isOutlier, requestsPerSec, round }: Trial) => {
      if (!isOutlier || requestsPerSec === null) return [];
      const beyond = requestsPerSec < estimate ? LINE : -LINE;
      const at = upwards(panel, y.at(requestsPerSec)) + beyond;
      return [{ round, y: Math.min(Math.max(at, panel.top + 8), panel.top + panel.height - FLOOR - LINE) }];
    });
    return together(named).map(({ rounds, y: at }) => ({
      x: right,
      y: at,
      text: `${rounds.length === 1 ? 'round' : 'rounds'} ${shorten(rounds.toSorted((a, b) => a - b).join(', '), 24)}`,
    }));
  });
  return haloed(IN_PIXELS, words, { align: 'right', fontSize: SMALL, fontWeight: 'bold', color: INK.normal });
}

function together(named: readonly { readonly round: number; readonly y: number }[]) {
  const groups: { rounds: number[]; y: number }[] = [];
  for (const { round, y } of named.toSorted((a, b) => a.y - b.y)) {
    const last = groups.at(-1);
    if (last !== undefined && y - last.y < LINE) last.rounds.push(round);
    else groups.push({ rounds: [round], y });
  }
  return groups;
}

const HEADING = { size: 14, face: 'bold' } as const;
const FIGURE = { size: 13, face: 'regular' } as const;
/** Between the name of a panel and its figure, in pixels. */
const HEADING_GAP = 10;

/** What a panel comes to, as long as there is room for it beside a name of this width. */
function headingFigure({ cell, ...row }: Row, room: number): string {
  const { result } = cell;
  if (result === null) return '';
  const mark = rowNote({ cell, ...row }) === null ? '' : ', not ranked';
  const rate = figure(result.requestsPerSec.point);
  const all = [`${rate} requests/s${mark}`, `${rate}/s${mark}`];
  return all.find((text) => fits(text, room, FIGURE)) ?? `${rate}/s`;
}

/** The name of each cell above its panel, and what it comes to; or why nothing is drawn. */
export function headingLayers(places: readonly Placed[]): Layer[] {
  const headings = places.map(({ panel, shown: { row } }) => {
    const text = headingFigure(row, panel.width - textWidth(row.label, HEADING.size, 'bold') - HEADING_GAP);
    const room = panel.width - textWidth(text, FIGURE.size) - HEADING_GAP;
    return { panel, row, text, name: cut(row.label, room, HEADING) };
  });
  const names = headings.flatMap(({ panel, row, name }) =>
    texts(IN_PIXELS, [{ x: panel.left, y: panel.top - 13, text: name }], {
      fontSize: HEADING.size,
      fontWeight: 'bold',
      color: row.colour,
    }),
  );
  const figures = headings.flatMap(({ panel, text }) =>
    text === '' ? [] : [{ x: panel.left + panel.width, y: panel.top - 13, text }],
  );
  const empty = places.flatMap(({ panel, shown: { row, trials } }) => {
    if (trials.length > 0) return [];
    const why = shorten(visible(rowNote(row) ?? 'no trial at hand'), Math.floor(panel.width / 7));
    return [{ x: panel.left + 8, y: panel.top + panel.height / 2, text: why }];
  });
  return [
    ...names,
    ...texts(IN_PIXELS, figures, { align: 'right', color: INK.strong }),
    ...haloed(IN_PIXELS, empty, { fontStyle: 'italic', color: INK.strong }),
  ];
}
