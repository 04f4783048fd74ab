/** What charts and tables show of single trials and of whole distributions: derived from a run, and too much for a summary. */

import { givenUp } from '../../plan/schedule/remaining.ts';
import type { Measurement, Run, Trial } from '../../store/schema.ts';
import { measurementsOf } from '../cell/summary.ts';
import { type Curve, curvesOf } from './curves.ts';
import { type Effort, effortsOf } from './efforts.ts';
import { type FaultTrace, faultTraceOf } from './fault-traces.ts';
import { type LatencyOverTime, latencyOverTime } from './latency-over-time.ts';
import { type Times, timesOf } from './times.ts';

export type { Effort } from './efforts.ts';
export type { FaultTrace } from './fault-traces.ts';
export type { LatencyOverTime } from './latency-over-time.ts';
export type { Phase, Times, TrialTimes } from './times.ts';

/** How many requests were completed at which moment of one trial, warm-up included. */
export interface Timeline {
  /** Id of the cell. */
  readonly cell: string;
  readonly round: number;
  readonly attempt: number;
  readonly binMs: number;
  /** Completions per second in each bin since the load began, up to the last whole one of the measured window. */
  readonly perSec: readonly number[];
  /** Where the measured window begins and how long it is, on the same clock as the bins. */
  readonly windowStartMs: number;
  readonly windowMs: number;
}

/** What charts draw. */
export interface Traces {
  /** Of every valid trial of the cells that have a result, in the order in which they were measured. */
  readonly timelines: readonly Timeline[];
  /** By cell, and within it all requests first and then each class. */
  readonly curves: readonly Curve[];
  /** Of every valid trial, as `timelines`. */
  readonly latencies: readonly LatencyOverTime[];
  /** Of every cell with faults that has a valid trial; absent where there are none. */
  readonly faults?: readonly FaultTrace[] | undefined;
}

/** With what only the tables of a page tell. */
export interface RunTraces extends Traces {
  /** By cell. */
  readonly efforts: readonly Effort[];
  /** Of the run, or of each of several: then with its label. */
  readonly times: readonly (Times & { readonly run?: string | undefined })[];
}

/** Everything that a report needs beside the summary of the same run. A cell that was given up has none of it either. */
export function tracesOf(run: Run): RunTraces {
  const { manifest, additions, trials } = run;
  const added = additions.filter(({ why }) => why.kind !== 'faults').flatMap((addition) => addition.cells);
  const cells = [...manifest.cells, ...added];
  // Cells that are measured again, in further rounds or by a search, are added again.
  const byCell = new Map(cells.map(({ id }): [string, Trial[]] => [id, []]));
  for (const trial of trials) byCell.get(trial.cell)?.push(trial);
  for (const [id, own] of byCell) if (givenUp(id, own, manifest.retries) !== null) byCell.delete(id);
  return {
    timelines: trials.flatMap((trial) =>
      trial.outcome.status === 'ok' && byCell.has(trial.cell) ? [timelineOf(trial, trial.outcome.measurement)] : [],
    ),
    latencies: trials.flatMap((trial) =>
      trial.outcome.status === 'ok' && byCell.has(trial.cell)
        ? [latencyOverTime(trial, trial.outcome.measurement)]
        : [],
    ),
    curves: [...byCell].flatMap(([id, own]) => curvesOf({ id }, measurementsOf(own))),
    efforts: [...byCell].flatMap(([id, own]) => effortsOf(id, measurementsOf(own))),
    times: [timesOf(run)],
    ...faultsOf(run),
  };
}

/** Of every cell with faults, which has trials of its own kind. */
function faultsOf({ additions, faulted = [] }: Run): Pick<Traces, 'faults'> {
  const cells = additions.filter(({ why }) => why.kind === 'faults').flatMap((addition) => addition.cells);
  const faults = [...new Map(cells.map((cell) => [cell.id, cell])).values()].flatMap(
    (cell) =>
      faultTraceOf(
        cell,
        faulted.filter((trial) => trial.cell === cell.id),
      ) ?? [],
  );
  return faults.length === 0 ? {} : { faults };
}

const MS_PER_SEC = 1000;

/**
 * Completions over time of one trial. Generators tell what they completed every `binMs` and go on until the harness has
 * read the server once more, which takes as long as a busy server lets it: when the load ended is not recorded. So the last
 * bin is the last that was over by the end of the window, up to which there was load for certain.
 */
export function timelineOf({ cell, round, attempt }: Trial, { timeline, windowMs }: Measurement): Timeline {
  const { binMs, completions, windowStartMs } = timeline;
  const whole = Math.floor((windowStartMs + windowMs) / binMs);
  return {
    ...{ cell, round, attempt, binMs, windowStartMs, windowMs },
    perSec: completions.slice(0, whole).map((count) => (count * MS_PER_SEC) / binMs),
  };
}
