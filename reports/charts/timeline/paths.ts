/** The lines of trials over time, and the band that stands for them where they are too many. */
import { median } from '../../../harness/stats/spread.ts';
import type { Scale } from '../../drawing/axes.ts';
import type { Band, Path } from '../../drawing/marks.ts';
import { across, type Panel, upwards } from '../../drawing/panels.ts';
import { counted, figure } from '../../words/figures.ts';
import type { Trial, TrialPanel } from './panels.ts';

/** Completions per second at a moment, in seconds since the load began. */
interface Moment {
  readonly at: number;
  readonly perSec: number;
}

export interface TimeAxes {
  /** Seconds from left to right. */
  readonly x: Scale;
  /** Requests per second upwards. */
  readonly y: Scale;
}

/** A line in two strengths: within its measured window, and before and after it. */
export interface Strengths {
  readonly within: Path;
  readonly outside: readonly Path[];
}

/** Of a line outside of its window, as a part of what it is within. */
const FAINT = 0.4;

/** One trial as a line; the more trials there are, the more translucent. */
export function trialPath(axes: TimeAxes, panel: Panel, { row, trials }: TrialPanel, trial: Trial): Strengths {
  const { perSec, binMs, windowStartMs, windowMs } = trial.timeline;
  const moments = perSec.map((value, i) => ({ at: middleOf(i, binMs), perSec: value }));
  const [only] = moments;
  // A single bin is as long as it is.
  const drawn =
    only !== undefined && moments.length === 1
      ? [
          { ...only, at: 0 },
          { ...only, at: binMs / 1000 },
        ]
      : moments;
  const opacity = trial.isOutlier ? 0.9 : Math.min(0.75, Math.max(0.25, 1.6 / Math.sqrt(trials.length)));
  const rate = trial.requestsPerSec === null ? [] : [`${figure(trial.requestsPerSec)} requests/s`];
  const far = trial.isOutlier ? ['an outlier'] : [];
  const words = [`round ${trial.round}`, ...rate, `warm-up ${figure(windowStartMs / 1000)} s`, ...far];
  const window = { start: windowStartMs / 1000, end: (windowStartMs + windowMs) / 1000 };
  const look = { colour: row.colour, opacity, description: `${row.label}: ${words.join(', ')}` };
  return inTwoStrengths(axes, panel, drawn, window, look);
}

/** From the lowest to the highest trial at each moment, and the median of them as a line. */
export function trialBand(axes: TimeAxes, panel: Panel, shown: TrialPanel): { band: Band; line: Strengths } | null {
  const { row, trials, windows } = shown;
  if (windows === null) return null;
  const moments = spreadOver(trials);
  const x = moments.map(({ at }) => across(panel, axes.x.at(at)));
  const of = (perSec: number) => upwards(panel, axes.y.at(perSec));
  const band = {
    x,
    y: moments.map(({ low }) => of(low)),
    y2: moments.map(({ high }) => of(high)),
    colour: row.colour,
    opacity: 0.22,
  };
  const rate = row.cell.result === null ? '' : `, ${figure(row.cell.result.requestsPerSec.point)} requests/s`;
  const look = {
    colour: row.colour,
    opacity: 1,
    description: `${row.label}: median of ${counted(trials.length, 'trial')}${rate}`,
  };
  const window = { start: windows.medianStart, end: windows.medianEnd };
  const middle = moments.map(({ at, middle: perSec }) => ({ at, perSec }));
  return { band, line: inTwoStrengths(axes, panel, middle, window, look) };
}

/** The highest rate that is drawn, of trials or of bands. */
export function highestOf(panels: readonly TrialPanel[]): number {
  const all = panels.flatMap(({ trials }) => trials.map(({ timeline }) => highest(timeline.perSec)));
  return highest([...all, ...panels.map(({ row }) => row.cell.result?.requestsPerSec.point ?? 0)]);
}

/** The end of the longest trial, in seconds since the load began. */
export function longestOf(panels: readonly TrialPanel[]): number {
  const ends = panels.flatMap(({ trials }) =>
    trials.map(({ timeline: { perSec, binMs, windowStartMs, windowMs } }) =>
      Math.max(perSec.length * binMs, windowStartMs + windowMs),
    ),
  );
  return highest(ends) / 1000;
}

// Of ten thousand trials: more than a call can have arguments.
function highest(values: readonly number[]): number {
  return values.reduce((high, value) => Math.max(high, value), 0);
}

function middleOf(bin: number, binMs: number): number {
  return ((bin + 0.5) * binMs) / 1000;
}

/** Lowest, middle and highest of the trials in each of the widest bins, as long as any of them lasts. */
function spreadOver(trials: readonly Trial[]): Record<'at' | 'low' | 'middle' | 'high', number>[] {
  const binMs = highest(trials.map(({ timeline }) => timeline.binMs));
  const bins = Math.ceil(highest(trials.map(({ timeline }) => timeline.perSec.length * timeline.binMs)) / binMs);
  return Array.from({ length: bins }, (_, bin) => middleOf(bin, binMs)).flatMap((at) => {
    const values = trials.flatMap(({ timeline }) => timeline.perSec[Math.floor((at * 1000) / timeline.binMs)] ?? []);
    if (values.length === 0) return [];
    const low = values.reduce((least, value) => Math.min(least, value));
    return [{ at, low, middle: median(values), high: highest(values) }];
  });
}

/** The parts share the points where they meet, so that the line has no gap. */
function inTwoStrengths(
  axes: TimeAxes,
  panel: Panel,
  moments: readonly Moment[],
  window: { readonly start: number; readonly end: number },
  look: { readonly colour: string; readonly opacity: number; readonly description: string },
): Strengths {
  const { colour, opacity, description } = look;
  const path = (part: readonly Moment[]) => ({
    x: part.map(({ at }) => across(panel, axes.x.at(at))),
    y: part.map(({ perSec }) => upwards(panel, axes.y.at(perSec))),
    colour,
  });
  const from = moments.findIndex(({ at }) => at >= window.start);
  const to = moments.findLastIndex(({ at }) => at <= window.end);
  // With bins as wide as the window, what is within cannot be told from the rest.
  if (from === -1 || to <= from) return { within: { ...path(moments), opacity, description }, outside: [] };
  const rest = [moments.slice(0, from + 1), moments.slice(to)].filter((part) => part.length > 1);
  return {
    within: { ...path(moments.slice(from, to + 1)), opacity, description },
    outside: rest.map((part) => ({ ...path(part), opacity: opacity * FAINT })),
  };
}
