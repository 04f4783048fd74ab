import type { RateCell } from '../../harness/judge/schema/rate.ts';
import { modeText, trialsText, workersText } from '../words/cells.ts';
import { arrivalsText } from '../words/rates.ts';
import { runsOf } from '../words/runs.ts';
import type { ChartInput } from './input.ts';

/** The conditions of an open loop, for the foot of an image: of these cells. */
export function rateConditions({ scenario }: ChartInput, cells: readonly RateCell[]): string[] {
  const { latency } = scenario;
  if (latency === null || cells.length === 0) return [];
  const runs = runsOf(scenario);
  const only = runs.length === 1 ? runs.map(({ label }) => `${label} only`) : [];
  return [
    workersText(cells),
    arrivalsText(latency),
    ...modeText(cells),
    `${trialsText(cells)} per model and rate`,
    ...only,
  ];
}
