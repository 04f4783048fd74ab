/** The machine changed while cells were measured that do not have all rounds in common. */
import { namesOf } from './model-names.ts';
import type { ScenarioSummary, Warning } from './summary-schema.ts';

/**
 * Cells whose verdicts are settled are not measured again, so the figures of two cells may be of different times, while
 * their ratio is of the rounds that both have. Where the two differ by more than the margin, the reader has to know.
 */
export function driftWarning({ id, cells, comparisons }: ScenarioSummary, margin: number): Warning[] {
  const nameOf = namesOf(cells);
  const byId = new Map(cells.map((cell) => [cell.id, cell]));
  const apart = comparisons.flatMap(({ metric, baseline, candidate, ratio }) => {
    const [a, b] = [byId.get(baseline), byId.get(candidate)];
    if (metric !== 'throughput' || ratio === null || !a?.result || !b?.result) return [];
    const ofFigures = b.result.requestsPerSec.point / a.result.requestsPerSec.point;
    const differs = Math.abs(Math.log(ofFigures / ratio.point)) > Math.log(1 + margin);
    return differs
      ? [`${nameOf(b)} ÷ ${nameOf(a)} is ${times(ofFigures)} by its figures and ${times(ratio.point)} by rounds`]
      : [];
  });
  if (apart.length === 0) return [];
  return [
    {
      code: 'drift',
      message: `${id}: the machine changed between the rounds that some models have and others have not: ${apart.join(', ')}`,
      nextStep: 'go by the ratios; with --rounds every model is measured equally often',
    },
  ];
}

function times(ratio: number): string {
  return ratio.toPrecision(3);
}
