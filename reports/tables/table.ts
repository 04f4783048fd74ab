/** What a table of a scenario holds, whatever draws it. */
import type { CellResult, CellSummary, ScenarioSummary } from '../../harness/judge/schema/summary.ts';

export interface Column {
  /** The lines of the heading, the unit last. */
  readonly head: readonly [string, string];
  readonly align: 'left' | 'right';
  /**
   * `derived`: not measured, and to be told apart. `label`: says whether the row may be ranked. `prose`: sentences.
   * `interval`: a figure with its interval in brackets.
   */
  readonly meaning?: 'derived' | 'label' | 'prose' | 'interval';
}

export type TableRow = { readonly name: string } & (
  | {
      readonly kind: 'measured';
      /** One per column after the name. */
      readonly values: readonly string[];
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

/** A column and where its values come from. */
export interface ColumnSource<Result = CellResult, Cell = CellSummary> {
  readonly column: Column;
  readonly value: (result: Result, cell: Cell) => string;
}

export const NAME_COLUMN: Column = { head: ['', 'model'], align: 'left' };

/** A column of figures. */
export function figureColumn<Result = CellResult, Cell = CellSummary>(
  first: string,
  last: string,
  value: ColumnSource<Result, Cell>['value'],
): ColumnSource<Result, Cell> {
  return { column: { head: [first, last], align: 'right' }, value };
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
