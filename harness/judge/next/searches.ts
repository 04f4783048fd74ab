/** The searches for the highest rate within an SLO, one for each capacity cell: what each has found so far. */

import { mostAsked } from '../../plan/schedule/rates.ts';
import { givenUp } from '../../plan/schedule/remaining.ts';
import type { Cell, Run, ScenarioPlan, Slo, Trial } from '../../store/schema.ts';
import { circumstancesOf } from '../bottleneck/causes.ts';
import { isRankable, rateLimitedBy } from '../bottleneck/limited-by.ts';
import { measurementsOf, summariseCells, trialsOf } from '../cell/summary.ts';
import type { CellSummary } from '../schema/summary.ts';
import type { Probe } from '../slo/levels.ts';
import { sloVerdict } from '../slo/verdict.ts';

export interface Search {
  /** Of capacity. */
  readonly cell: Cell;
  /** Throughput in a closed loop; null when that has no result, and then there is no search. */
  readonly capacityPerSec: number | null;
  /** Whether the server was the limit there. */
  readonly isServerLimited: boolean;
  /** What the generators can offer. */
  readonly mostPerSec: number;
  /** In the order in which they were measured. */
  readonly probes: readonly Probe[];
}

/** `capacity` are the capacity cells of the scenario, where those have been summarised. */
export function searchesOf(
  run: Omit<Run, 'end'>,
  plan: ScenarioPlan,
  capacity?: readonly CellSummary[],
): readonly Search[] {
  const { manifest, additions, trials } = run;
  const { slo } = manifest.latency;
  if (slo === null) return [];
  const summarised = new Map((capacity ?? summariseCells(run, plan)).map((cell) => [cell.id, cell]));
  const tried = additions.filter(({ scenario, why }) => scenario === plan.id && why.kind === 'slo');
  return manifest.cells
    .filter(({ scenario }) => scenario === plan.id)
    .map((cell) => {
      const result = summarised.get(cell.id)?.result ?? null;
      const probed = new Map(tried.flatMap(({ cells }) => cells.map((one) => [one.id, one] as const)));
      const own = [...probed.values()].filter(
        (one) => one.model === cell.model && one.connectionMode === cell.connectionMode,
      );
      return {
        cell,
        capacityPerSec: result?.requestsPerSec.point ?? null,
        isServerLimited: result !== null && isRankable(result.limitedBy),
        mostPerSec: mostAsked(cell.placement.generators, [cell.connectionMode]),
        probes: own.flatMap((one) => probesOf(one, trialsOf(trials, one.id), slo, plan, run)),
      };
    });
}

/** A cell that kept failing gives no verdict, however often it is tried. */
function probesOf(
  cell: Cell,
  trials: readonly Trial[],
  slo: Slo,
  plan: ScenarioPlan,
  { manifest }: Omit<Run, 'end'>,
): Probe[] {
  if (cell.load.kind !== 'rate') return [];
  const { requestsPerSec } = cell.load;
  const lost = givenUp(cell.id, trials, manifest.retries);
  if (lost !== null) {
    const verdict = { kind: 'untold', why: `its trials kept failing: ${lost.message}` } as const;
    return [
      { requestsPerSec, verdict },
      { requestsPerSec, verdict },
    ];
  }
  const circumstances = circumstancesOf(cell, plan, manifest);
  return measurementsOf(trials).map((measurement) => ({
    requestsPerSec,
    verdict: sloVerdict(measurement, requestsPerSec, slo, rateLimitedBy(measurement, circumstances)),
  }));
}
