/** The answer of a scenario in a few words: `cpu → cluster`. */
import type { ScenarioSummary } from '../schema/summary.ts';
import { list, namesOf, rateText } from '../words.ts';

type Answered = Pick<ScenarioSummary, 'name' | 'cells' | 'answers' | 'decision'>;

/** What is to be taken, or between which it is open, with what it is decided by where that is not requests per second. */
export function headline({ name, cells, answers, decision }: Answered): string {
  const names = namesOf(cells);
  const nameOf = (id: string): string => {
    const cell = cells.find((one) => one.id === id);
    return cell === undefined ? id : names(cell);
  };
  if (decision !== null) return `${name} → ${nameOf(decision.take)}${byWhat(decision)}`;
  const throughput = answers.find(({ metric }) => metric === 'throughput');
  const isKnown = throughput?.models.some(({ atMostBehind }) => atMostBehind !== null) === true;
  if (throughput === undefined || !isKnown || throughput.best.length === 0) return `${name} → not decided`;
  const open = throughput.best.length < throughput.models.length || throughput.models.length === 2;
  return `${name} → ${open ? list(throughput.best.map(nameOf), 'or') : 'not decided'}${open ? ', not decided yet' : ' yet'}`;
}

function byWhat({ metric, offeredPerSec }: NonNullable<Answered['decision']>): string {
  if (metric !== 'cpu-per-request') return '';
  return offeredPerSec === null ? ' (least CPU)' : ` (least CPU at ${rateText(offeredPerSec)} requests/s)`;
}
