/** How everything in the image was measured. */
import type { ScenarioSummary } from '../../../harness/judge/summary-schema.ts';
import { settings } from '../../cells.ts';
import type { OverviewInput } from '../../charts/chart.ts';
import { caption } from '../../charts/theme.ts';
import { visible } from '../../escape.ts';
import { runsOf, type Several } from '../../runs.ts';
import { type Look, linesOf } from './fit.ts';

export const CAPTION: Look = { size: 16, face: 'regular' };
/** Beyond these the report has to be read. */
const MOST_MACHINE_LINES = 3;

/** The conditions of all scenarios together, `width` pixels wide at most. The machines of several runs follow one another. */
export function captionOf({ summary }: OverviewInput, width: number): string[] {
  const scenario = allOf(
    summary.scenarios,
    runsOf(summary).map(({ label, of }) => ({ label, scenarios: of.scenarios })),
  );
  if (scenario === null) return [];
  const lines = caption({ summary, scenario }, settings(scenario)).map(visible);
  return [
    ...linesOf(lines.slice(0, -1).join(' / '), width, MOST_MACHINE_LINES, CAPTION),
    ...linesOf(lines.at(-1) ?? '', width, 2, CAPTION),
  ];
}

interface RunScenarios {
  readonly label: string;
  readonly scenarios: readonly ScenarioSummary[];
}

/** The cells of all scenarios as if they were of one. */
function allOf(scenarios: readonly ScenarioSummary[], runs: readonly RunScenarios[]): Several<ScenarioSummary> | null {
  const [first] = scenarios;
  if (first === undefined) return null;
  const together = (all: readonly ScenarioSummary[]) => ({ ...first, cells: all.flatMap(({ cells }) => cells) });
  return { ...together(scenarios), runs: runs.map((run) => ({ label: run.label, of: together(run.scenarios) })) };
}
