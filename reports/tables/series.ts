/** A series as tables: a row for each model, a column for each point. */
import { isRankable } from '../../harness/judge/bottleneck/limited-by.ts';
import type { SeriesSummary } from '../../harness/judge/schema/series.ts';
import type { CellResult, Summary } from '../../harness/judge/schema/summary.ts';
import { namesOf, rateFigure as figureOf } from '../../harness/judge/words.ts';
import { MISSING } from '../words/figures.ts';

export interface SeriesTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How to read it; empty where it needs nothing. */
  readonly note: string;
}

/** Requests per second, and p99 at full load. */
export function seriesTables(series: SeriesSummary, { scenarios }: Pick<Summary, 'scenarios'>): SeriesTable[] {
  const { along, of, models, points } = series;
  const quantity = along.kind === 'parameter' ? along.name : along.kind;
  const results = new Map(scenarios.flatMap(({ cells }) => cells.map(({ id, result }) => [id, result] as const)));
  const nameOf = namesOf(models);
  const cellAt = (cells: readonly string[], scenario: string): CellResult | null =>
    results.get(cells.find((id) => id.startsWith(`${scenario}/`)) ?? '') ?? null;
  const head = [quantity, ...points.map(({ value }) => String(value))];
  const table = (what: string, text: (result: CellResult) => string, note: string): SeriesTable => ({
    title: `${of}: ${what}`,
    head,
    rows: models.map((model) => [
      nameOf(model),
      ...points.map(({ scenario }) => {
        const result = cellAt(model.cells, scenario);
        return result === null ? MISSING : text(result);
      }),
    ]),
    note,
  });
  const isAnyHeld = models.some(({ cells }) =>
    cells.some((id) => {
      const result = results.get(id) ?? null;
      return result !== null && !isRankable(result.limitedBy);
    }),
  );
  return [
    table(
      'requests per second',
      ({ requestsPerSec, limitedBy }) => `${figureOf(requestsPerSec.point)}${isRankable(limitedBy) ? '' : '*'}`,
      isAnyHeld ? '* something other than the server was the limit, so it is not compared' : '',
    ),
    table('p99 at full load, in ms', ({ latencyMs: { p99 } }) => (p99 === null ? MISSING : figureOf(p99.ms)), ''),
  ];
}
