/** From a run file to everything that is said about it. A pure function, so a run made elsewhere reads the same. */
import { type Manifest, type Run, SCHEMA_VERSION, type Trial } from '../store/schema.ts';
import { answer } from './answer.ts';
import { measurementsOf, summariseCell } from './cell-summary.ts';
import type { ScenarioSummary, Summary } from './summary-schema.ts';
import { warningsOf } from './warnings.ts';

export function summarise({ manifest, trials, end }: Run): Summary {
  const scenarios = manifest.scenarios.map((plan): ScenarioSummary => {
    const cells = manifest.cells
      .filter(({ scenario }) => scenario === plan.id)
      .map((cell) => summariseCell(cell, trialsOf(trials, cell.id), plan.limit, manifest.environment.availableCpus));
    const { id, name, question, parameters, limit } = plan;
    return { id, name, question, parameters, limit, sentence: answer(cells), cells };
  });
  return {
    tool: 'fourways',
    schema: SCHEMA_VERSION,
    version: manifest.version,
    startedAt: manifest.startedAt,
    preset: manifest.preset,
    seed: manifest.seed,
    rounds: manifest.rounds,
    complete: end?.reason === 'complete',
    environment: manifest.environment,
    scenarios,
    warnings: warningsOf(manifest, scenarios, measurementsByScenario(manifest, trials)),
    failures: trials.flatMap(({ cell, round, outcome }) =>
      outcome.status === 'failed' ? [{ cell, round, reason: outcome.reason }] : [],
    ),
  };
}

function trialsOf(trials: readonly Trial[], cell: string): readonly Trial[] {
  return trials.filter((trial) => trial.cell === cell);
}

function measurementsByScenario(manifest: Manifest, trials: readonly Trial[]) {
  return manifest.cells.map((cell) => ({ cell, measurements: measurementsOf(trialsOf(trials, cell.id)) }));
}
