/** What faults cost, in words that every report shares. */
import type { Fault, FaultKind } from '../../store/fault-schema.ts';
import type { FaultedModel } from '../schema/faults.ts';

/** A request of its own that does the harm, and is none of those that are counted. */
const POISONS: readonly FaultKind[] = ['crash', 'block', 'loop', 'oom', 'leak'];

export function isPoison({ kind }: Pick<Fault, 'kind'>): boolean {
  return POISONS.includes(kind);
}

/** A mean of counts: `0.7`, `4`, `1,203`. */
export function countText(count: number): string {
  return count < 9.95 ? String(Number(count.toFixed(1))) : Math.round(count).toLocaleString('en-US');
}

/** `480 ms`, `1.2 s`: no more digits than bins of a trace can tell. */
export function timeText(ms: number): string {
  return ms < 995 ? `${Number(ms.toPrecision(2))} ms` : `${Number((ms / 1000).toPrecision(2))} s`;
}

/** Whether it answered no more at the end of most trials: nobody starts it again. */
export function isGone({ figures, trials }: FaultedModel): boolean {
  return figures !== null && 2 * figures.down > trials;
}

/** Whether more than half of its faults were not over when the next came or the trial ended. */
export function isOpen({ figures }: FaultedModel): boolean {
  return figures !== null && figures.recoveryMs === null;
}
