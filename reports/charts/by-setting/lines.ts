/** Lines of a figure against what a series varies: what the points are, before anything is drawn. */
import { isRankable } from '../../../harness/judge/bottleneck/limited-by.ts';
import type { SeriesModel, SeriesSummary } from '../../../harness/judge/schema/series.ts';
import type { CellResult, ScenarioSummary, Summary } from '../../../harness/judge/schema/summary.ts';
import { namesOf } from '../../../harness/judge/words.ts';
import { modelColours } from '../../drawing/theme.ts';

export interface SettingPoint {
  readonly value: number;
  readonly y: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly isRanked: boolean;
}

export interface SettingLine {
  readonly label: string;
  readonly colour: string;
  readonly points: readonly SettingPoint[];
  readonly law: SeriesModel['law'];
}

type Figure = Pick<SettingPoint, 'y' | 'low' | 'high'>;

/** A line per model, in the order of the summary. */
export function settingLines(
  series: SeriesSummary,
  summary: Summary,
  figureOf: (result: CellResult) => Figure | null,
): SettingLine[] {
  const cells = new Map(pointsOf(series, summary).flatMap(({ cells: own }) => own.map((cell) => [cell.id, cell])));
  const nameOf = namesOf(series.models);
  const colourOf = modelColours(summary);
  return series.models.map((model) => ({
    label: nameOf(model),
    colour: colourOf(model.model),
    law: model.law,
    points: series.points.flatMap(({ value, scenario }): SettingPoint[] => {
      const own = model.cells.map((id) => cells.get(id)).find((cell) => cell?.id.startsWith(`${scenario}/`));
      const result = own?.result ?? null;
      const figure = result === null ? null : figureOf(result);
      return result === null || figure === null ? [] : [{ value, ...figure, isRanked: isRankable(result.limitedBy) }];
    }),
  }));
}

/** The scenarios of its points, in their order. */
export function pointsOf(series: SeriesSummary, { scenarios }: Pick<Summary, 'scenarios'>): ScenarioSummary[] {
  return series.points.flatMap(({ scenario }) => scenarios.filter(({ id }) => id === scenario));
}
