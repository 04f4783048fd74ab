/** Which rates the models of one scenario sustain within the SLO, in sentences. */
import type { Slo } from '../../plan/options/slo.ts';
import type { Sustained } from '../schema/rate.ts';
import { limitName, list, msFigure, namesOf, rateFigure } from '../words.ts';

type Found = Extract<Sustained['outcome'], { kind: 'found' }>;

interface Named<Outcome> {
  readonly name: string;
  readonly outcome: Outcome;
}

/**
 * One paragraph. Models are named in the order of their estimates. Nothing is stated about a model but what its trials showed.
 */
export function sloSentence(slo: Slo, sustained: readonly Sustained[]): string {
  const name = namesOf(sustained);
  const named = sustained.map((one) => ({ name: name(one), outcome: one.outcome }));
  if (named.length === 0) return `No model was searched for the highest rate within ${sloText(slo)}.`;
  const found = named
    .flatMap((one): Named<Found>[] => (one.outcome.kind === 'found' ? [{ name: one.name, outcome: one.outcome }] : []))
    .toSorted((a, b) => b.outcome.estimate - a.outcome.estimate);
  const others = [...named.flatMap(({ name, outcome }) => otherText(name, outcome)), ...withoutResult(named)];
  const parts = found.length === 0 ? [`Asked for ${sloText(slo)}:`] : [foundText(slo, found), ...openText(found)];
  return [...parts, ...others].join(' ');
}

/** What came out for all of them, the highest rate first, in one sentence: `cluster sustains 143/s; fork-pool at least 176/s, …`. */
export function sloLine(sustained: readonly Sustained[]): string {
  const name = namesOf(sustained);
  const parts = sustained.map((one) => ({ rate: rateOf(one.outcome), text: outcomeLine(name(one), one.outcome) }));
  return `${parts
    .toSorted((a, b) => b.rate - a.rate)
    .map(({ text }) => text)
    .join('; ')}.`;
}

/** As far as it is known, for order alone. */
function rateOf(outcome: Sustained['outcome']): number {
  if (outcome.kind === 'found') return outcome.estimate;
  return outcome.kind === 'all' ? outcome.triedPerSec : outcome.kind === 'untold' ? (outcome.metPerSec ?? 0) : 0;
}

function outcomeLine(name: string, outcome: Sustained['outcome']): string {
  switch (outcome.kind) {
    case 'found':
      return `${name} sustains about ${rateFigure(outcome.estimate)}/s (${rateFigure(outcome.low)} to ${rateFigure(outcome.high)})`;
    case 'all':
      return `${name} at least ${rateFigure(outcome.triedPerSec)}/s, the highest rate tried`;
    case 'none':
      return `${name} no rate that was tried`;
    case 'untold':
      return outcome.metPerSec === null
        ? `of ${name} nothing can be told`
        : `${name} met it at ${rateFigure(outcome.metPerSec)}/s, and more cannot be told`;
    default:
      return outcome satisfies never;
  }
}

/** What must hold: `p99 ≤ 100 ms, p50 of light ≤ 20 ms and no errors`. */
export function sloText({ limits, errors }: Slo): string {
  const latency = limits.map((limit) => `${limitName(limit)} ≤ ${msFigure(limit.limitMs, 12)}`);
  const percent = (100 * errors).toLocaleString('en-US', { maximumSignificantDigits: 6 });
  return list([...latency, errors === 0 ? 'no errors' : `errors ≤ ${percent}%`]);
}

function foundText(slo: Slo, found: readonly Named<Found>[]): string {
  const rates = found.map(({ name, outcome: { estimate, low, high } }, i) => {
    const about = i === 0 ? `about ${rateFigure(estimate)} requests per second` : rateFigure(estimate);
    return `${name}${i === 0 ? ' sustains' : ''} ${about} (${rateFigure(low)} to ${rateFigure(high)})`;
  });
  const broke = found.map(
    ({ name, outcome: { brokeAt, brokeBy } }) =>
      `${found.length === 1 ? 'it' : name} broke at ${rateFigure(brokeAt)} (${brokeBy})`,
  );
  return `Within ${sloText(slo)}, ${list(rates)}: ${list(broke)}.`;
}

/**
 * Those that may sustain as much as the first. Where intervals only touch they do not: at that rate every trial of one met the SLO,
 * and every trial of the other broke it.
 */
function openText([first, ...others]: readonly Named<Found>[]): readonly string[] {
  const open = others.filter(({ outcome }) => first !== undefined && outcome.high > first.outcome.low);
  return open.length === 0 ? [] : [`${list(open.map(({ name }) => name))} may sustain as much.`];
}

/** Outcomes that are not stated in groups. */
function otherText(name: string, outcome: Sustained['outcome']): string[] {
  switch (outcome.kind) {
    case 'none':
      return [
        `${name} meets it at no rate that was tried: it broke at ${rateFigure(outcome.triedPerSec)} requests per second (${outcome.brokeBy}).`,
      ];
    case 'all':
      return [
        `${name} meets it up to the highest rate that was tried, ${rateFigure(outcome.triedPerSec)} requests per second: ${outcome.why}.`,
      ];
    case 'found':
    case 'untold':
      return [];
    default:
      return outcome satisfies never;
  }
}

/** Models without a result for the same reason are named together. */
function withoutResult(named: readonly Named<Sustained['outcome']>[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { name, outcome } of named) {
    if (outcome.kind === 'untold') byReason.set(outcome.why, [...(byReason.get(outcome.why) ?? []), name]);
  }
  return [...byReason].map(([why, names]) => `There is no result for ${list(names)}: ${why}.`);
}
