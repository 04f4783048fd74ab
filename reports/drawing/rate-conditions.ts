import type { RateCell } from '../../harness/judge/rate-schema.ts';
import { modeText, trialsText, workersText } from '../cells.ts';
import type { ChartInput } from '../charts/chart.ts';
import { arrivalsText } from '../rates.ts';

/** The conditions of an open loop, for the foot of an image: of these cells. */
export function rateConditions({ scenario: { latency } }: ChartInput, cells: readonly RateCell[]): string[] {
  if (latency === null || cells.length === 0) return [];
  return [workersText(cells), arrivalsText(latency), ...modeText(cells), `${trialsText(cells)} per model and rate`];
}
