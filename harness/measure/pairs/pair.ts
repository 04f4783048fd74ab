/** Both sides of one cell in one round: one right after the other, or both at the same time. */
import { SIDES, type Side } from '../../plan/schedule/pairs.ts';
import type { DuePair } from '../../plan/schedule/pairs-due.ts';
import type { DueVisit } from '../../plan/schedule/remaining.ts';
import type { Cell, Trial } from '../../store/schema.ts';
import type { Measuring } from '../measuring.ts';
import { requestFor } from '../run.ts';
import { BUILT_IN, withNode } from '../server/launch.ts';
import { type Barrier, barrierFor, otherSideText } from '../trial/barrier.ts';
import type { TrialRequest } from '../trial/request.ts';
import type { PreparedAb, PreparedSide } from './prepare.ts';

/** Notified of the trials of both sides. */
export interface PairListener {
  begins(side: Side, cell: Cell, round: number): void;
  /** Called when both have ended, because only then it is known whether either counts. */
  ended(side: Side, trial: Trial): void;
}

interface SideTrial {
  readonly side: Side;
  readonly trial: Trial;
}

/**
 * Longest warm-up before a schedule. At a rate that leaves the CPU idle for half of the time, code that is not compiled yet costs both
 * sides little and alike, and a round takes half as long.
 */
const RATE_WARM_UP_MS = 1000;

/**
 * Measures both sides. When one of them fails the other does not count either: repeated alone, at a quieter moment than its
 * partner had, it would have an advantage. Throws on an abort and on a bug, when no trial is left running; an abort between
 * the two loses the first one, which would be half of a pair.
 */
export async function measurePair(
  measuring: Measuring,
  prepared: PreparedAb,
  due: DuePair,
  duet: boolean,
  listener: PairListener,
  signal: AbortSignal,
  repeated: TrialRequest['repeatedFor'],
): Promise<void> {
  const run = async (side: Side, barrier?: Barrier): Promise<SideTrial> => {
    const request = { ...sideRequest(due, prepared[side], repeated), ...(barrier && { barrier }) };
    listener.begins(side, due.cell, due.round);
    return { side, trial: await measuring.runTrial(request, signal) };
  };
  const trials = duet ? await together(due.order, run) : await inTurn(due.order, run, signal);
  const why = duet ? otherSideText : sameRoundText;
  for (const { side, trial } of bothOrNone(trials, why)) listener.ended(side, trial);
}

/** What is asked of a trial of one side. */
export function sideRequest(due: DueVisit, own: PreparedSide, repeatedFor: TrialRequest['repeatedFor']): TrialRequest {
  const asked = requestFor(due, own, repeatedFor);
  return {
    ...asked,
    launch: withNode(asked.launch ?? BUILT_IN, own.execPath),
    ...(due.cell.load.kind === 'rate' && { warmUpLimitMs: RATE_WARM_UP_MS }),
  };
}

async function inTurn(
  order: readonly Side[],
  run: (side: Side) => Promise<SideTrial>,
  signal: AbortSignal,
): Promise<readonly SideTrial[]> {
  const trials: SideTrial[] = [];
  for (const side of order) {
    signal.throwIfAborted();
    const own = await run(side);
    trials.push(own);
    // The other one would not count.
    if (own.trial.outcome.status === 'failed') break;
  }
  return trials;
}

/** The trials of base and head, in this order. */
async function together(
  [first, second]: readonly Side[],
  run: (side: Side, barrier: Barrier) => Promise<SideTrial>,
): Promise<readonly SideTrial[]> {
  if (first === undefined || second === undefined) throw new Error('a duet takes two sides');
  const [ofFirst, ofSecond] = barrierFor([first, second]);
  /** However a trial ends, the other does not wait for it afterwards. */
  const runWith = (side: Side, barrier: Barrier): Promise<SideTrial> =>
    run(side, barrier).finally(() => barrier.abandon('its trial has ended'));
  const [a, b] = await Promise.allSettled([runWith(first, ofFirst), runWith(second, ofSecond)]);
  if (a.status === 'rejected') throw a.reason;
  if (b.status === 'rejected') throw b.reason;
  return [a.value, b.value].toSorted((x, y) => SIDES.indexOf(x.side) - SIDES.indexOf(y.side));
}

/** A trial whose partner failed does not count either. */
function bothOrNone(trials: readonly SideTrial[], why: (name: Side, message: string) => string): readonly SideTrial[] {
  const failed = trials.flatMap(({ side, trial: { outcome } }) =>
    outcome.status === 'failed' ? [{ side, message: outcome.reason.message }] : [],
  );
  const [other] = failed;
  if (other === undefined) return trials;
  const reason = { kind: 'other-side', message: why(other.side, other.message) } as const;
  return trials.map(({ side, trial }) => ({
    side,
    trial: trial.outcome.status === 'failed' ? trial : { ...trial, outcome: { status: 'failed', reason } },
  }));
}

/** Why a trial in turn does not count although nothing is wrong with it. */
function sameRoundText(name: Side, why: string): string {
  return `${name} failed in the same round, so both sides are measured again: ${why}`;
}
