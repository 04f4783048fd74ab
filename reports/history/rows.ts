/** What every format shows of a history: a table for each machine and Node.js, runs downwards, the newest last. */
import { runMetric } from '../../harness/judge/metrics/derived.ts';
import { runName } from '../../harness/judge/history/view.ts';
import type { HistoryRun, HistorySeries, HistoryView } from '../../harness/judge/schema/history.ts';
import type { Column, ResultTable, Value } from '../tables/table.ts';
import { visible } from '../words/escape.ts';
import { figure, MISSING } from '../words/figures.ts';

const BYTES_PER_MIB = 1024 * 1024;
/** Earlier ones are counted: the chart has all. */
const MOST_ROWS = 30;

export interface HistoryTable {
  /** The machine and Node.js that all of it was measured on. */
  readonly title: string;
  readonly table: ResultTable;
  /** Runs before those of the table. */
  readonly earlier: number;
}

export function historyTables({ series }: HistoryView): readonly HistoryTable[] {
  const titles = [...new Set(series.map(placeOf))];
  return titles.map((title) =>
    tableOf(
      title,
      series.filter((one) => placeOf(one) === title),
    ),
  );
}

/** Machine and Node.js, in one line. */
export function placeOf({ cpuModel, cpus, system, node }: HistorySeries): string {
  return `${cpuModel}, ${cpus} CPU${cpus === 1 ? '' : 's'}, ${system}, Node ${node}`;
}

function tableOf(title: string, series: readonly HistorySeries[]): HistoryTable {
  const all = new Map(series.flatMap(({ points }) => points.map((point) => [point.startedAt, point] as const)));
  const runs = [...all.values()].toSorted((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt));
  const shown = runs.slice(-MOST_ROWS);
  return {
    title,
    earlier: runs.length - shown.length,
    table: {
      columns: [{ head: ['', 'run'], align: 'left', meaning: 'name' }, MEASURED, ...series.map(columnOf)],
      rows: shown.map((run) => ({
        kind: 'measured',
        name: visible(runName(run)),
        values: [run.startedAt.slice(0, 10), ...series.map((one) => figureAt(one, run))],
        mark: null,
      })),
    },
  };
}

const MEASURED: Column = { head: ['', 'measured'], align: 'left' };

/** The cell above what is measured of it. */
function columnOf({ cell, metric, unit }: HistorySeries): Column {
  return { head: [visible(cell), `${runMetric(metric).title} ${unitName(unit)}`.trim()], align: 'right' };
}

/** The figure, and behind it by how much the level changes there. */
function figureAt(series: HistorySeries, run: HistoryRun): Value {
  const at = series.points.indexOf(run);
  const own = at >= 0 ? at : series.points.findIndex(({ startedAt }) => startedAt === run.startedAt);
  const point = series.points[own];
  if (point === undefined) return MISSING;
  const shown = figure(shownIn(series.unit, point.figure));
  const change = series.changes.find((one) => one.at === own);
  if (change === undefined) return shown;
  return { text: `${changeText(change.ratio.point)} ${shown}`, look: change.verdict === 'worse' ? 'bad' : 'decided' };
}

/** `▲ 7.1%`, `▼ 3.4%`. */
export function changeText(ratio: number): string {
  return `${ratio > 1 ? '▲' : '▼'} ${(Math.abs(ratio - 1) * 100).toFixed(1)}%`;
}

/** As `unitName` has it. */
export function shownIn(unit: HistorySeries['unit'], value: number): number {
  return unit === 'bytes' ? value / BYTES_PER_MIB : value;
}

export function unitName(unit: HistorySeries['unit']): string {
  return unit === 'bytes' ? 'MiB' : unit === 'ratio' ? '' : unit;
}

/** The changes in words, each with what else may be its reason. */
export function changeLines({ series }: HistoryView): readonly string[] {
  return series.flatMap(({ changes }) =>
    changes.map(({ sentence, notes }) => (notes.length === 0 ? sentence : `${sentence} (${notes.join('; ')})`)),
  );
}

/** What stands below the tables. */
export function earlierLine(earlier: number): string {
  return `… ${earlier} earlier run${earlier === 1 ? '' : 's'}: --format json has all, and --out draws them`;
}
