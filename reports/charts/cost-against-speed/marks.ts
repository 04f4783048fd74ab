/** Where models stand between cost and speed: what the marks are, before anything is placed. */
import type { Percentile } from '../../../harness/judge/schema/capacity.ts';
import type { CommonRate } from '../../../harness/judge/schema/rate.ts';
import type { Estimate } from '../../../harness/judge/schema/summary.ts';
import type { ChartInput } from '../../drawing/input.ts';
import { classesOf, drawnRate, partOf } from '../../drawing/rate-rows.ts';
import { rowLabels } from '../../drawing/rows.ts';
import { modelColours, type Shape, settingShapes } from '../../drawing/theme.ts';
import { drawnInterval } from '../../drawing/whiskers.ts';
import { cellNames, notRanked, type Setting } from '../../words/cells.ts';
import { WIDEST } from '../../words/figures.ts';
import { cellsAt, rateMark, rateName } from '../../words/rates.ts';

/** A figure with its interval; null where there is none that says anything. */
export interface Known {
  readonly at: number;
  readonly interval: { readonly low: number; readonly high: number } | null;
}

export interface CostMark {
  readonly label: string;
  readonly colour: string;
  readonly shape: Shape;
  /** What must be said beside the name, in two words; null for an ordinary mark. */
  readonly note: string | null;
  /** Requests per CPU-second. */
  readonly efficiency: Known;
  /** Milliseconds. */
  readonly p99: Known & { readonly percentile: Percentile };
}

export interface CostPlan {
  readonly marks: readonly CostMark[];
  /** Labels of those that have no mark, because there is no p99 of them. */
  readonly absent: readonly string[];
  /** At which rate; null at full load. */
  readonly common: CommonRate | null;
  /** Whose latency it is where there are several classes of requests: the one that the scenario names first. */
  readonly requestClass: string | null;
  /** What the shapes mean. */
  readonly shapes: readonly string[];
}

/** What a mark is made of. */
interface Source {
  readonly cell: Setting;
  readonly name: string;
  readonly note: string | null;
  readonly cpuMs: Estimate | null;
  readonly p99: Percentile | null;
}

/** At a common rate where there is one; at full load otherwise. */
export function costPlan(input: ChartInput): CostPlan {
  const { scenario } = input;
  const { latency } = scenario;
  const common = latency === null ? null : drawnRate(latency);
  if (latency === null || common === null) {
    const names = cellNames(scenario);
    const sources = scenario.cells.map(
      (cell): Source => ({
        ...{ cell, name: names.get(cell.id) ?? cell.model },
        note: notRanked(cell) === null ? null : 'not ranked',
        cpuMs: cell.result?.cpuMsPerRequest ?? null,
        p99: cell.result?.latencyMs.p99 ?? null,
      }),
    );
    return { ...planOf(input, sources), common: null, requestClass: null };
  }
  const cells = cellsAt(common, latency);
  const [requestClass = null] = classesOf(cells.map(({ result }) => result));
  const sources = cells.map(
    (cell): Source => ({
      ...{ cell, name: rateName(cell, scenario) },
      note: cell.result === null ? null : rateMark(cell.result),
      cpuMs: cell.result?.cpuMsPerRequest ?? null,
      p99: cell.result === null ? null : (partOf(cell.result, requestClass)?.latency.p99 ?? null),
    }),
  );
  return { ...planOf(input, sources), common, requestClass };
}

function planOf({ scenario, summary }: ChartInput, sources: readonly Source[]) {
  const colourOf = modelColours(summary);
  const cells = sources.map(({ cell }) => cell);
  const { shapeOf, notes } = settingShapes(cells, scenario);
  const labels = rowLabels(sources.map(({ name }) => name));
  const all = sources.map(({ cell, note, cpuMs, p99 }, i) => {
    const label = labels[i] ?? '';
    // Zero has no place among ratios: it is below what a clock can tell.
    if (cpuMs === null || p99 === null || cpuMs.point <= 0 || p99.ms <= 0) return { label, mark: null };
    const mark: CostMark = {
      ...{ label, note, colour: colourOf(cell.model), shape: shapeOf(cell) },
      efficiency: efficiencyOf(cpuMs),
      p99: { at: p99.ms, interval: drawnInterval(p99), percentile: p99 },
    };
    return { label, mark };
  });
  return {
    marks: all.flatMap(({ mark }) => mark ?? []),
    absent: all.flatMap(({ label, mark }) => (mark === null ? [label] : [])),
    shapes: notes,
  };
}

const MS_PER_SEC = 1000;

function efficiencyOf({ point, low, high }: Estimate): Known {
  const isTold = low !== null && high !== null && low > 0 && high <= WIDEST * low;
  return {
    at: MS_PER_SEC / point,
    interval: isTold ? { low: MS_PER_SEC / high, high: MS_PER_SEC / low } : null,
  };
}
