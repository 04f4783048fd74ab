/** One cell with all its trials, valid and failed. */
import { givenUp } from '../plan/remaining.ts';
import type { Cell, Manifest, Measurement, Run, ScenarioPlan, Trial } from '../store/schema.ts';
import { resultOf, type Valid } from './cell-result.ts';
import type { CellSummary } from './summary-schema.ts';

/** The measurements of the valid trials. A failed trial has none, and so can never be averaged in. */
export function measurementsOf(trials: readonly Trial[]): readonly Measurement[] {
  return validOf(trials).map(({ measurement }) => measurement);
}

/** The capacity cells of a scenario. */
export function summariseCells(
  { manifest, trials }: Pick<Run, 'manifest' | 'trials'>,
  plan: ScenarioPlan,
): readonly CellSummary[] {
  const own = manifest.cells.filter(({ scenario }) => scenario === plan.id);
  return own.map((cell) => summariseCell(cell, trialsOf(trials, cell.id), plan, manifest));
}

/** `trials` are those of this cell. A cell that was given up has no result, also when trials before that were valid. */
export function summariseCell(
  cell: Cell,
  trials: readonly Trial[],
  { limit }: Pick<ScenarioPlan, 'limit'>,
  { environment, placement, retries, ab }: Pick<Manifest, 'environment' | 'placement' | 'retries' | 'ab'>,
): CellSummary {
  const valid = validOf(trials);
  const lost = givenUp(cell.id, trials, retries);
  const circumstances = {
    limit,
    connections: cell.connections,
    available: environment.availableCpus,
    placement,
    isDuet: ab?.duet === true,
  };
  return {
    id: cell.id,
    model: cell.model,
    style: cell.style,
    workers: cell.workers,
    connections: cell.connections,
    connectionMode: cell.connectionMode,
    trialsOk: valid.length,
    trialsFailed: trials.length - valid.length,
    givenUp: lost,
    result: lost === null ? resultOf(valid, circumstances) : null,
  };
}

export function validOf(trials: readonly Trial[]): readonly Valid[] {
  return trials.flatMap(({ round, outcome }) =>
    outcome.status === 'ok' ? [{ round, measurement: outcome.measurement }] : [],
  );
}

export function trialsOf(trials: readonly Trial[], cell: string): readonly Trial[] {
  return trials.filter((trial) => trial.cell === cell);
}
