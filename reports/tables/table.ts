/** What a table holds, whatever draws it: the terminal, markdown or the page. */
import { metricColumns } from '../../harness/judge/metrics/derived.ts';
import type { Format, MetricTable } from '../../harness/judge/metrics/metric.ts';
import type { CellResult, CellSummary, ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { figure, MISSING, mebibytes, percent } from '../words/figures.ts';

export interface Column {
  /** The lines of the heading, the unit last. */
  readonly head: readonly [string, string];
  readonly align: 'left' | 'right';
  /**
   * `name`: of a cell or a pair. `derived`: not measured, and shown differently. `label`: says whether the row may be ranked.
   * `prose`: sentences. `interval`: a figure with its interval in brackets. `difference`: both ends of one, or why there is none.
   */
  readonly meaning?: 'name' | 'derived' | 'label' | 'prose' | 'interval' | 'difference';
}

/** How a value is set apart from others of its column. */
export type Look = 'decided' | 'open' | 'invalid' | 'bad';

/** A value that is more than its text. */
export interface RichValue {
  readonly text: string;
  readonly look?: Look;
  /** Emphasised words before the text. */
  readonly lead?: string;
  /** What to do about it, after the text. */
  readonly next?: string | null;
  /** A drawing of characters, which have to be equally wide. */
  readonly isDrawing?: boolean;
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

/** The columns that the metrics declare for a table. A part that no cell has, such as a front, has none. */
export function metricSources(table: MetricTable, results: readonly CellResult[]): ColumnSource[] {
  const columns = metricColumns(table);
  const isTold = (part: string): boolean =>
    columns.some((column) => column.part === part && results.some((result) => column.of(result) !== null));
  const cpuMs = columns.filter(({ format }) => format === 'cpu-ms');
  const cpu = cpuUnit(cpuMs.flatMap(({ of }) => results.map(of)));
  return columns
    .filter(({ part }) => part === undefined || isTold(part))
    .map(({ head: [first, last], format, of }) =>
      figureColumn(first, format === 'cpu-ms' ? `${last} ${cpu.name}` : last, (result) => {
        const value = of(result);
        return value === null ? MISSING : written(value, format, cpu);
      }),
    );
}

/** Of three decimals, the third tells 56/44 from 54/46. */
const INDEX_DECIMALS = 3;

function written(value: number, format: Format, cpu: ReturnType<typeof cpuUnit>): string {
  switch (format) {
    case 'figure':
      return figure(value);
    case 'percent':
      return percent(value);
    case 'bytes':
      return mebibytes(value);
    case 'cpu-ms':
      return figure(value * cpu.perMs);
    case 'index':
      return value.toFixed(INDEX_DECIMALS);
    default:
      return format satisfies never;
  }
}
