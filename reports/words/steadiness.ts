/** How steady the machine was, in a line. */
import type { Summary } from '../../harness/judge/schema/summary.ts';
import { counted, percent } from './figures.ts';

/** `the same CPU work in each of 5 rounds varied by 1.2% (standard deviation)`; null where that was not measured. */
export function steadyText({ steadiness }: Summary): string | null {
  if (steadiness === undefined) return null;
  const { rounds, spread, trend, drifted } = steadiness;
  const work = `the same CPU work in each of ${counted(rounds, 'round')} varied by ${percent(spread)}% (standard deviation)`;
  if (!drifted) return work;
  return `${work}: the machine became ${percent(Math.abs(trend))}% ${trend > 0 ? 'slower' : 'faster'} during the run`;
}

/** The same where it stands by itself. */
export function steadyLine(summary: Summary): string | null {
  const text = steadyText(summary);
  return text === null ? null : `Yardstick: ${text}`;
}

/** The same for where there is little space: null as well where the machine did not drift by more than the margin. */
export function unsteadyLine(summary: Summary): string | null {
  return summary.steadiness?.drifted === true ? steadyLine(summary) : null;
}
