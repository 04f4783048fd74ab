/** Lines of p99 against the offered rate: what the points are, before anything is drawn. */
import { isRankable } from '../../../harness/judge/bottleneck/limited-by.ts';
import type { Percentile } from '../../../harness/judge/schema/capacity.ts';
import type { RateCell } from '../../../harness/judge/schema/rate.ts';
import type { ScenarioSummary } from '../../../harness/judge/schema/summary.ts';
import type { ChartInput } from '../../drawing/input.ts';
import { rowLabels } from '../../drawing/rows.ts';
import { modelColours, type Shape, settingShapes } from '../../drawing/theme.ts';
import { cellName } from '../../words/cells.ts';
import { given } from '../../words/figures.ts';
import { isComparable, rateFigure, rateName } from '../../words/rates.ts';

export interface LoadPoint {
  readonly rate: number;
  readonly p99: Percentile;
  readonly keptUp: boolean;
  readonly isComparable: boolean;
}

export interface LoadLine {
  readonly label: string;
  readonly colour: string;
  /** Tells settings of one model apart, which share its colour. */
  readonly shape: Shape;
  /** By rate. */
  readonly points: readonly LoadPoint[];
  /** What it serves at full load; null where that is not known. */
  readonly capacity: { readonly requestsPerSec: number; readonly isRanked: boolean } | null;
}

/** The class whose p99 is drawn: the first where there are several; null for all requests. */
export function drawnClass(cells: readonly RateCell[]): string | null {
  return cells.flatMap(({ result }) => result?.classes ?? [])[0]?.name ?? null;
}

/** A line per model and setting, in the order of the summary. */
export function loadLines({ scenario, summary }: ChartInput): LoadLine[] {
  const cells = scenario.latency?.cells ?? [];
  const requestClass = drawnClass(cells);
  const colourOf = modelColours(summary);
  const names = [...new Set(cells.map((cell) => rateName(cell, scenario)))];
  const labels = rowLabels(names);
  const { shapeOf } = settingShapes(cells, scenario);
  return names.map((name, i) => {
    const ofModel = cells.filter((cell) => rateName(cell, scenario) === name);
    const [first] = ofModel;
    return {
      label: labels[i] ?? '',
      colour: colourOf(first?.model ?? name),
      shape: first === undefined ? 'circle' : shapeOf(first),
      points: ofModel.flatMap((cell) => pointOf(cell, requestClass)).toSorted((a, b) => a.rate - b.rate),
      capacity: capacityOf(name, scenario),
    };
  });
}

function pointOf({ offeredPerSec, result }: RateCell, requestClass: string | null): LoadPoint[] {
  if (result === null) return [];
  const { latency } = result.classes.find(({ name }) => name === requestClass) ?? result;
  // Zero has no place on a logarithmic axis, and is below what a clock can tell.
  if (latency.p99 === null || latency.p99.ms <= 0) return [];
  return [{ rate: offeredPerSec, p99: latency.p99, keptUp: result.keptUp, isComparable: isComparable(result) }];
}

function capacityOf(name: string, { cells }: ScenarioSummary): LoadLine['capacity'] {
  const result = cells.find((cell) => cellName(cell, cells) === name)?.result ?? null;
  if (result === null) return null;
  return { requestsPerSec: result.requestsPerSec.point, isRanked: isRankable(result.limitedBy) };
}

/** How far each stays within the limit of the SLO, or keeps up; what is drawn where neither tells them apart. */
export function titleOf(lines: readonly LoadLine[], what: string, limitMs: number | null): string {
  const isWithin = ({ p99, keptUp }: LoadPoint): boolean =>
    limitMs === null ? keptUp : !p99.atLeast && (p99.high ?? p99.ms) <= limitMs;
  const reaches = lines
    .map(({ label, points }) => {
      const broken = points.findIndex((point) => !isWithin(point));
      return { label, rate: points[(broken === -1 ? points.length : broken) - 1]?.rate ?? 0 };
    })
    .toSorted((a, b) => b.rate - a.rate);
  const [most, least] = [reaches[0], reaches.at(-1)];
  if (most === undefined || least === undefined || most.rate === least.rate) return `${what} against load`;
  const rest = `${least.rate === 0 ? 'at none of the rates' : `up to ${rateFigure(least.rate)}/s`} with ${least.label}`;
  return limitMs === null
    ? `${most.label} keeps up with ${rateFigure(most.rate)}/s, ${least.label} ${least.rate === 0 ? 'with none of the rates' : `with ${rateFigure(least.rate)}/s`}`
    : `${what} is within ${given(limitMs)} ms up to ${rateFigure(most.rate)}/s with ${most.label}, ${rest}`;
}
