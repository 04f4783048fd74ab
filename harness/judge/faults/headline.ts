/** What faults did to the models of a whole run, in one sentence. */
import { onceInWords } from '../../plan/faults.ts';
import { modelLabel } from '../../plan/schedule/runtimes.ts';
import type { FaultSummary } from '../schema/faults.ts';
import { list } from '../words.ts';
import { isGone } from './words.ts';

const WITHOUT = ' without restart';

/** A fault of one scenario. */
interface Told {
  readonly what: string;
  /** Not shown to lose more than the best, and still there. */
  readonly least: readonly string[];
  readonly gone: readonly string[];
}

/**
 * The sentence of the only fault; of several which models are not shown to lose more than the best, and which are gone after what. Empty without
 * any that was measured.
 */
export function faultHeadline(scenarios: readonly { readonly faults?: readonly FaultSummary[] | undefined }[]): string {
  const all = scenarios.flatMap(({ faults = [] }) => faults);
  const measured = all.filter(({ models }) => models.some(({ figures }) => figures !== null));
  const [first] = measured;
  if (first === undefined) return '';
  if (measured.length === 1) return first.sentence;
  const told = measured.map(toldOf);
  const gone = goneText(told);
  return `${leastText(told)}${gone === '' ? '' : `; ${gone}`}.`;
}

function toldOf(summary: FaultSummary): Told {
  const name = ({ model, restarts }: FaultSummary['models'][number]): string =>
    `${modelLabel(model)}${restarts ? '' : WITHOUT}`;
  const gone = summary.models.filter((one) => isGone(one));
  const least = summary.models.filter(({ verdict }) => verdict === 'best' || verdict === 'level');
  return {
    what: onceInWords(summary.fault),
    least: least.filter((one) => !gone.includes(one)).map(name),
    // A single process is not replaced in either case.
    gone: gone.map(name).filter((one, _, all) => !all.some((other) => one === `${other}${WITHOUT}`)),
  };
}

function leastText(told: readonly Told[]): string {
  const names = [...new Set(told.flatMap(({ least }) => least))];
  const counts = names.map((name) => told.filter(({ least }) => least.includes(name)).length);
  const most = Math.max(0, ...counts);
  const best = names.filter((_, i) => counts[i] === most);
  if (best.length === 0) return `No model outlives any of ${told.length} faults`;
  const which = most === told.length ? `each of ${most} faults` : `${most} of ${told.length} faults`;
  return `${list(best)} ${best.length === 1 ? 'is' : 'are'} among the best after ${which}`;
}

/** `single is gone after a killed worker and a crash`: those that are gone after the same together. */
function goneText(told: readonly Told[]): string {
  const names = [...new Set(told.flatMap(({ gone }) => gone))];
  const texts = new Map<string, string[]>();
  for (const name of names) {
    const after = list([...new Set(told.flatMap(({ gone, what }) => (gone.includes(name) ? [what] : [])))]);
    texts.set(after, [...(texts.get(after) ?? []), name]);
  }
  return [...texts]
    .map(([after, own]) => `${list(own)} ${own.length === 1 ? 'is' : 'are'} gone after ${after}`)
    .join('; ');
}
