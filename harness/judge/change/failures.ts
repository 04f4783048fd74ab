/** Trials that failed in two runs: whether head broke a cell, and whether what is left may be compared. */
import type { ChangeCell } from '../schema/change.ts';
import type { CellPair } from './cells.ts';

/**
 * Whether the cell works in base and not in head. In an `ab` neither side may have a valid trial then, so who is to blame is read
 * from the causes.
 */
export function isLostInHead({ base, head }: CellPair): boolean {
  if (head.valid.length > 0) return false;
  // Nothing but the other side stood in its way.
  if (head.own.failed === 0 && head.failed > 0) return false;
  return base.valid.length > 0 || (base.own.works && head.own.failed > base.own.failed);
}

export function lostReason({ head }: CellPair): string {
  const { failed, count } = head.own;
  if (head.cell.unable !== null)
    return `works in base and not in head, where it cannot run: ${head.cell.unable.message}`;
  return count === 0
    ? 'measured in base and not in head'
    : `works in base and not in head, where ${failed} of ${count} trials failed`;
}

/** Why the valid trials of a cell may flatter one side: it failed more often. Null when it did not. */
export function unevenFailures({
  trials: { base, head },
  lostInHead,
}: Pick<ChangeCell, 'trials' | 'lostInHead'>): string | null {
  if (lostInHead || base.failed === head.failed || base.failed * head.count === head.failed * base.count) return null;
  const isHead = head.failed * base.count > base.failed * head.count || base.count === 0;
  const [more, less] = isHead ? [head, base] : [base, head];
  const [name, other] = isHead ? ['head', 'base'] : ['base', 'head'];
  return `${more.failed} of ${more.count} trials failed in ${name}, ${less.failed} in ${other}; the others are not a fair sample`;
}
