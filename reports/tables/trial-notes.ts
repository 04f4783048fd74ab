/** Outliers, trials that are not counted and trials that were not warm: every report lists them, so that nothing is dropped silently. */
import { isWarm } from '../../harness/judge/cell/capacity.ts';
import type { CellResult, ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { list } from '../../harness/judge/words.ts';
import { cellNames } from '../words/cells.ts';
import { figure } from '../words/figures.ts';
import { resultsOf } from './table.ts';

type Trials = CellResult['trials'];

/** Beside the figure of a cell of which a trial that counts was not warm. */
export const COLD = '*';

/** `cluster: round 3 is an outlier (81.2/s) and is down-weighted`: one line per cell and kind, and one for the mark. */
export function trialNotes(scenario: ScenarioSummary): string[] {
  const names = cellNames(scenario);
  const lines = scenario.cells.flatMap(({ id, model, result }) => {
    const name = names.get(id) ?? model;
    const outliers = result?.trials.filter(({ outlier }) => outlier) ?? [];
    const uncounted = result?.trials.filter(({ counted }) => !counted) ?? [];
    return [
      ...(outliers.length === 0 ? [] : [`${name}: ${outlierText(outliers)}`]),
      ...(uncounted.length === 0 ? [] : [`${name}: ${uncountedText(uncounted)}`]),
    ];
  });
  const isCold = resultsOf(scenario).some((result) => !isWarm(result));
  return isCold ? [COLD_NOTE, ...lines] : lines;
}

const COLD_NOTE = `${COLD} not warm: in at least one trial the measured window began before the code was compiled and throughput was steady, so the figure may still change.`;

function outlierText(far: Trials): string {
  const [what, are] = far.length === 1 ? ['is an outlier', 'is'] : ['are outliers', 'are'];
  return `${roundsText(far)} ${what} (${ratesText(far)}) and ${are} down-weighted`;
}

function uncountedText(left: Trials): string {
  const by = new Set(
    left.map(({ limitedBy }) => (limitedBy.by === 'unclear' ? 'an unclear bottleneck' : `the ${limitedBy.by}`)),
  );
  const [was, are] = left.length === 1 ? ['was', 'is'] : ['were', 'are'];
  return `${roundsText(left)} ${was} limited by ${list([...by], 'or')} (${ratesText(left)}) and ${are} not counted in requests/s`;
}

function ratesText(trials: Trials): string {
  return trials.map(({ requestsPerSec }) => `${figure(requestsPerSec)}/s`).join(', ');
}

function roundsText(trials: Trials): string {
  return `${trials.length === 1 ? 'round' : 'rounds'} ${list(trials.map(({ round }) => `${round + 1}`))}`;
}
