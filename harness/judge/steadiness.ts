/** How steady the machine was while a run measured: by the yardstick, whose work is the same in every round. */
import { FEWEST_TRIALS } from '../stats/estimate.ts';
import { mean, standardDeviation } from '../stats/spread.ts';
import { studentQuantile } from '../stats/student.ts';
import type { Run } from '../store/schema.ts';
import { validOf } from './cell/summary.ts';
import type { Summary } from './schema/summary.ts';

/** Of a trend that is told. */
const LEVEL = 0.95;

/** Undefined without enough valid trials of the yardstick. */
export function steadinessOf({ yardstick = [] }: Pick<Run, 'yardstick'>, margin: number): Summary['steadiness'] {
  const logs = validOf(yardstick)
    .toSorted((a, b) => a.round - b.round)
    .map(({ measurement }) => Math.log(measurement.server.cpuMsPerRequest))
    .filter(Number.isFinite);
  if (logs.length < FEWEST_TRIALS) return undefined;
  const { perRound, standardError } = lineThrough(logs);
  const t = studentQuantile((1 + LEVEL) / 2, logs.length - 2);
  const trend = perRound * (logs.length - 1);
  return {
    rounds: logs.length,
    cpuMsPerRequest: Math.exp(mean(logs)),
    spread: Math.expm1(standardDeviation(logs)),
    trend: Math.expm1(trend),
    drifted: Math.abs(trend) > Math.log(1 + margin) && Math.abs(perRound) > t * standardError,
  };
}

/** The slope of the least squares, and its standard error. Of three values or more. */
function lineThrough(values: readonly number[]): { readonly perRound: number; readonly standardError: number } {
  const [middle, level] = [(values.length - 1) / 2, mean(values)];
  const across = values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  const perRound = values.reduce((sum, value, i) => sum + (i - middle) * (value - level), 0) / across;
  const squares = values.reduce((sum, value, i) => sum + (value - level - perRound * (i - middle)) ** 2, 0);
  return { perRound, standardError: Math.sqrt(squares / (values.length - 2) / across) };
}
