/** What a fault costs each model, in plain words, the best first. */
import { onceInWords } from '../../plan/faults.ts';
import { FEWEST_TRIALS } from '../../stats/estimate.ts';
import type { FaultedModel, FaultSummary } from '../schema/faults.ts';
import { capital, list, rateText } from '../words.ts';
import { countText, isGone, isOpen, isPoison, timeText, validTrials } from './words.ts';

/** What it takes to speak of a fault. */
export interface Told extends Omit<FaultSummary, 'sentence'> {
  readonly nameOf: (model: FaultedModel) => string;
  /** How long was watched after each. */
  readonly eachMs: number;
}

type Measured = FaultedModel & { readonly figures: NonNullable<FaultedModel['figures']> };

/** Less than a request in ten faults is none, in a figure of one digit. */
const NONE_BELOW = 0.05;

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
  const present = measured.filter((one) => !isGone(told, one));
  const costly = present.filter(({ figures }) => figures.lost.point >= NONE_BELOW);
  const gone = measured.filter((one) => isGone(told, one));
  const clauses = [
    ...costs(costly, told),
    ...none(
      present.filter((one) => !costly.includes(one)),
      told,
    ),
    ...away(gone, told),
  ];
  const text = costly.length > 0 ? `${what} ${clauses.join('; ')}` : `with ${what}, ${clauses.join('; ')}`;
  return `${capital(text)}.${levelText(told)}`;
}

/** `costs cluster 4 requests (1 to 9) of 600/s and 20 ms, worker-threads 6 (2 to 12) and 30 ms`. */
function costs(models: readonly Measured[], told: Told): string[] {
  if (models.length === 0) return [];
  const noun = isPoison(told.fault) ? 'other request' : 'request';
  const parts = models.map((model, i) => {
    const { lost } = model.figures;
    const unit = i === 0 ? ` ${noun}${countText(lost.point) === '1' ? '' : 's'}` : '';
    const rate = i === 0 ? ` of ${rateText(told.requestsPerSec)}/s` : '';
    const tail = [lateText(model, told), recoveryText(model, told)]
      .filter((text) => text !== '')
      .map((text) => ` and ${text}`);
    return `${told.nameOf(model)} ${countText(lost.point)}${unit}${rangeText(lost, model, told)}${rate}${tail.join('')}`;
  });
  return [`costs ${parts.join(', ')}`];
}

/** `fork-pool loses none (at most 0.7)`, those of which the same is said together. */
function none(models: readonly Measured[], told: Told): string[] {
  const texts = new Map<string, string[]>();
  for (const model of models) {
    const late = lateText(model, told);
    const time = recoveryText(model, told);
    const but = late === '' && time === '' ? '' : `, but ${[late, time].filter((text) => text !== '').join(' and ')}`;
    const most = validTrials(told, model) < FEWEST_TRIALS ? '' : ` (at most ${countText(model.figures.lost.high)})`;
    const text = `${isPoison(told.fault) ? 'no other' : 'none'}${most}${but}`;
    texts.set(text, [...(texts.get(text) ?? []), told.nameOf(model)]);
  }
  return [...texts].map(([text, names]) => `${list(names)} ${names.length === 1 ? 'loses' : 'lose'} ${text}`);
}

/** `single and worker-threads are gone until somebody starts them`. */
function away(models: readonly Measured[], told: Told): string[] {
  if (models.length === 0) return [];
  const [are, them] = models.length === 1 ? ['is', 'it'] : ['are', 'them'];
  const how =
    told.fault.kind === 'loop' ? `stuck until somebody restarts ${them}` : `gone until somebody starts ${them}`;
  return [`${list(models.map(told.nameOf))} ${are} ${how}`];
}

/** `12 late (3 to 20)`; empty where none is to speak of. */
function lateText(model: Measured, told: Told): string {
  const { late } = model.figures;
  return late.point < 0.5 ? '' : `${countText(late.point)} late${rangeText(late, model, told)}`;
}

/** `20 ms`, until it was as before; what was not over when the trial was is told with how long that is. */
function recoveryText(model: Measured, told: Told): string {
  const { recoveryMs, recovered } = model.figures;
  if (isOpen(model) || recoveryMs === null) return `no end within ${timeText(told.eachMs)}`;
  if (recoveryMs.point < 1) return '';
  return `${recovered < model.faults ? 'at least ' : ''}${timeText(recoveryMs.point)}`;
}

/** ` (1 to 9)`; a few trials do not have an interval that is to be believed. */
function rangeText({ low, high }: Measured['figures']['lost'], model: Measured, told: Told): string {
  const trials = validTrials(told, model);
  if (trials < FEWEST_TRIALS) return ` in ${trials === 1 ? '1 trial' : `${trials} trials`}`;
  return ` (${countText(low)} to ${countText(high)})`;
}

/** Of several that are level, an order is not a finding. Of a few trials a warning says that they show nothing. */
function levelText(told: Told): string {
  const best = told.models.find(({ verdict }) => verdict === 'best');
  const level = told.models.filter((one) => one.verdict === 'level' && validTrials(told, one) >= FEWEST_TRIALS);
  if (best === undefined || level.length === 0) return '';
  const are = level.length === 1 ? 'is' : 'are';
  return ` ${list(level.map(told.nameOf))} ${are} not shown to lose more than ${told.nameOf(best)}.`;
}
