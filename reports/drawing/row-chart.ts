/** Charts with a row for each cell, marks from left to right, and figures beside the plot. */

import { barAxis } from './axes.ts';
import { isPlain } from './canvas.ts';
import { AXIS_HEIGHT, frame, narrowWidth, type Said } from './frame.ts';
import type { Drawing } from './input.ts';
import { bars, type Layer, type Place, referenceLine, referenceName, texts } from './marks.ts';
import { rowHeads } from './narrow-rows.ts';
import {
  type Column,
  columnLayers,
  columnsWidth,
  type DirectLabel,
  directLayers,
  directWidth,
  moreWordsHeight,
  type RowWords,
  wordLayers,
} from './row-texts.ts';
import { bareRowAxis, rowAxis } from './rows.ts';
import { linesOf, textWidth } from './text-width.ts';
import { INK } from './theme.ts';
import { arrowheadNotes, goesOn, ON_BARS, type Whisker, whiskerLayers } from './whiskers.ts';

/** What every chart with rows says of itself. */
export interface RowContent<R extends { readonly label: string }> extends Said {
  /** Also those that have no marks. */
  readonly rows: readonly R[];
  readonly rowHeight: number;
  /** Between the subtitle and the plot. */
  readonly headHeight?: number;
  /** Figures beside the plot; a plain image has none. */
  readonly columns: readonly Column<R>[];
  /** Words in the rows, in place of their marks or beside them. */
  readonly words: readonly RowWords[];
  /** For how many lines of words there is room beside the marks; one where nothing else is said. */
  readonly wordLines?: 1 | 2;
}

export interface RowChart<R extends { readonly label: string }> extends RowContent<R> {
  readonly x: (plotWidth: number) => ValueAxis;
  readonly marks: (plot: Plot) => readonly Layer[];
  /** The figures of a plain image. */
  readonly labels: readonly DirectLabel[];
}

/** The horizontal axis of a chart with rows, as Vega-Lite has it. */
interface ValueAxis {
  readonly axis: { readonly title: string };
}

