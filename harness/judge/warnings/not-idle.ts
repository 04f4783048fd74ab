/** What follows from other programs that ran meanwhile, told as one: a reader who is told it ten times reads none of it. */
import { STOP_OTHERS } from '../bottleneck/hint.ts';
import type { Warning } from '../schema/summary.ts';
import { list } from '../words.ts';

/** A warning, and where it may be for other programs, what it says below that they ran. */
export interface Told extends Warning {
  readonly ifBusy?: {
    /** Scenarios or cells; empty for the whole run. */
    readonly of: readonly string[];
    readonly text: string;
  };
}

/** These show that other programs ran. */
const EVIDENCE: readonly Warning['code'][] = ['load', 'disturbed'];

/**
 * The warnings with all that other programs explain in the place of the first; each as it is where nothing shows that any ran, or there is
 * only one. `cells` are those of the run.
 */
export function toldOnce(all: readonly Told[], cells: readonly string[]): Warning[] {
  const busy = all.flatMap((one) => (one.ifBusy === undefined ? [] : [{ one, ...one.ifBusy }]));
  const [first] = busy;
  const isBusy = busy.length > 1 && busy.some(({ one }) => EVIDENCE.includes(one.code));
  if (first === undefined || !isBusy) return all.map(plain);
  const parts = [...new Set(busy.map(({ text }) => text))].map((text) => {
    const of = [...new Set(busy.filter((one) => one.text === text).flatMap((one) => one.of))];
    return of.length === 0 ? text : `${text} (${cells.every((id) => of.includes(id)) ? 'every cell' : list(of)})`;
  });
  const warning: Warning = {
    code: 'load',
    message: `the machine was not idle: ${parts.join('; ')}`,
    nextStep: STOP_OTHERS,
  };
  return all.flatMap((one) => (one === first.one ? [warning] : one.ifBusy === undefined ? [plain(one)] : []));
}

function plain({ code, message, nextStep }: Told): Warning {
  return { code, message, nextStep };
}
