/** The rows of the image: a model each, or one for each of its runs. */
import type { CellSummary, ScenarioSummary, Summary } from '../../../harness/judge/schema/summary.ts';
import { modelColours } from '../../drawing/theme.ts';
import { cellName } from '../../words/cells.ts';
import { type OfRun, runsOf } from '../../words/runs.ts';

const MOST_SETTINGS = 6;
const MOST_RUNS = 4;
/** Of several runs together. */
const MOST_ROWS = 9;

export interface GridRow {
  /** The model, with its workers and connections where these vary; what holds rows of all scenarios together. */
  readonly setting: string;
  readonly model: string;
  /** Label of its run; null where there is only one. */
  readonly run: string | null;
  /** Its run among the runs, from 0. */
  readonly turn: number;
  readonly colour: string;
}

export interface GridRows {
  readonly rows: readonly GridRow[];
  /** What there was no room for: rows of one run, and runs. */
  readonly more: { readonly rows: number; readonly runs: number };
}

/** Model by model and within it run by run, as many as can be read; models are left out with all their runs. */
export function rowsOf(summary: Summary): GridRows {
  const labels = labelsOf(summary);
  const shownRuns = labels.slice(0, MOST_RUNS);
  const all = allRows(summary, labels);
  const settings = [...new Set(all.map(({ setting }) => setting))];
  const most = labels.length === 0 ? MOST_SETTINGS : Math.floor(MOST_ROWS / shownRuns.length);
  const shown = settings.slice(0, most);
  const rows = shown.flatMap((setting) =>
    all.filter((row) => row.setting === setting && row.turn < MOST_RUNS).sort((a, b) => a.turn - b.turn),
  );
  return { rows, more: { rows: settings.length - shown.length, runs: labels.length - shownRuns.length } };
}

/** Rows that stand one below the other under one name. */
export interface RowGroup {
  readonly setting: string;
  readonly colour: string;
  /** Index of the first of them, and how many there are. */
  readonly first: number;
  readonly count: number;
}

/** The rows of each setting together, in their order. */
export function groupsOf(rows: readonly GridRow[]): RowGroup[] {
  return rows.flatMap(({ setting, colour }, first) => {
    if (rows[first - 1]?.setting === setting) return [];
    const count = rows.filter((row) => row.setting === setting).length;
    return [{ setting, colour, first, count }];
  });
}

/** The row of a cell, whether shown or not. */
export function isIn({ setting, run }: GridRow, cell: CellSummary & OfRun, scenario: ScenarioSummary): boolean {
  return settingOf(cell, scenario) === setting && (run === null || cell.run === run);
}

function allRows(summary: Summary, labels: readonly string[]): GridRow[] {
  const colourOf = modelColours(summary);
  const rows = new Map<string, GridRow>();
  for (const scenario of summary.scenarios) {
    const cells: readonly (CellSummary & OfRun)[] = scenario.cells;
    for (const cell of cells) {
      const setting = settingOf(cell, scenario);
      const turn = Math.max(0, labels.indexOf(cell.run ?? ''));
      const key = JSON.stringify([setting, turn]);
      const { model } = cell;
      if (!rows.has(key)) rows.set(key, { setting, model, run: labels[turn] ?? null, turn, colour: colourOf(model) });
    }
  }
  return [...rows.values()];
}

function labelsOf(summary: Summary): string[] {
  const labels = runsOf(summary).map(({ label }) => label);
  return labels.length > 1 ? labels : [];
}

/** Its name among the cells of its own run. */
function settingOf(cell: CellSummary & OfRun, { cells }: ScenarioSummary): string {
  const all: readonly (CellSummary & OfRun)[] = cells;
  return cellName(
    cell,
    all.filter(({ run }) => run === cell.run),
  );
}
