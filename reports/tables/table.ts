/** What a table holds, whatever draws it: the terminal, markdown or the page. */
import type { CellResult, CellSummary, ScenarioSummary } from '../../harness/judge/schema/summary.ts';

export interface Column {
  /** The lines of the heading, the unit last. */
  readonly head: readonly [string, string];
  readonly align: 'left' | 'right';
  /**
   * `name`: of a cell or a pair. `derived`: not measured, and shown differently. `label`: says whether the row may be ranked.
   * `prose`: sentences. `interval`: a figure with its interval in brackets.
   */
  readonly meaning?: 'name' | 'derived' | 'label' | 'prose' | 'interval';
}

/** How a value is set apart from others of its column. */
export type Look = 'derived' | 'decided' | 'open' | 'invalid' | 'bad';

/** A value that is more than its text. */
export interface RichValue {
  readonly text: string;
  readonly look?: Look;
  /** Emphasised words before the text. */
  readonly lead?: string;
  /** What to do about it, after the text. */
  readonly next?: string | null;
}

export type Value = string | RichValue;

export type TableRow = { readonly name: string } & (
  | {
      readonly kind: 'measured';
      /** One per column after the name. */
      readonly values: readonly Value[];
      /** What its label must say beside what limited it, such as `not ranked`; null for an ordinary row. */
      readonly mark: string | null;
      /** Whether it is about a part of the row above, such as one class of requests. */
      readonly isPart?: boolean;
    }
  | { readonly kind: 'failed'; readonly reason: string }
);

/** A table that the reports share, so that they show the same figures. */
export interface ResultTable {
  /** The first column is the name. */
  readonly columns: readonly Column[];
  readonly rows: readonly TableRow[];
}

/** A value as plain text. */
export function plainText(value: Value): string {
  if (typeof value === 'string') return value;
  const { lead = '', text, next = null } = value;
  return `${lead === '' ? '' : `${lead} `}${text}${next === null ? '' : `; ${next}`}`;
}

/** A column and where its values come from. */
export interface ColumnSource<Result = CellResult, Cell = CellSummary> {
  readonly column: Column;
  readonly value: (result: Result, cell: Cell) => string;
}

export const NAME_COLUMN: Column = { head: ['', 'model'], align: 'left', meaning: 'name' };

/** A column of figures. */
export function figureColumn<Result = CellResult, Cell = CellSummary>(
  first: string,
  last: string,
  value: ColumnSource<Result, Cell>['value'],
): ColumnSource<Result, Cell> {
  return { column: { head: [first, last], align: 'right' }, value };
}

/** How many trials of a cell are valid. */
export function validTrials({ trialsOk, trialsFailed }: Pick<CellSummary, 'trialsOk' | 'trialsFailed'>): string {
  return `${trialsOk} of ${trialsOk + trialsFailed}`;
}

/** The unit for CPU times of one table: microseconds where every figure is below 1 ms. */
export function cpuUnit(allMs: readonly (number | null)[]): { readonly name: 'µs' | 'ms'; readonly perMs: number } {
  return Math.max(...allMs.map((ms) => ms ?? 0)) < 1 ? { name: 'µs', perMs: 1000 } : { name: 'ms', perMs: 1 };
}

/** The results of a scenario. */
export function resultsOf(scenario: ScenarioSummary): CellResult[] {
  return scenario.cells.flatMap(({ result }) => (result === null ? [] : [result]));
}

/** The kinds of memory figures in a scenario: different quantities, which must never share a column. */
export function memoryKinds(scenario: ScenarioSummary): { kind: CellResult['memory']['kind']; name: string }[] {
  const kinds = new Set(resultsOf(scenario).map(({ memory }) => memory.kind));
  return [...kinds].map((kind) => ({ kind, name: kind === 'pss' ? 'PSS' : 'RSS' }));
}
