/** Trials that hardly count, or do not, and those that were not warm: named in every report, because nothing is dropped in silence. */
import { isWarm } from '../../harness/judge/cell/capacity.ts';
import type { CellResult, ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { cellNames } from '../words/cells.ts';
import { figure } from '../words/figures.ts';
import { resultsOf } from './table.ts';

type Trials = CellResult['trials'];

/** Beside the figure of a cell of which a trial that counts was not warm. */
export const COLD = '*';

/** `cluster: round 3 lies far from the others (81.2/s) and hardly counts`: one line per cell and kind, and one for the mark. */
export function trialNotes(scenario: ScenarioSummary): string[] {
  const names = cellNames(scenario);
  const lines = scenario.cells.flatMap(({ id, model, result }) => {
    const name = names.get(id) ?? model;
    const far = result?.trials.filter(({ outlier }) => outlier) ?? [];
    const left = result?.trials.filter(({ counted }) => !counted) ?? [];
    return [
      ...(far.length === 0 ? [] : [`${name}: ${farText(far)}`]),
      ...(left.length === 0 ? [] : [`${name}: ${leftText(left)}`]),
    ];
  });
  const isCold = resultsOf(scenario).some((result) => !isWarm(result));
  return isCold ? [COLD_NOTE, ...lines] : lines;
}

const COLD_NOTE = `${COLD} not warm: in some trial the window began before code was compiled and throughput held its level, so the figure may still change.`;

function farText(far: Trials): string {
  const [lie, count] = far.length === 1 ? ['lies', 'counts'] : ['lie', 'count'];
  return `${roundsText(far)} ${lie} far from the others (${ratesText(far)}) and hardly ${count}`;
}

function leftText(left: Trials): string {
  const by = [
    ...new Set(left.map(({ limitedBy }) => (limitedBy.by === 'unclear' ? 'nobody knows what' : `the ${limitedBy.by}`))),
  ];
  const [was, does] = left.length === 1 ? ['was', 'does'] : ['were', 'do'];
  return `${roundsText(left)} ${was} limited by ${by.join(' or ')} (${ratesText(left)}) and ${does} not count in requests/s`;
}

function ratesText(trials: Trials): string {
  return trials.map(({ requestsPerSec }) => `${figure(requestsPerSec)}/s`).join(', ');
}

function roundsText(trials: Trials): string {
  const rounds = trials.map(({ round }) => `${round + 1}`);
  return rounds.length === 1
    ? `round ${rounds.join('')}`
    : `rounds ${rounds.slice(0, -1).join(', ')} and ${rounds.at(-1)}`;
}
