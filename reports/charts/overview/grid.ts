/** What the summary of a run shows: a column per scenario, a row per model, or per model and run. */
import { scenarioWords } from '../../../harness/judge/words.ts';
import type { CellResult, CellSummary, ScenarioSummary, Summary } from '../../../harness/judge/schema/summary.ts';
import type { OverviewInput } from '../../drawing/input.ts';
import { modelColours } from '../../drawing/theme.ts';
import { goesOn } from '../../drawing/whiskers.ts';
import { cellName, cellNames, notRanked } from '../../words/cells.ts';
import { behindTexts } from '../../words/comparisons.ts';
import { visible } from '../../words/escape.ts';
import { type OfRun, runsOf, type Several } from '../../words/runs.ts';
import { endsOf } from '../../words/spread.ts';

const MOST_COLUMNS = 8;
/** Low rows need wide columns, because their words have to stand side by side. */
const MOST_COLUMNS_OF_LOW_ROWS = 4;
/** With more rows than these each has one line of words. */
const MOST_HIGH_ROWS = 6;
/** With few trials an interval can be so wide that it would squeeze the bars: beyond this multiple of the best it is cut off. */
const FARTHEST_WHISKER = 1.5;
/** The same for the physical limit, which is then told in words only. */
const FARTHEST_LIMIT = 2;
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

interface GridRows {
  readonly rows: readonly GridRow[];
  /** What there was no room for: rows of one run, and runs. */
  readonly more: { readonly rows: number; readonly runs: number };
}

interface InGrid extends GridRow {
  /** Of the cell in its scenario: with its run where there are several. */
  readonly name: string;
  readonly row: number;
  /** Requests per second of the physical limit, where it is near enough to be drawn. */
  readonly limit: number | null;
}

export type GridCell = InGrid &
  (
    | {
        readonly kind: 'ranked';
        readonly result: CellResult;
        /** How far it is behind the best; null where that is not known. */
        readonly behind: string | null;
      }
    | { readonly kind: 'not-ranked'; readonly result: CellResult; readonly why: string }
    | { readonly kind: 'failed'; readonly word: string }
  );

export type DrawnCell = Extract<GridCell, { result: CellResult }>;

export interface GridColumn {
  readonly scenario: ScenarioSummary;
  readonly title: string;
  readonly cells: readonly GridCell[];
  /** Requests per second at the right end; the left one is zero. */
  readonly end: number;
}

export interface Grid {
  /** From top to bottom: by what they serve beside the best, over all columns. */
  readonly rows: readonly GridRow[];
  readonly columns: readonly GridColumn[];
  /** Scenarios in which bars would put models in an order that nobody has shown. */
  readonly unanswered: readonly ScenarioSummary[];
  /** What there was no room for. */
  readonly more: GridRows['more'] & { readonly scenarios: number };
}

/** The first scenarios and models of a run, as many as can be read. */
export function gridOf({ summary }: OverviewInput): Grid {
  const ranked = summary.scenarios.filter(({ cells }) =>
    cells.some((cell) => cell.result !== null && notRanked(cell) === null),
  );
  const answered = ranked.filter(isAnswered);
  // Where nothing is answered at all, bars with their whiskers are all that there is to see.
  const drawn = answered.length > 0 ? answered : ranked;
  const { rows, more } = rowsOf(summary, drawn);
  const shown = drawn.slice(0, hasLowRows({ rows }) ? MOST_COLUMNS_OF_LOW_ROWS : MOST_COLUMNS);
  return {
    rows,
    columns: shown.map((scenario) => columnOf(scenario, rows)),
    unanswered: summary.scenarios.filter((scenario) => !drawn.includes(scenario)),
    more: { ...more, scenarios: drawn.length - shown.length },
  };
}

/** Whether something is known of who serves more than others, in any of several runs, and no bar can say otherwise. */
function isAnswered(scenario: Several<ScenarioSummary>): boolean {
  const runs = runsOf(scenario).map(({ of }) => of);
  return (runs.length === 0 ? [scenario] : runs).some(({ cells, decision, answers }) => {
    if (cells.length === 1 || decision !== null) return true;
    const isEveryRanked = cells.every((cell) => notRanked(cell) === null);
    const throughput = answers.find(({ metric }) => metric === 'throughput');
    return isEveryRanked && throughput?.models.some(({ atLeastBehind }) => atLeastBehind > 0) === true;
  });
}

/** Whether there is only one line of words above each bar. */
export function hasLowRows({ rows }: Pick<Grid, 'rows'>): boolean {
  return rows.length > MOST_HIGH_ROWS;
}

/** Those with a bar. */
export function drawnCells({ columns }: Grid): DrawnCell[] {
  return columns.flatMap(({ cells }) => cells.filter((cell) => cell.kind !== 'failed'));
}

