/** Latency over time: what each panel of a heat map shows, before anything is placed. */
import type { CommonRate } from '../../../harness/judge/schema/rate.ts';
import { latencyAt, mergedBands, unpackedBands } from '../../../harness/judge/traces/latency-bands.ts';
import type { LatencyOverTime, Traces } from '../../../harness/judge/traces/traces.ts';
import type { ChartInput } from '../../drawing/input.ts';
import { drawnRate } from '../../drawing/rate-rows.ts';
import { rowLabels } from '../../drawing/rows.ts';
import { modelColours } from '../../drawing/theme.ts';
import { cellNames, failedText, notRanked } from '../../words/cells.ts';
import { cellsAt, rateMark, rateName } from '../../words/rates.ts';

/** A moment of a trial. */
export interface Slice {
  /** Parts of all requests of the slice, 0 to 1, by band of latency. */
  readonly shares: ReadonlyMap<number, number>;
  /** Within which half of its requests were answered. */
  readonly medianMs: number;
}

export interface HeatTrial {
  /** As reports count rounds: from 1. */
  readonly round: number;
  /** What it is called where it is described: `round 3`. */
  readonly told: string;
  readonly windowMs: number;
  /** null for one without requests. */
  readonly slices: readonly (Slice | null)[];
}

export interface HeatPanel {
  readonly label: string;
  readonly colour: string;
  /** What must be said beside the name, in two words; null for an ordinary panel. */
  readonly mark: string | null;
  /** Why there is nothing to draw; null where there is. */
  readonly reason: string | null;
  readonly trials: readonly HeatTrial[];
}

export interface HeatPlan {
  readonly panels: readonly HeatPanel[];
  /** At which rate; null at full load. */
  readonly common: CommonRate | null;
  /** Whether trials are divided into slices; otherwise each is one, because no more was recorded. */
  readonly isDivided: boolean;
  /** Trials of the model that has the most, all of which are not drawn when they are too many. */
  readonly mostTrials: number;
}

/** Of one panel: more columns are too narrow to be seen, and make the image too large. */
const MOST_COLUMNS = 96;
/** A moment with fewer requests, in the mean of a trial, tells chance and not latency. */
const FEWEST_REQUESTS = 20;
export const MOST_TRIALS = 24;

/** At the highest common rate that all kept up with where there is one; at full load otherwise. */
export function heatPlan(input: ChartInput, { latencies }: Traces): HeatPlan {
  const { scenario, summary } = input;
  const { latency } = scenario;
  const common = latency === null ? null : drawnRate(latency);
  const colourOf = modelColours(summary);
  const names = cellNames(scenario);
  const cells =
    latency === null || common === null
      ? scenario.cells.map((cell) => ({
          ...{ cell, name: names.get(cell.id) ?? cell.model },
          mark: notRanked(cell) === null ? null : 'not ranked',
        }))
      : cellsAt(common, latency).map((cell) => ({
          ...{ cell, name: rateName(cell, scenario) },
          mark: cell.result === null ? null : rateMark(cell.result),
        }));
  const labels = rowLabels(cells.map(({ name }) => name));
  const own = cells.map(({ cell }) => latencies.filter((one) => one.cell === cell.id));
  const isDivided = own.flat().every((one) => one.isDivided);
  const mostTrials = Math.max(0, ...own.map(({ length }) => length));
  const columns = Math.max(1, Math.floor(MOST_COLUMNS / Math.min(MOST_TRIALS, Math.max(1, mostTrials))));
  const panels = cells.map(({ cell, mark }, i) => ({
    ...{ label: labels[i] ?? '', colour: colourOf(cell.model), mark },
    reason: cell.result === null ? failedText(cell) : null,
    trials: (own[i] ?? []).slice(0, MOST_TRIALS).map((trial) => trialOf(trial, isDivided ? columns : 1)),
  }));
  return { panels, common, isDivided, mostTrials };
}

/** With so many slices at most: neighbours are put together, what is left over into the last. */
function trialOf({ round, windowMs, slices }: LatencyOverTime, most: number): HeatTrial {
  const requests = slices.flatMap(unpackedBands).reduce((sum, { count }) => sum + count, 0);
  const told = Math.max(1, Math.floor(requests / FEWEST_REQUESTS));
  const together = Math.ceil(slices.length / Math.min(most, told));
  const count = Math.max(1, Math.floor(slices.length / together));
  const groups = Array.from({ length: count }, (_, i) =>
    slices.slice(i * together, i === count - 1 ? undefined : (i + 1) * together),
  );
  return { round: round + 1, told: `round ${round + 1}`, windowMs, slices: groups.map(sliceOf) };
}

/** Requests of several slices as one; null without any. */
export function sliceOf(parts: readonly (readonly number[])[]): Slice | null {
  const bands = mergedBands(parts);
  const total = bands.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return null;
  return { shares: new Map(bands.map(({ band, count }) => [band, count / total])), medianMs: latencyAt(bands, 0.5) };
}
