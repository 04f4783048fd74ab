/** What a fault costs each model, in plain words, the best first. */
import { onceInWords } from '../../plan/faults.ts';
import { FEWEST_TRIALS } from '../../stats/estimate.ts';
import type { FaultedModel, FaultSummary } from '../schema/faults.ts';
import { capital, list, rateText } from '../words.ts';
import { countText, isGone, isOpen, isPoison, timeText } from './words.ts';

/** What it takes to speak of a fault. */
export interface Told extends Omit<FaultSummary, 'sentence'> {
  readonly nameOf: (model: FaultedModel) => string;
  /** How long was watched after each. */
  readonly eachMs: number;
}

type Measured = FaultedModel & { readonly figures: NonNullable<FaultedModel['figures']> };

/** Less than a request in ten faults is none, in a figure of one digit. */
const NONE_BELOW = 0.05;
/** So few that are late are not worth a word. */
const LATE_FROM = 0.5;
/** More names than this are counted. */
const MOST_NAMED = 2;

/**
 * `A killed worker costs cluster 4 requests (1 to 9) of 600/s and 20 ms; fork-pool loses none (at most 0.7); single and worker-threads are
 * gone until somebody starts them.` Of those that are not shown to lose more than the best a second sentence says so. Beside the poison
 * that brought it about, what is lost are other requests: they shared its fate.
 */
export function sentenceOf(told: Told): string {
  const measured = told.models.flatMap((one): Measured[] =>
    one.figures === null ? [] : [{ ...one, figures: one.figures }],
  );
  const what = onceInWords(told.fault);
  if (measured.length === 0) return `${capital(what)} could not be measured with any model.`;
  const present = measured.filter((one) => !isGone(one));
  const costly = present.filter(({ figures }) => figures.lost.point >= NONE_BELOW);
  const spared = present.filter((one) => !costly.includes(one));
  const gone = measured.filter((one) => isGone(one));
  const clauses = [costs(costly, told), none(spared, told), late(spared, told), away(gone, told)];
  const text = clauses.filter((clause) => clause !== '').join('; ');
  return `${capital(costly.length > 0 ? `${what} ${text}` : `with ${what}, ${text}`)}.${levelText(told)}`;
}

/** `costs cluster 4 requests (1 to 9) of 600/s and 20 ms, worker-threads 6 (2 to 12) and 30 ms`. */
function costs(models: readonly Measured[], told: Told): string {
  if (models.length === 0) return '';
  const parts = models.map((model, i) => {
    const { lost, late: delayed } = model.figures;
    const noun = `${isPoison(told.fault) ? 'other request' : 'request'}${countText(lost.point) === '1' ? '' : 's'}`;
    const [unit, rate] = i === 0 ? [` ${noun}`, ` of ${rateText(told.requestsPerSec)}/s`] : ['', ''];
    const atLeast = isOpen(model) ? 'at least ' : '';
    const range = isOpen(model) ? '' : rangeText(lost, model);
    const also = delayed.point < LATE_FROM ? '' : `, ${countText(delayed.point)} late${rangeText(delayed, model)}`;
    const time = timeOf(model, told);
    const end = time === null ? '' : isOpen(model) ? `, ${time}` : ` and ${time}`;
    return `${told.nameOf(model)} ${atLeast}${countText(lost.point)}${unit}${range}${rate}${also}${end}`;
  });
  return `costs ${parts.join(', ')}`;
}

/** `fork-pool and worker-threads lose none (at most 0.7)`: of each, so the most of all of them. */
function none(models: readonly Measured[], told: Told): string {
  if (models.length === 0) return '';
  const isKnown = models.every((model) => model.trials >= FEWEST_TRIALS);
  const most = Math.max(...models.map(({ figures }) => figures.lost.high));
  const what = isPoison(told.fault) ? 'no other request' : 'none';
  const verb = models.length === 1 ? 'loses' : 'lose';
  return `${list(models.map(told.nameOf))} ${verb} ${what}${isKnown ? ` (at most ${countText(most)})` : ''}`;
}

/** `late are 246 with fork-pool (233 to 261, for 1 s)`, where none is lost. */
function late(models: readonly Measured[], told: Told): string {
  const parts = models.flatMap((model) => {
    const { late: delayed } = model.figures;
    if (delayed.point < LATE_FROM) return [];
    const time = timeOf(model, told);
    const how = [rangeOf(delayed, model), ...(time === null ? [] : [isOpen(model) ? time : `for ${time}`])];
    return [`${countText(delayed.point)} with ${told.nameOf(model)} (${how.join(', ')})`];
  });
  return parts.length === 0 ? '' : `late are ${list(parts)}`;
}

/** `single and worker-threads are gone until somebody starts them`. */
function away(models: readonly Measured[], told: Told): string {
  if (models.length === 0) return '';
  const [are, them] = models.length === 1 ? ['is', 'it'] : ['are', 'them'];
  const how =
    told.fault.kind === 'loop' ? `stuck until somebody restarts ${them}` : `gone until somebody starts ${them}`;
  return `${list(models.map(told.nameOf))} ${are} ${how}`;
}

/** `20 ms`, until it was as before; what was not over when the trial was is told with how long that is. Null where it was at once. */
function timeOf(model: Measured, told: Told): string | null {
  const { recoveryMs, recovered } = model.figures;
  if (recoveryMs === null) return `without an end within ${timeText(told.eachMs)}`;
  if (recoveryMs.point < 1) return null;
  return `${recovered < model.faults ? 'at least ' : ''}${timeText(recoveryMs.point)}`;
}

function rangeText(interval: Measured['figures']['lost'], model: Measured): string {
  const range = rangeOf(interval, model);
  return range.startsWith('in ') ? ` ${range}` : ` (${range})`;
}

/** `1 to 9`; a few trials do not have an interval that is to be believed. */
function rangeOf({ low, high }: Measured['figures']['lost'], model: Measured): string {
  const trials = model.trials;
  if (trials < FEWEST_TRIALS) return `in ${trials === 1 ? '1 trial' : `${trials} trials`}`;
  return `${countText(low)} to ${countText(high)}`;
}

/** Of several that are level, an order is not a finding. Of a few trials a warning says that they show nothing. */
function levelText(told: Told): string {
  const best = told.models.find(({ verdict }) => verdict === 'best');
  const level = told.models.filter((one) => one.verdict === 'level' && one.trials >= FEWEST_TRIALS);
  if (best === undefined || level.length === 0) return '';
  const are = level.length === 1 ? 'is' : 'are';
  const who = level.length > MOST_NAMED ? `The next ${level.length}` : list(level.map(told.nameOf));
  return ` ${who} ${are} not shown to lose more than ${told.nameOf(best)}.`;
}
