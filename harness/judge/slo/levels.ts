/** What the trials of a search show about each rate. */
import type { SloVerdict } from './verdict.ts';

/** One trial of the search that has ended. */
export interface Probe {
  readonly requestsPerSec: number;
  readonly verdict: SloVerdict;
}

/** One rate that may be tried, and how its trials went. */
export interface Level {
  readonly requestsPerSec: number;
  /** Numbers of trials. */
  readonly met: number;
  readonly broken: number;
  readonly untold: number;
  /** The reason of the first trial that broke it, and of the first without a verdict. */
  readonly brokeBy: string | null;
  readonly untoldBy: string | null;
}

export type Standing = 'untried' | 'met' | 'broken' | 'split' | 'untold';

/** Indexes of levels. One outside the list stands for an end at which nothing was found. */
export interface Bracket {
  /** The highest level that met the SLO; -1 when none did. */
  readonly from: number;
  /** The lowest level that broke it, and above `from`; the number of levels when none did. */
  readonly to: number;
}

/** Two trials that agree, and are more than those that do not: the best of three. */
const AGREEING = 2;
/** After so many trials without a verdict a level is not tried again. */
const UNTOLD_TRIES = 2;

/** The trials at each rate. */
export function tallied(rates: readonly number[], probes: readonly Probe[]): readonly Level[] {
  const verdictsAt = new Map<number, SloVerdict[]>();
  for (const { requestsPerSec, verdict } of probes) {
    verdictsAt.set(requestsPerSec, [...(verdictsAt.get(requestsPerSec) ?? []), verdict]);
  }
  return rates.map((requestsPerSec) => {
    const verdicts = verdictsAt.get(requestsPerSec) ?? [];
    const broken = verdicts.flatMap((verdict) => (verdict.kind === 'broken' ? [verdict.why] : []));
    const untold = verdicts.flatMap((verdict) => (verdict.kind === 'untold' ? [verdict.why] : []));
    return {
      requestsPerSec,
      met: verdicts.length - broken.length - untold.length,
      broken: broken.length,
      untold: untold.length,
      brokeBy: broken[0] ?? null,
      untoldBy: untold[0] ?? null,
    };
  });
}

/**
 * Whether trials agree, and are more than those that do not. By default so many as make a level confirmed in an outcome:
 * two, or two of three.
 */
export function agree({ met, broken }: Level, trials = AGREEING): boolean {
  return Math.max(met, broken) >= trials && met !== broken;
}

/** Whether so many trials gave no verdict that it is no use to try again. */
export function isHopeless({ untold }: Level): boolean {
  return untold >= UNTOLD_TRIES;
}

/** The verdict on a level so far, by majority. `split` takes another trial. */
export function standing(level: Level): Standing {
  const { met, broken } = level;
  if (isHopeless(level) && !agree(level)) return 'untold';
  if (met > broken) return 'met';
  if (broken > met) return 'broken';
  return met === 0 ? 'untried' : 'split';
}

/**
 * Where the boundary lies for now. The lowest level that broke the SLO counts: a rate is not sustained when a lower one
 * breaks, whatever a higher one does.
 */
export function bracketOf(levels: readonly Level[]): Bracket {
  const standings = levels.map(standing);
  const broken = standings.indexOf('broken');
  const to = broken < 0 ? levels.length : broken;
  return { from: standings.slice(0, to).lastIndexOf('met'), to };
}
