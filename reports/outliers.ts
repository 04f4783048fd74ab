/** Trials that lie far from the others of their cell: named in every report, because they are in every figure. */
import type { CellResult, ScenarioSummary } from '../harness/judge/summary-schema.ts';
import { cellNames } from './cells.ts';
import { figure } from './figures.ts';

/** `cluster: round 3 lies far from the others (81.2/s) and hardly counts`: one line per cell that has any. */
export function outlierNotes(scenario: ScenarioSummary): string[] {
  const names = cellNames(scenario);
  return scenario.cells.flatMap(({ id, model, result }) => {
    const far = result?.trials.filter(({ outlier }) => outlier) ?? [];
    return far.length === 0 ? [] : [`${names.get(id) ?? model}: ${farText(far)}`];
  });
}

function farText(far: CellResult['trials']): string {
  const rounds = far.map(({ round }) => `${round + 1}`);
  const rates = far.map(({ requestsPerSec }) => `${figure(requestsPerSec)}/s`).join(', ');
  return rounds.length === 1
    ? `round ${rounds.join('')} lies far from the others (${rates}) and hardly counts`
    : `rounds ${rounds.slice(0, -1).join(', ')} and ${rounds.at(-1)} lie far from the others (${rates}) and hardly count`;
}
