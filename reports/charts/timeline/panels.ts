/** Throughput over time: what each panel shows, before anything is placed. */
import type { CellResult } from '../../../harness/judge/schema/summary.ts';
import type { Timeline, Traces } from '../../../harness/judge/traces/traces.ts';
import { median } from '../../../harness/stats/spread.ts';
import type { ChartInput } from '../../drawing/input.ts';
import { type Order, type Row, sortedRows } from '../../drawing/rows.ts';

export interface Trial {
  readonly timeline: Timeline;
  /** As reports count rounds: from 1. */
  readonly round: number;
  /** Over the measured window; null where the summary does not hold the trial. */
  readonly requestsPerSec: number | null;
  readonly isOutlier: boolean;
  /** Whether throughput in the second half of the window is that in the first; null where there are too few moments to tell. */
  readonly isSteady: boolean | null;
}

/** In seconds since the load began. */
export interface Windows {
  readonly earliestStart: number;
  readonly latestStart: number;
  readonly medianStart: number;
  readonly medianEnd: number;
}

export interface TrialPanel {
  readonly row: Row;
  readonly trials: readonly Trial[];
  /** null without trials. */
  readonly windows: Windows | null;
  /** Whether each trial has a line of its own; otherwise there is a band. */
  readonly hasLines: boolean;
}

const ORDER: Order = { figureOf: ({ result }) => result.requestsPerSec.point, good: 'more', rankedFirst: true };
/** With more trials than this, lines hide each other. */
const MOST_LINES = 24;
/** Of all lines of an image together, each of which takes as much of a file as so many points: more would make it too large. */
const MOST_POINTS = 12_000;
const LINE_TAKES = 140;

/** A panel per cell under full load, best first. Cells at a given rate are left out. */
export function trialPanels(input: ChartInput, { timelines }: Traces): TrialPanel[] {
  const all = sortedRows(input, ORDER).map((row) => ({ row, trials: trialsOf(row, timelines) }));
  const most = mostLines(all.map(({ trials }) => trials));
  return all.map(({ row, trials }) => ({ row, trials, windows: windowsOf(trials), hasLines: trials.length <= most }));
}

/** How many trials a cell may have to be drawn line by line: cells with as many trials are drawn alike. */
function mostLines(cells: readonly (readonly Trial[])[]): number {
  const takes = (trials: readonly Trial[]): number =>
    trials.reduce((sum, { timeline }) => sum + timeline.perSec.length + LINE_TAKES, 0);
  const fits = (count: number): boolean =>
    cells.filter(({ length }) => length <= count).reduce((sum, trials) => sum + takes(trials), 0) <= MOST_POINTS;
  const counts = cells.map(({ length }) => length).filter((count) => count <= MOST_LINES && fits(count));
  return Math.max(0, ...counts);
}

function trialsOf({ cell: { id, result } }: Row, timelines: readonly Timeline[]): Trial[] {
  return timelines
    .filter(({ cell, perSec }) => cell === id && perSec.length > 0)
    .map((timeline) => {
      const measured = ofRound(result, timeline.round);
      return {
        timeline,
        round: timeline.round + 1,
        requestsPerSec: measured?.requestsPerSec ?? null,
        isOutlier: measured?.outlier ?? false,
        isSteady: isSteady(timeline),
      };
    });
}

/** What a half may differ from the other, as a share; more where there are so few requests that counting explains it. */
const STEADY_WITHIN = 0.1;
const FEWEST_OF_HALF = 2;
const SIGMAS = 3;

function isSteady({ perSec, binMs, windowStartMs, windowMs }: Timeline): boolean | null {
  const within = perSec.filter((_, i) => i * binMs >= windowStartMs && (i + 1) * binMs <= windowStartMs + windowMs);
  const length = Math.floor(within.length / 2);
  if (length < FEWEST_OF_HALF) return null;
  const [first, second] = [within.slice(0, length), within.slice(-length)].map(mean);
  if (first === undefined || second === undefined || first + second === 0) return null;
  const requests = (((first + second) / 2) * length * binMs) / 1000;
  const off = Math.abs(first - second) / ((first + second) / 2);
  return off <= Math.max(STEADY_WITHIN, SIGMAS * Math.sqrt(2 / requests));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function ofRound(result: CellResult | null, round: number): CellResult['trials'][number] | null {
  return result?.trials.find((trial) => trial.round === round) ?? null;
}

function windowsOf(trials: readonly Trial[]): Windows | null {
  if (trials.length === 0) return null;
  const starts = trials.map(({ timeline }) => timeline.windowStartMs / 1000);
  const ends = trials.map(({ timeline }) => (timeline.windowStartMs + timeline.windowMs) / 1000);
  return {
    earliestStart: Math.min(...starts),
    latestStart: Math.max(...starts),
    medianStart: median(starts),
    medianEnd: median(ends),
  };
}
