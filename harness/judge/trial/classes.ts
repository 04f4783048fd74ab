/** What the classes of requests of a scenario say about its longest ones. */
import type { ScenarioPlan } from '../../store/schema.ts';

type Planned = Pick<ScenarioPlan, 'requestClasses' | 'calibration' | 'limit'>;

/** Share of the requests that the rarest class has, 0 to 1: with a single class all. */
export function rarestShare({ requestClasses }: Pick<ScenarioPlan, 'requestClasses'>): number {
  const weights = requestClasses.map(({ weight }) => weight);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.length === 0 ? 1 : Math.min(...weights) / total;
}

/**
 * How many times the mean the longest request takes, at most. Where work is sized, that of the class which has it ÷ the
 * mean; else a class of share s cannot take more than 1 ÷ s times the mean, or it alone would be above it.
 */
export function longestOf(plan: Planned): number {
  const most = 1 / rarestShare(plan);
  if (plan.calibration === null || plan.limit?.kind !== 'cpu') return most;
  return Math.max(1, Math.min(most, plan.calibration.kernelCpuMs / plan.limit.kernelCpuMs));
}