/** The plot of a chart with rows. */
export interface Plot {
  /** Values of the horizontal axis, and rows by their label. */
  readonly place: Place;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

const HEAD_HEIGHT = 30;

export function rowChart<R extends { readonly label: string }>(chart: RowChart<R>): Drawing {
  const { rows, words, wordLines = 1, headHeight = HEAD_HEIGHT } = chart;
  const narrow = narrowWidth(chart.input);
  if (narrow !== null) return narrowRowChart(chart, narrow);
  const y = rowAxis(rows);
  const rowLabels = rows.map(({ label }) => label);
  const [columns, labels] = isPlain(chart.input.canvas) ? [[], chart.labels] : [chart.columns, []];
  const right = labels.length > 0 ? directWidth(labels) : columnsWidth(columns, rows);
  return frame({ ...chart, rowLabels, headHeight, columnsWidth: right }, ({ plotWidth, plotHeight }) => {
    const plot = { place: { x: chart.x(plotWidth), y }, width: plotWidth, height: plotHeight };
    return [
      ...chart.marks(plot),
      ...wordLayers(y, words, plotWidth, wordLines),
      ...columnLayers(y, columns, rows, plotWidth),
      ...directLayers(plot.place, labels),
    ];
  });
}

/** Of words below marks in a narrow image, which are many lines there. */
const NARROW_WORD_LINES = 3;
/** The head of a row stands so many pixels nearer to its own marks than to those of the row above. */
const CLOSER = 6;
const AXIS_TITLE_SIZE = 13;
const AXIS_TITLE_LINE = 16;

/** With a head above the marks of each row. */
function narrowRowChart<R extends { readonly label: string }>(chart: RowChart<R>, width: number): Drawing {
  const { rows, words, headHeight = HEAD_HEIGHT } = chart;
  const columns = isPlain(chart.input.canvas) ? chart.columns.filter(({ strong }) => strong === true) : chart.columns;
  const heads = rowHeads(columns, rows, width);
  const below = moreWordsHeight(words, width, NARROW_WORD_LINES) + CLOSER;
  const rowHeight = heads.height - CLOSER + chart.rowHeight + below;
  const height = rows.length * rowHeight;
  const y = bareRowAxis(rows, height, (heads.height - CLOSER - below) / 2);
  const { axis, ...scale } = chart.x(width);
  const title = linesOf(axis.title, width, 3, { size: AXIS_TITLE_SIZE, face: 'regular' });
  // At the ends of the axis there is no margin for half of a label.
  const x = { ...scale, axis: { ...axis, title, labelFlush: true } };
  const axisHeight = AXIS_HEIGHT + (title.length - 1) * AXIS_TITLE_LINE;
  const room = { rowLabels: [], rowHeight: 0, plotHeight: height, columnsWidth: 0, headHeight, axisHeight };
  return frame({ ...chart, ...room }, () => [
    ...chart.marks({ place: { x, y }, width, height }),
    ...wordLayers(y, words, width, NARROW_WORD_LINES),
    ...heads.layers(y, CLOSER - chart.rowHeight / 2 - heads.height),
  ]);
}

/** One bar, or a part of one. */
export interface Bar {
  readonly label: string;
  /** Of a part, to be written in it. */
  readonly name?: string;
  readonly from: number;
  readonly to: number;
  readonly colour: string;
  /** Fainter ones tell parts apart. */
  readonly opacity?: number;
  /** Not to be compared with the others: drawn faint, with a dashed edge. */
  readonly isApart: boolean;
  readonly description: string;
}

export interface BarChart<R extends { readonly label: string }> extends RowContent<R> {
  /** What the length of a bar is, with its unit. */
  readonly axisTitle: string;
  /** What stands behind the strong figure of a row where it is beside its bar: `/s`, ` MiB`. */
  readonly unit: string;
  /** The right end of the axis. */
  readonly end: number;
  readonly bars: readonly Bar[];
  readonly whiskers: readonly Whisker[];
  /** A figure that the bars are read against: a line, or words where it is beyond the axis. */
  readonly reference?: { readonly at: number; readonly text: string } | null;
  /** Marks below and above the whiskers. */
  readonly under?: (plot: Plot) => readonly Layer[];
  readonly over?: (plot: Plot) => readonly Layer[];
}

/** The thickness of a bar, and from the middle of its row to the words below it, in pixels. */
export const BAR_HEIGHT = 26;
export const BELOW_BAR = BAR_HEIGHT / 2 + 11;
const REFERENCE_HEAD_HEIGHT = 52;
/** Above the plot, in pixels. */
const REFERENCE_TOP = -22;
const REFERENCE_NAME = -34;
const APART = { fillOpacity: 0.18, stroke: INK.quiet, strokeWidth: 1.5, strokeDash: [4, 3] } as const;
/** With few trials an interval can be so wide that it would squeeze the bars: beyond this multiple of the longest it is cut off. */
const FARTHEST_WHISKER = 1.5;
const ROOM = 1.04;
/** Of the axis, about what a figure behind a bar takes. */
const LABEL_SHARE = 0.14;

/** Bars that begin at zero, with whiskers. */
export function barChart<R extends { readonly label: string }>(chart: BarChart<R>): Drawing {
  const { end, whiskers, reference = null } = chart;
  const [first = '', ...notes] = chart.notes;
  const x = barAxis(end, chart.axisTitle);
  return rowChart({
    ...chart,
    headHeight: reference === null ? HEAD_HEIGHT : REFERENCE_HEAD_HEIGHT,
    notes: [[first, ...arrowheadNotes(whiskers.some((one) => goesOn(one, end)))].join(' '), ...notes],
    x: () => x,
    labels: labelsOf(chart),
    marks: (plot) => [
      ...barLayers(plot.place, chart.bars),
      ...(reference === null ? [] : referenceLayers(plot, reference, end)),
      ...(chart.under?.(plot) ?? []),
      ...whiskerLayers(plot.place, whiskers, ON_BARS, end),
      ...(chart.over?.(plot) ?? []),
    ],
  });
}

/** The strong figure of each row, behind its bar and whisker. */
function labelsOf<R extends { readonly label: string }>(chart: BarChart<R>): DirectLabel[] {
  const strong = chart.columns.find((column) => column.strong === true);
  return chart.rows.flatMap((row): DirectLabel[] => {
    const isOwn = ({ label }: { readonly label: string }) => label === row.label;
    const ends = [
      ...chart.bars.filter(isOwn).map(({ to }) => to),
      ...chart.whiskers.filter(isOwn).map(({ high }) => high),
    ];
    if (strong === undefined || ends.length === 0) return [];
    const behind = Math.min(chart.end, Math.max(...ends));
    // A line through a figure would cross it out.
    const line = chart.reference?.at ?? 0;
    const isNear = line >= behind && line - behind < chart.end * LABEL_SHARE && line <= chart.end;
    const at = isNear ? line : behind;
    return [{ label: row.label, at, text: `${strong.value(row)}${chart.unit}`, side: 'right' }];
  });
}

/** In pixels: the thickness, and how far below the middle of the row. */
interface BarLook {
  readonly size: number;
  readonly yOffset?: number;
}

/** How far whiskers and these values reach, with whiskers no farther than lets bars be seen. */
export function reachOf(values: readonly number[], whiskers: readonly Whisker[]): number {
  const longest = Math.max(...values);
  const farthest = Math.max(0, ...whiskers.map(({ high }) => high));
  return Math.max(longest, Math.min(farthest, longest * FARTHEST_WHISKER));
}

/** The right end of an axis that has to hold this. */
export function endOf(reach: number): number {
  return reach > 0 ? reach * ROOM : 1;
}

/** Bars of one thickness. */
export function barLayers(place: Place, all: readonly Bar[], look: BarLook = { size: BAR_HEIGHT }): Layer[] {
  // Lines of the grid would show through what is faint.
  const faint = all.filter(({ isApart, opacity = 1 }) => isApart || opacity < 1);
  const data = (own: readonly Bar[], isApart: boolean) =>
    own
      .filter((bar) => bar.isApart === isApart)
      .map(({ label, from, to, colour, opacity = 1, description }) => ({
        ...{ label, x: from, x2: to, fill: colour, description },
        ...(isApart ? {} : { fillOpacity: opacity }),
      }));
  return [
    ...bars(
      place,
      faint.map(({ label, from, to }) => ({ label, x: from, x2: to })),
      { ...look, color: INK.paper },
    ),
    ...bars(place, data(all, false), look),
    ...bars(place, data(all, true), { ...look, ...APART }),
  ];
}

const NAME_SIZE = 13;
/** From the start of a part to its name, and between a name and the whisker beside it, in pixels. */
const NAME_PADDING = 8;
const WHISKER_ROOM = 4;
/** From this strength of the colour on, names on it are light. */
const DARK_FROM = 0.9;

/** Whether the name of a part fits into it: a whisker on a name would cross it out. */
export function hasRoom(bar: Bar, whiskers: readonly Whisker[], pixels: (value: number) => number): boolean {
  const width = textWidth(bar.name ?? '', NAME_SIZE, 'bold');
  const left = pixels(bar.from) + NAME_PADDING;
  const isCrossed = whiskers.some(
    ({ label, low, high }) =>
      label === bar.label && pixels(low) < left + width + WHISKER_ROOM && pixels(high) > left - WHISKER_ROOM,
  );
  return pixels(bar.to) - pixels(bar.from) >= width + 2 * NAME_PADDING && !isCrossed;
}

/** The names of parts at their starts, where a line of reference is least likely. */
export function nameLayers(place: Place, parts: readonly Bar[]): Layer[] {
  const layer = (isLight: boolean): Layer[] => {
    const own = parts.filter(({ name, opacity = 1 }) => name !== undefined && opacity >= DARK_FROM === isLight);
    const data = own.map(({ label, from, name = '' }) => ({ label, x: from, text: name }));
    const color = isLight ? INK.paper : INK.strong;
    return texts(place, data, { dx: NAME_PADDING, fontSize: NAME_SIZE, fontWeight: 'bold', color });
  };
  return [...layer(true), ...layer(false)];
}

/** A dashed line with its name above; the name alone, with an arrow, where it is beyond the axis. */
function referenceLayers(
  { width, height }: Plot,
  { at, text }: { readonly at: number; readonly text: string },
  end: number,
): Layer[] {
  if (at > end) {
    return referenceName(`${text}, beyond this axis →`, { x: width, y: REFERENCE_NAME, plotWidth: width });
  }
  const x = (at / end) * width;
  return [
    // A light edge, so that the line shows on bars of any colour.
    ...referenceLine(x, [REFERENCE_TOP, height], { color: INK.paper, strokeWidth: 3.4, opacity: 0.7 }),
    ...referenceLine(x, [REFERENCE_TOP, height], { strokeDash: [6, 4] }),
    ...referenceName(text, { x, y: REFERENCE_NAME, plotWidth: width }),
  ];
}
