/** From a run file to everything derived from it. A pure function, so a run made elsewhere reads the same. */

import { median } from '../stats/spread.ts';
import { type Cell, type Placement, type Run, SCHEMA_VERSION, type Trial } from '../store/schema.ts';
import { answer } from './answer/capacity.ts';
import { hintFor } from './bottleneck/hint.ts';
import { measurementsOf, summariseCells } from './cell/summary.ts';
import { faultSummaries } from './faults/summary.ts';
import { latencySummary, toldLatency } from './latency.ts';
import { answersOf, isAnswered } from './models/answers.ts';
import { compareCells } from './models/comparison.ts';
import { judgingOf, rankOf } from './models/judging.ts';
import type { CellSummary, ScenarioSummary, Summary } from './schema/summary.ts';
import { seriesSummaries } from './series/series.ts';
import { steadinessOf } from './steadiness.ts';
import { warningsOf } from './warnings/warnings.ts';

export function summarise(run: Run): Summary {
  const { manifest, trials, end } = run;
  const { environment, placement } = manifest;
  const scenarios = manifest.scenarios.map((plan): ScenarioSummary => {
    const cells = summariseCells(run, plan);
    const hintOf = (cell: CellSummary): string | null => hintFor(cell, cells, environment.availableCpus);
    const latency = latencySummary(run, plan, cells);
    // Whoever stops a run may have seen what it had found by then.
    const isOver = end?.reason === 'complete' && !isAnswered({ cells, latency }, manifest.margin);
    const judging = judgingOf(manifest, isOver);
    const comparisons = [...compareCells(cells, hintOf, judging)];
    const faults = faultSummaries(run, plan);
    const decided = answersOf({ cells, latency }, judging, rankOf(manifest));
    const { id, name, inWords, parameters, limit } = plan;
    return {
      id,
      name,
      inWords,
      parameters,
      limit,
      pinned: isPinned(
        manifest.cells.filter(({ scenario }) => scenario === id),
        placement,
      ),
      sentence: answer({ cells, comparisons, latency, ...decided }, manifest),
      answers: [...decided.answers],
      decision: decided.decision,
      cells,
      comparisons,
      latency: latency === null ? null : toldLatency(latency, { cells, answers: decided.answers }),
      ...(faults.length === 0 ? {} : { faults: [...faults] }),
    };
  });
  return {
    tool: 'fourways',
    schema: SCHEMA_VERSION,
    version: manifest.version,
    startedAt: manifest.startedAt,
    preset: manifest.preset,
    seed: manifest.seed,
    rounds: manifest.rounds,
    budgetMs: manifest.budgetMs,
    margin: manifest.margin,
    complete: end?.reason === 'complete',
    environment,
    placement,
    steal: stealOf(trials),
    steadiness: steadinessOf(run, manifest.margin),
    scenarios,
    ...(manifest.series.length === 0
      ? {}
      : { series: seriesSummaries(manifest, scenarios, judgingOf(manifest, isSpent(run, scenarios))) }),
    warnings: warningsOf(run, scenarios),
    failures: [...trials, ...(run.faulted ?? [])].flatMap(({ cell, round, attempt, outcome }) =>
      outcome.status === 'failed' ? [{ cell, round, attempt, reason: outcome.reason }] : [],
    ),
  };
}

/** Whether the run has ended for another reason than that all is answered, so that its last look was the last. */
function isSpent({ end, manifest }: Run, scenarios: readonly ScenarioSummary[]): boolean {
  return end?.reason === 'complete' && !scenarios.every((one) => isAnswered(one, manifest.margin));
}

function isPinned(cells: readonly Pick<Cell, 'placement'>[], { kind }: Placement): boolean {
  return kind === 'shared' && cells.some(({ placement }) => placement.kind === 'isolated');
}

function stealOf(trials: readonly Trial[]): Summary['steal'] {
  const shares = measurementsOf(trials).flatMap(({ machine }) => (machine === null ? [] : [machine.steal]));
  return shares.length === 0 ? null : { median: median(shares), max: Math.max(...shares) };
}
