/** The lines of a history as series: what was measured alike, on one kind of machine and one Node.js, in the order of time. */
import { median } from '../../stats/spread.ts';
import type { HistoryCell, HistoryLine, HistoryPlace } from '../../store/history-schema.ts';
import { type RunMetric, runMetric } from '../metrics/derived.ts';

/** One run in a series. */
export interface SeriesRun {
  readonly line: HistoryLine;
  readonly connections: number;
  /** The figure, for requests of the size that the newest run has. */
  readonly own: HistoryPlace;
  /** What changes are looked for in: relative to the yardstick where there is one. */
  readonly judged: HistoryPlace;
}

/** What must be the same in all of a series. */
export interface Series {
  readonly cell: string;
  readonly metric: RunMetric;
  readonly machine: HistoryLine['machine'];
  readonly node: string;
  readonly setting: string;
  readonly isRelative: boolean;
  /** The newest last. */
  readonly runs: readonly SeriesRun[];
}

/** `lines` in the order of time. Series of one cell follow each other, the newest last. */
export function seriesOf(lines: readonly HistoryLine[], metrics: readonly RunMetric[]): readonly Series[] {
  const cells = [...new Set(lines.toReversed().flatMap((line) => line.cells.map(({ id }) => id)))];
  return metrics.flatMap((metric) => cells.flatMap((cell) => ofCell(lines, cell, metric)));
}

interface Found {
  readonly line: HistoryLine;
  readonly cell: HistoryCell;
  readonly place: HistoryPlace;
  readonly yardstick: HistoryPlace | null;
}

function ofCell(lines: readonly HistoryLine[], id: string, metric: RunMetric): readonly Series[] {
  const series = new Map<string, [Found, ...Found[]]>();
  for (const line of lines) {
    const cell = line.cells.find((one) => one.id === id);
    const place = cell?.figures[metric];
    if (cell === undefined || place === undefined) continue;
    const found = { line, cell, place, yardstick: line.yardstick?.figures[metric] ?? null };
    const against = found.yardstick === null ? null : line.yardstick?.setting;
    const key = JSON.stringify([line.machine, line.node, cell.setting, against]);
    const known = series.get(key);
    if (known === undefined) series.set(key, [found]);
    else known.push(found);
  }
  return [...series.values()].map((all): Series => {
    const [{ line, cell, yardstick }] = all;
    const { machine, node } = line;
    const about = { cell: id, metric, machine, node, setting: cell.setting, isRelative: yardstick !== null };
    return { ...about, runs: runsOf(all, metric) };
  });
}

function runsOf(all: readonly Found[], metric: RunMetric): readonly SeriesRun[] {
  const size = all.at(-1)?.cell.work ?? null;
  const known = all.flatMap(({ yardstick }) => yardstick?.log ?? []);
  const usual = known.length === 0 ? 0 : median(known);
  return all.map(({ line, cell, place, yardstick }): SeriesRun => {
    const larger = size === null || cell.work === null ? 0 : Math.log(size / cell.work);
    const own = { ...place, log: place.log + scaleOf(metric) * larger };
    return {
      line,
      connections: cell.connections,
      own,
      judged: yardstick === null ? own : relative(own, yardstick, usual),
    };
  });
}

/** By how much the logarithm of a figure grows with that of the work of a request. */
function scaleOf(metric: RunMetric): number {
  return { grows: 1, shrinks: -1, apart: 0 }[runMetric(metric).withWork];
}

/** What it would be on a machine as fast as the usual one. */
function relative(own: HistoryPlace, yardstick: HistoryPlace, usual: number): HistoryPlace {
  const [a, b] = [own.standardError, yardstick.standardError];
  return {
    log: own.log - yardstick.log + usual,
    standardError: a === null || b === null ? null : Math.hypot(a, b),
    trials: Math.min(own.trials, yardstick.trials),
  };
}
