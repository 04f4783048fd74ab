/** What the summary of a run shows: a column per scenario, a row per model, or per model and run. */
import type { CellResult, CellSummary, Comparison, ScenarioSummary } from '../../../harness/judge/schema/summary.ts';
import type { OverviewInput } from '../../drawing/input.ts';
import { cellNames, notRanked, scenarioTitle } from '../../words/cells.ts';
import { visible } from '../../words/escape.ts';
import { type OfRun, runsOf } from '../../words/runs.ts';
import { endsOf } from '../../words/spread.ts';
import { type GridRow, type GridRows, isIn, rowsOf } from './rows.ts';

const MOST_COLUMNS = 8;
/** Low rows need wide columns, because their words have to stand side by side. */
const MOST_COLUMNS_OF_LOW_ROWS = 4;
/** With more rows than these each has one line of words. */
const MOST_HIGH_ROWS = 6;
/** With few trials an interval can be so wide that it would squeeze the bars: beyond this multiple of the best it is cut off. */
const FARTHEST_WHISKER = 1.5;
/** The same for the physical limit, which is then told in words only. */
const FARTHEST_LIMIT = 2;

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
        readonly against: Against | null;
        /** Whether there are ratios to it. */
        readonly isBaseline: boolean;
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
  readonly rows: readonly GridRow[];
  readonly columns: readonly GridColumn[];
  /** What there was no room for. */
  readonly more: GridRows['more'] & { readonly scenarios: number };
}

/** The first scenarios and models of a run, as many as can be read. */
export function gridOf({ summary }: OverviewInput): Grid {
  const { rows, more } = rowsOf(summary);
  const shown = summary.scenarios.slice(0, hasLowRows({ rows }) ? MOST_COLUMNS_OF_LOW_ROWS : MOST_COLUMNS);
  return {
    rows,
    columns: shown.map((scenario) => columnOf(scenario, rows)),
    more: { ...more, scenarios: summary.scenarios.length - shown.length },
  };
}

/** Whether there is only one line of words above each bar. */
export function hasLowRows({ rows }: Pick<Grid, 'rows'>): boolean {
  return rows.length > MOST_HIGH_ROWS;
}

/** Those with a bar. */
export function drawnCells({ columns }: Grid): DrawnCell[] {
  return columns.flatMap(({ cells }) => cells.filter((cell) => cell.kind !== 'failed'));
}

function columnOf(scenario: ScenarioSummary, rows: readonly GridRow[]): GridColumn {
  const names = cellNames(scenario);
  const baselines = new Set(
    scenario.cells
      .filter((cell) => (againstBaseline(cell, scenario)?.ratio ?? null) !== null)
      .map((cell) => baselineOf(cell, scenario)?.id),
  );
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
    const against = againstBaseline(cell, scenario);
    return [{ ...own, kind: 'ranked', result, against, isBaseline: baselines.has(cell.id) }];
  });
  return { scenario, title: visible(scenarioTitle(scenario)), cells, end: axis.end };
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

/** A cell beside the one that runs in a single process, as far as a verdict allows. */

export interface Against {
  /** Model of the baseline. */
  readonly baseline: string;
  /** Requests per second ÷ those of the baseline; null when the pair is invalid or has too few rounds in common. */
  readonly ratio: number | null;
  readonly verdict: Comparison['verdict'];
}

/** The one process of the same run with the same connections; null for that process itself, and where there is none. */
export function baselineOf(cell: CellSummary & OfRun, { cells }: ScenarioSummary): CellSummary | null {
  if (cell.style === 'alone') return null;
  const isAlike = (other: CellSummary & OfRun) =>
    other.run === cell.run && other.connections === cell.connections && other.connectionMode === cell.connectionMode;
  return cells.find((other) => other.style === 'alone' && isAlike(other)) ?? null;
}

/** The verdict on throughput, whichever of the two was judged as the candidate. */
export function againstBaseline(cell: CellSummary, scenario: ScenarioSummary): Against | null {
  const baseline = baselineOf(cell, scenario);
  if (baseline === null) return null;
  const of = (candidate: CellSummary, other: CellSummary) =>
    scenario.comparisons.find(
      (one) => one.metric === 'throughput' && one.candidate === candidate.id && one.baseline === other.id,
    );
  const judged = of(cell, baseline);
  const turned = of(baseline, cell);
  const named = { baseline: baseline.model };
  if (judged !== undefined) return { ...named, ratio: judged.ratio?.point ?? null, verdict: judged.verdict };
  if (turned === undefined) return null;
  const ratio = turned.ratio === null ? null : 1 / turned.ratio.point;
  return { ...named, ratio, verdict: opposite(turned.verdict) };
}

function opposite(verdict: Comparison['verdict']): Comparison['verdict'] {
  if (verdict === 'better') return 'worse';
  return verdict === 'worse' ? 'better' : verdict;
}