/** Whether the interval of a cell goes on beyond the end of the axis. */
export function isCut({ result: { requestsPerSec } }: DrawnCell, { end }: GridColumn): boolean {
  return requestsPerSec.trials > 1 && goesOn(endsOf(requestsPerSec), end);
}

function columnOf(scenario: ScenarioSummary, rows: readonly GridRow[]): GridColumn {
  const names = cellNames(scenario);
  const behind = behindTexts(scenario);
  const axis = axisOf(scenario, rows);
  const cells = scenario.cells.flatMap((cell: CellSummary & OfRun): GridCell[] => {
    const row = rows.findIndex((one) => isIn(one, cell, scenario));
    const place = rows[row];
    if (place === undefined) return [];
    const limit = limitOf(cell, scenario);
    const isNear = limit !== null && limit <= axis.farthestLimit;
    const own = { ...place, row, name: names.get(cell.id) ?? cell.model, limit: isNear ? limit : null };
    const { result } = cell;
    if (result === null) {
      const tried = cell.givenUp !== null || cell.trialsFailed > 0;
      return [{ ...own, kind: 'failed', word: tried ? 'failed' : 'not measured' }];
    }
    const why = notRanked(cell);
    if (why !== null) return [{ ...own, kind: 'not-ranked', result, why }];
    return [{ ...own, kind: 'ranked', result, behind: behind.get(cell.id) ?? null }];
  });
  const inRows = cells.toSorted((a, b) => a.row - b.row);
  return { scenario, title: visible(scenarioWords(scenario)), cells: inRows, end: axis.end };
}

function axisOf(scenario: ScenarioSummary, rows: readonly GridRow[]) {
  const shown = scenario.cells.filter((cell) => rows.some((row) => isIn(row, cell, scenario)));
  const rates = shown.flatMap(({ result }) => (result === null ? [] : [result.requestsPerSec]));
  const best = Math.max(0, ...rates.map(({ max }) => max));
  const farthest = Math.max(0, ...rates.map((rate) => endsOf(rate).high));
  const highest = Math.max(best, Math.min(farthest, best * FARTHEST_WHISKER));
  const farthestLimit = highest * FARTHEST_LIMIT;
  const limits = shown.flatMap((cell) => limitOf(cell, scenario) ?? []).filter((limit) => limit <= farthestLimit);
  const end = Math.max(highest, ...limits);
  return { end: end > 0 ? end : 1, farthestLimit };
}

/** In requests per second; runs may have limits of their own. */
function limitOf({ run }: CellSummary & OfRun, scenario: ScenarioSummary): number | null {
  const own = runsOf(scenario).find(({ label }) => label === run)?.of ?? scenario;
  return own.limit?.requestsPerSec ?? null;
}

/** Model by model and within it run by run, as many as can be read; models are left out with all their runs. */
function rowsOf(summary: Summary, scenarios: Summary['scenarios']): GridRows {
  const labels = labelsOf(summary);
  const shownRuns = labels.slice(0, MOST_RUNS);
  const all = allRows({ ...summary, scenarios }, labels);
  const settings = [...new Set(all.map(({ setting }) => setting))].toSorted(
    (a, b) => standingOf(b, scenarios) - standingOf(a, scenarios),
  );
  const most = labels.length === 0 ? MOST_SETTINGS : Math.floor(MOST_ROWS / shownRuns.length);
  const shown = settings.slice(0, most);
  const rows = shown.flatMap((setting) =>
    all.filter((row) => row.setting === setting && row.turn < MOST_RUNS).sort((a, b) => a.turn - b.turn),
  );
  return { rows, more: { rows: settings.length - shown.length, runs: labels.length - shownRuns.length } };
}

/** What a setting serves as a share of the best, 0 to 1: the mean over scenarios, without those in which it cannot be ranked. */
function standingOf(setting: string, scenarios: Summary['scenarios']): number {
  const shares = scenarios.flatMap((scenario) => {
    const ranked = scenario.cells.flatMap((cell) => {
      const { result } = cell;
      if (result === null || notRanked(cell) !== null) return [];
      return [{ isOwn: settingOf(cell, scenario) === setting, rate: result.requestsPerSec.point }];
    });
    const best = Math.max(...ranked.map(({ rate }) => rate));
    const own = ranked.filter(({ isOwn }) => isOwn).map(({ rate }) => rate);
    return own.length === 0 || best === 0 ? [] : [Math.max(...own) / best];
  });
  return shares.length === 0 ? 0 : shares.reduce((sum, share) => sum + share, 0) / shares.length;
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
function isIn({ setting, run }: GridRow, cell: CellSummary & OfRun, scenario: ScenarioSummary): boolean {
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
