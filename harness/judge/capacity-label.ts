/** What limited a cell of capacity, from what limited its trials, and which of them tell what the server can do. */
import type { Measurement } from '../store/schema.ts';
import type { Circumstances } from './causes.ts';
import { cellLabel } from './cell-figures.ts';
import { DISTURBED, takenByOthers } from './disturbance.ts';
import { isRankable, limitedBy } from './limited-by.ts';
import type { LimitedBy } from './result-schema.ts';

/** By trial, in the order of the measurements. */
export interface Labelled {
  readonly label: LimitedBy;
  readonly labels: readonly LimitedBy[];
  /** Whether others took CPUs from it, and that may be why it cannot be ranked. */
  readonly disturbed: readonly boolean[];
  /** Whether it is in the throughput of the cell. */
  readonly counted: readonly boolean[];
}

/** So many undisturbed trials, and half of all, say what limits a cell; with fewer, all trials do. */
const FEWEST_UNDISTURBED = 3;

/**
 * Trials that others disturbed say nothing of what limits the cell, where there are enough that nobody did. In a cell that
 * is ranked, throughput is that of the trials in which the server was the limit. Throws on nothing.
 */
export function labelled(measurements: readonly Measurement[], circumstances: Circumstances): Labelled {
  const labels = measurements.map((one) => limitedBy(one, circumstances));
  const disturbed = measurements.map(
    (one, i) =>
      labels.slice(i, i + 1).every((label) => !isRankable(label)) &&
      (takenByOthers(one, circumstances) ?? one.machine?.steal ?? 0) > DISTURBED,
  );
  const undisturbed = labels.filter((_, i) => disturbed[i] !== true);
  const isEnough = undisturbed.length >= FEWEST_UNDISTURBED && undisturbed.length * 2 >= labels.length;
  const label = cellLabel(isEnough ? undisturbed : labels, isRankable);
  return { label, labels, disturbed, counted: labels.map((one) => !isRankable(label) || isRankable(one)) };
}
