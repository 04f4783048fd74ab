/** The answer on one scenario in a few words. */

import { standingText } from '../../../harness/judge/answer/behind.ts';
import { isRankable } from '../../../harness/judge/bottleneck/limited-by.ts';
import type { ScenarioSummary } from '../../../harness/judge/schema/summary.ts';
import { list } from '../../../harness/judge/words.ts';
import { cellNames } from '../../words/cells.ts';
import { visible } from '../../words/escape.ts';
import { counted } from '../../words/figures.ts';
import { rateText } from '../../words/rates.ts';
import { runsOf, type Several } from '../../words/runs.ts';

type Decision = NonNullable<ScenarioSummary['decision']>;

const RUNS_DIFFER = ['the answers of the runs differ', 'answers differ', 'runs differ'];

/** The same answer from long to short; empty where there is nothing to answer. Of several runs what all of them say. */
export function answers(scenario: Several<ScenarioSummary>): string[] {
  const runs = runsOf(scenario);
  if (runs.length === 0) return answersOf(scenario);
  const [first = [], ...others] = runs.map(({ of }) => answersOf(of));
  const shared = first.filter((text) => others.every((texts) => texts.includes(text)));
  return shared.length > 0 || first.length === 0 ? shared : RUNS_DIFFER;
}

function answersOf(scenario: ScenarioSummary): string[] {
  const { cells, decision, answers: known } = scenario;
  const measured = cells.flatMap(({ result }) => result ?? []);
  if (measured.length === 0) return ['nothing measured'];
  if (cells.length === 1) return [];
  const names = cellNames(scenario);
  const nameOf = (id: string): string => visible(names.get(id) ?? id);
  if (decision !== null) return taken(decision, scenario, nameOf);
  if (measured.every(({ limitedBy }) => !isRankable(limitedBy))) return ['nothing is ranked', 'nothing ranked'];
  const throughput = known.find(({ metric }) => metric === 'throughput');
  const isKnown = throughput?.models.some(({ atMostBehind }) => atMostBehind !== null) === true;
  if (throughput === undefined || !isKnown) return ['not decided'];
  const { best, models } = throughput;
  if (best.length === models.length && models.length > 2) return ['not decided yet', 'not decided'];
  return [`${list(best.map(nameOf), 'or')}, not decided yet`, 'not decided yet', 'not decided'];
}

function taken(
  { take, metric, among, offeredPerSec }: Decision,
  { answers: known, cells }: ScenarioSummary,
  nameOf: (id: string) => string,
): string[] {
  const name = nameOf(take);
  const short = [`take ${name}`, name];
  if (metric !== 'throughput') {
    const rate = offeredPerSec === null ? [] : [`take ${name}: least CPU per request at ${rateText(offeredPerSec)}`];
    return [...rate, `take ${name}: least CPU per request`, `take ${name}: least CPU`, ...short];
  }
  const others = among.filter((id) => id !== take).map(nameOf);
  if (others.length > 0) {
    const are = others.length === 1 ? 'is' : 'are';
    return [
      `take ${name}; ${list(others)} ${are} as good`,
      `take ${name} (or ${list(others, 'or')})`,
      `take ${name}; ${counted(others.length, 'other')} as good`,
      ...short,
    ];
  }
  const standing = known
    .find((one) => one.metric === metric)
    ?.models.flatMap((one) => (one.cell === take ? [standingText(metric, one)] : []));
  const isOfAll = cells.every(({ result }) => result === null || isRankable(result.limitedBy));
  const best = isOfAll ? 'the best' : 'the best of the ranked';
  return [...(standing ?? []).map((text) => `take ${name}, ${text.replace('the best', best)}`), ...short];
}
