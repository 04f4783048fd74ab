/** One cell with all its trials, valid and failed. */
import { givenUp } from '../../plan/schedule/remaining.ts';
import type { Cell, Manifest, Measurement, Run, ScenarioPlan, Trial } from '../../store/schema.ts';
import { circumstancesOf } from '../bottleneck/causes.ts';
import type { CellSummary } from '../schema/summary.ts';
import { resultOf, type Valid } from './capacity.ts';

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
  plan: Pick<ScenarioPlan, 'limit' | 'requestClasses'>,
  manifest: Pick<Manifest, 'environment' | 'retries' | 'ab'>,
): CellSummary {
  const valid = validOf(trials);
  const lost = cell.unable ?? givenUp(cell.id, trials, manifest.retries);
  const circumstances = circumstancesOf(cell, plan, manifest);
  return {
    id: cell.id,
    model: cell.model,
    style: cell.style,
    workers: cell.workers,
    connections: cell.connections,
    connectionMode: cell.connectionMode,
    placement: cell.placement,
    ...countsOf(trials),
    givenUp: lost,
    unable: cell.unable !== null,
    mix: mixOf(
      valid.map(({ measurement }) => measurement),
      plan,
    ),
    result: lost === null ? resultOf(valid, circumstances) : null,
  };
}

/** Trials by what became of them. One that others disturbed says nothing against the server. */
export function countsOf(trials: readonly Trial[]): Pick<CellSummary, 'trialsOk' | 'trialsFailed' | 'trialsDisturbed'> {
  const reasons = trials.flatMap(({ outcome }) => (outcome.status === 'failed' ? [outcome.reason.kind] : []));
  const trialsDisturbed = reasons.filter((kind) => kind === 'disturbed').length;
  return {
    trialsOk: trials.length - reasons.length,
    trialsFailed: reasons.length - trialsDisturbed,
    trialsDisturbed,
  };
}

function mixOf(
  measurements: readonly Measurement[],
  { requestClasses }: Pick<ScenarioPlan, 'requestClasses'>,
): CellSummary['mix'] {
  const weights = requestClasses.reduce((sum, { weight }) => sum + weight, 0);
  const served = requestClasses.map(({ name }) =>
    measurements.reduce((sum, { mix }) => sum + (mix.find((one) => one.name === name)?.requests ?? 0), 0),
  );
  const requests = served.reduce((sum, count) => sum + count, 0);
  if (requestClasses.length < 2 || requests === 0) return [];
  return requestClasses.map(({ name, weight }, i) => ({
    name,
    share: (served[i] ?? 0) / requests,
    asked: weight / weights,
  }));
}

export function validOf(trials: readonly Trial[]): readonly Valid[] {
  return trials.flatMap(({ round, outcome }) =>
    outcome.status === 'ok' ? [{ round, measurement: outcome.measurement }] : [],
  );
}

export function trialsOf(trials: readonly Trial[], cell: string): readonly Trial[] {
  return trials.filter((trial) => trial.cell === cell);
}
