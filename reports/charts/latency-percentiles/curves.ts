/** Curves of latency by percentile: which ones are drawn in which panel, before anything is placed. */
import type { Percentiles } from '../../../harness/judge/schema/capacity.ts';
import type { CommonRate, LatencySummary, RateCell } from '../../../harness/judge/schema/rate.ts';
import type { Curve } from '../../../harness/judge/traces/curves.ts';
import type { Traces } from '../../../harness/judge/traces/traces.ts';
import type { ChartInput } from '../../drawing/input.ts';
import { classesOf, drawnRate, headingOf, partOf } from '../../drawing/rate-rows.ts';
import { rowLabels } from '../../drawing/rows.ts';
import { modelColours, type Shape, settingShapes } from '../../drawing/theme.ts';
import { cellNames, failedText, notRanked, type Setting } from '../../words/cells.ts';
import { cellsAt, rateMark, rateName } from '../../words/rates.ts';

export interface CurveLine {
  readonly label: string;
  /** What must be said beside the name, in two words; null for an ordinary line. */
  readonly mark: string | null;
  readonly colour: string;
  /** Tells settings of one model apart, which share its colour. */
  readonly shape: Shape;
  readonly points: Curve['points'];
  readonly latency: Percentiles;
}

export interface CurvePanel {
  /** null for all requests together. */
  readonly requestClass: string | null;
  readonly heading: string;
  readonly lines: readonly CurveLine[];
  /** What the SLO asks of these requests. */
  readonly limits: readonly { readonly percentile: 'p50' | 'p90' | 'p99' | 'p999'; readonly limitMs: number }[];
}

export interface CurvePlan {
  readonly panels: readonly CurvePanel[];
  /** At which rate; null at full load. */
  readonly common: CommonRate | null;
  /** The cells of that rate. */
  readonly cells: readonly RateCell[];
  /** Why models have no line, one sentence each. */
  readonly absent: readonly string[];
  /** What the shapes of the points mean. */
  readonly shapes: readonly string[];
}

/** At a common rate where there is one, with a panel per class of requests; at full load otherwise. */
export function curvePlan(input: ChartInput, traces: Traces): CurvePlan {
  const { latency } = input.scenario;
  const common = latency === null ? null : drawnRate(latency);
  return latency === null || common === null ? atFullLoad(input, traces) : atRate(input, traces, latency, common);
}

function atRate(input: ChartInput, traces: Traces, latency: LatencySummary, common: CommonRate): CurvePlan {
  const { scenario } = input;
  const cells = cellsAt(common, latency);
  const labels = rowLabels(cells.map((cell) => rateName(cell, scenario)));
  const { notes: shapes, lookOf } = looksOf(input, cells);
  const looks = cells.map(lookOf);
  const panels = classesOf(cells.map(({ result }) => result)).map((requestClass) => ({
    requestClass,
    heading: headingOf(common, latency.basis?.model ?? null, requestClass),
    lines: cells.flatMap(({ id, result }, i): CurveLine[] => {
      const part = result === null ? null : partOf(result, requestClass);
      const points = pointsOf(traces, id, requestClass);
      const drawn = looks[i];
      if (result === null || part === null || points === null || drawn === undefined) return [];
      return [{ label: labels[i] ?? '', mark: rateMark(result), ...drawn, points, latency: part.latency }];
    }),
    limits: (latency.slo?.asked.limits ?? []).filter((limit) => limit.requestClass === requestClass),
  }));
  const absent = cells.flatMap((cell, i) => {
    const label = labels[i] ?? '';
    if (cell.result === null) return [`${label}: ${failedText(cell)}.`];
    const without = panels.filter(({ lines }) => lines.every((line) => line.label !== label));
    return without.map(({ requestClass }) => `${label}: ${tooFew(requestClass)}.`);
  });
  return { panels: panels.filter(({ lines }) => lines.length > 0), common, cells, absent, shapes };
}

function atFullLoad(input: ChartInput, traces: Traces): CurvePlan {
  const { cells } = input.scenario;
  const names = cellNames(input.scenario);
  const labels = rowLabels(cells.map(({ id, model }) => names.get(id) ?? model));
  const { notes: shapes, lookOf } = looksOf(input, cells);
  const looks = cells.map(lookOf);
  const lines = cells.flatMap((cell, i): CurveLine[] => {
    const points = pointsOf(traces, cell.id, null);
    const drawn = looks[i];
    if (cell.result === null || points === null || drawn === undefined) return [];
    const mark = notRanked(cell) === null ? null : 'not ranked';
    return [{ label: labels[i] ?? '', mark, ...drawn, points, latency: cell.result.latencyMs }];
  });
  const absent = cells.flatMap((cell, i) => {
    if (lines.some(({ label }) => label === labels[i])) return [];
    return [`${labels[i]}: ${cell.result === null ? failedText(cell) : tooFew(null)}.`];
  });
  const panels = lines.length === 0 ? [] : [{ requestClass: null, heading: 'at full load', lines, limits: [] }];
  return { panels, common: null, cells: [], absent, shapes };
}

function tooFew(requestClass: string | null): string {
  return `too few ${requestClass === null ? '' : `${requestClass} `}requests for a curve`;
}

/** Colour of the model and shape of the setting, of each of these cells. */
function looksOf({ scenario, summary }: ChartInput, cells: readonly Setting[]) {
  const colourOf = modelColours(summary);
  const { shapeOf, notes } = settingShapes(cells, scenario);
  const lookOf = (cell: Setting): Pick<CurveLine, 'colour' | 'shape'> => ({
    colour: colourOf(cell.model),
    shape: shapeOf(cell),
  });
  return { lookOf, notes };
}

/** null where there are too few points for a line. */
function pointsOf({ curves }: Traces, id: string, requestClass: string | null): Curve['points'] | null {
  const curve = curves.find((one) => one.cell === id && one.requestClass === requestClass);
  // All requests together have no place on an axis of nines.
  const points = curve?.points.filter(({ share }) => share < 1) ?? [];
  return points.length < 2 ? null : points;
}
