/** Both sides of one cell in one round: one right after the other, or both at the same time. */
import type { DuePair } from '../plan/ab-due.ts';
import type { Side } from '../plan/ab-order.ts';
import type { Cell, Trial } from '../store/schema.ts';
import type { PreparedAb } from './ab-prepare.ts';
import type { BySide } from './ab-sides.ts';
import type { Measuring } from './measuring.ts';
import { type Attendance, meetingOf, otherSideText } from './meeting.ts';
import { requestFor } from './run.ts';

/** Told of the trials of both sides. */
export interface PairListener {
  begins(side: Side, cell: Cell, round: number): void;
  ended(side: Side, trial: Trial): void;
}

/** Measures the sides that are due. Throws on an abort and on a bug, when no trial is left running. */
export async function measurePair(
  measuring: Measuring,
  prepared: PreparedAb,
  due: DuePair,
  duet: boolean,
  listener: PairListener,
  signal: AbortSignal,
): Promise<void> {
  const trialOf = (side: Side, meeting?: Attendance): Promise<Trial> => {
    const own = prepared[side];
    const { execPath } = own;
    const request = { ...requestFor(due, own), ...(execPath && { execPath }), ...(meeting && { meeting }) };
    return measuring.runTrial(request, signal);
  };
  const [first, second] = due.order;
  if (!duet || first === undefined || second === undefined) {
    for (const side of due.order) {
      signal.throwIfAborted();
      listener.begins(side, due.cell, due.round);
      listener.ended(side, await trialOf(side));
    }
    return;
  }
  listener.begins('base', due.cell, due.round);
  const meeting = meetingOf([first, second]);
  const [a, b] = await Promise.allSettled([
    attended(meeting[0], () => trialOf(first, meeting[0])),
    attended(meeting[1], () => trialOf(second, meeting[1])),
  ]);
  if (a.status === 'rejected') throw a.reason;
  if (b.status === 'rejected') throw b.reason;
  const trials = bothOrNone(first === 'base' ? { base: a.value, head: b.value } : { base: b.value, head: a.value });
  listener.ended('base', trials.base);
  listener.begins('head', due.cell, due.round);
  listener.ended('head', trials.head);
}

/** However a trial ends, nobody waits for it afterwards. */
async function attended(attendance: Attendance, run: () => Promise<Trial>): Promise<Trial> {
  try {
    return await run();
  } finally {
    attendance.leave('it had ended already');
  }
}

/** A trial that was alone for some of its window, because the other failed, does not count either. */
function bothOrNone(trials: BySide<Trial>): BySide<Trial> {
  const { base, head } = trials;
  return { base: besides(base, head, 'head'), head: besides(head, base, 'base') };
}

function besides(own: Trial, other: Trial, name: Side): Trial {
  if (own.outcome.status === 'failed' || other.outcome.status === 'ok') return own;
  const reason = { kind: 'other-side', message: otherSideText(name, other.outcome.reason.message) } as const;
  return { ...own, outcome: { status: 'failed', reason } };
}
