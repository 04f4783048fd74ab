/** What is left to measure, as a function of what was recorded: the same when a run goes on and when it is resumed. */
import type { Failure, FaultTrial, Trial } from '../../store/schema.ts';
import type { Visit } from './visits.ts';

/** Of whatever cell. */
export type AnyTrial = Trial | FaultTrial;

/** A visit that is due, and how many trials of it have failed. */
export interface DueVisit extends Visit {
  readonly attempt: number;
}

/**
 * The visits that are due, in order. A visit whose trial failed comes again after the others of its round, up to
 * `retries` times: what was wrong may have passed by then. One that others disturbed, or whose limit had to be found again,
 * comes again at once: nothing is wrong with its cell, and its place is in its round. Of a cell that has been given up
 * nothing more is due.
 */
export function remaining(visits: readonly Visit[], trials: readonly AnyTrial[], retries: number): readonly DueVisit[] {
  const done = new Map<string, { ok: boolean; failed: number; atOnce: boolean }>();
  for (const trial of trials) {
    const key = visitKey(trial.cell, trial.round);
    const seen = done.get(key) ?? { ok: false, failed: 0, atOnce: false };
    const { outcome } = trial;
    const ok = outcome.status === 'ok';
    const atOnce = !ok && AT_ONCE.includes(outcome.reason.kind);
    done.set(key, { ok: seen.ok || ok, failed: seen.failed + (ok ? 0 : 1), atOnce });
  }
  const cells = new Set(visits.map(({ cell }) => cell.id));
  const lost = new Set([...cells].filter((id) => givenUp(id, trials, retries) !== null));
  return visits
    .filter(({ cell, round }) => !lost.has(cell.id) && done.get(visitKey(cell.id, round))?.ok !== true)
    .map((visit) => ({ visit, seen: done.get(visitKey(visit.cell.id, visit.round)) }))
    .map(({ visit, seen }) => ({
      due: { ...visit, attempt: seen?.failed ?? 0 },
      turn: seen?.atOnce ? 0 : (seen?.failed ?? 0),
    }))
    .toSorted((a, b) => batchOf(a.due) - batchOf(b.due) || roundOf(a.due) - roundOf(b.due) || a.turn - b.turn)
    .map(({ due }) => due);
}

/** Failures that say nothing against the cell. */
const AT_ONCE: readonly Failure['kind'][] = ['disturbed', 'strangers', 'calibration'];

function batchOf({ batch }: Visit): number {
  return batch ?? -1;
}

function roundOf({ round, besideRound }: Visit): number {
  return besideRound ?? round;
}

/** Why a cell was given up: the last failure of a visit that failed as often as it may. null when it was not. */
export function givenUp(cell: string, trials: readonly AnyTrial[], retries: number): Failure | null {
  const failures = new Map<number, Failure[]>();
  const settled = new Set<number>();
  for (const trial of trials) {
    if (trial.cell !== cell) continue;
    if (trial.outcome.status === 'ok') settled.add(trial.round);
    else failures.set(trial.round, [...(failures.get(trial.round) ?? []), trial.outcome.reason]);
  }
  for (const [round, reasons] of failures) {
    if (!settled.has(round) && reasons.length > retries) return reasons.at(-1) ?? null;
  }
  return null;
}

function visitKey(cell: string, round: number): string {
  return `${round} ${cell}`;
}
