import type { Summary } from '../../harness/judge/schema/summary.ts';
import type { RunTraces } from '../../harness/judge/traces/traces.ts';
import type { Profiles } from '../../harness/store/profiles-schema.ts';

/** Several runs in one report: what they have in common is said once, and what differs is said of each. */

/** One of several runs, or what it holds. */
export interface Labelled<T> {
  readonly label: string;
  readonly of: T;
}

/**
 * A summary, or a part of one, that may stand for several runs side by side. Each of them is then kept as it was; what it
 * lacks, such as a scenario that it did not measure, has no entry.
 */
export type Several<T> = T & { readonly runs?: readonly Labelled<T>[] | undefined };

/** What belongs to one of several runs, and says so: the label; absent where there is only one run. */
export interface OfRun {
  readonly run?: string | undefined;
}

/** The runs behind it; none where it is of a single one. */
export function runsOf<T>(one: Several<T>): readonly Labelled<T>[] {
  return one.runs ?? [];
}

/** What is said alike of every run, once; else of each: `2 workers (before), 4 workers (after)`. */
export function saidOnce<T>(one: Several<T>, say: (of: T) => string): string {
  const said = runsOf(one).map(({ label, of }) => ({ label, text: say(of) }));
  const [first] = said;
  if (first === undefined) return say(one);
  if (said.every(({ text }) => text === first.text)) return first.text;
  return said.map(({ label, text }) => `${text} (${label})`).join(', ');
}

/** Facts of each run, those that all share apart from those in which they differ. Facts are known by their names. */
export function factsApart<T>(one: Several<T>, factsOf: (of: T) => readonly Fact[]): FactsApart {
  const runs = runsOf(one).map(({ label, of }) => ({ label, facts: factsOf(of) }));
  const [first] = runs;
  if (first === undefined) return { shared: factsOf(one), own: [] };
  const isShared = ([name, text]: Fact) =>
    runs.every(({ facts }) => facts.some((fact) => fact[0] === name && fact[1] === text));
  return {
    shared: first.facts.filter(isShared),
    own: runs.map(({ label, facts }) => ({ label, facts: facts.filter((fact) => !isShared(fact)) })),
  };
}

export type Fact = readonly [name: string, text: string];

interface FactsApart {
  readonly shared: readonly Fact[];
  /** Of each run; empty lists where the runs have everything in common, and no list for a single run. */
  readonly own: readonly { readonly label: string; readonly facts: readonly Fact[] }[];
}

/** Why some planned trials are missing; null when none is. */
export function incompleteText(summary: Several<{ readonly complete: boolean }>): string | null {
  if (summary.complete) return null;
  const cut = runsOf(summary).flatMap(({ label, of }) => (of.complete ? [] : [label]));
  const what =
    cut.length === 0 ? 'The run is' : cut.length === 1 ? `Run ${cut.join('')} is` : `Runs ${cut.join(', ')} are`;
  return `${what} not complete`;
}

/** What is said of a scenario, or of anything else: a text for each run, or one. */
export function textsOf<T>(one: Several<T>, say: (of: T) => string): string[] {
  const runs = runsOf(one);
  return runs.length === 0 ? [say(one)] : runs.map(({ label, of }) => `${label}: ${say(of)}`);
}

/** The same where there may be nothing to say of a run. */
export function saidOf<T>(one: Several<T>, say: (of: T) => string | null): string[] {
  const runs = runsOf(one).length === 0 ? [{ label: null, of: one }] : runsOf(one);
  return runs.flatMap(({ label, of }) => {
    const said = say(of);
    return said === null ? [] : [label === null ? said : `${label}: ${said}`];
  });
}

/** To be read below pairs of several runs. */
export const BETWEEN_RUNS = 'Pairs compare cells of the same run; to compare two runs, use fourways compare.';

/** What a report is made from: one run, or several side by side. */
export interface Reported {
  readonly summary: Summary;
  /** Absent where only the summary is at hand: then what is told of single trials is left out. */
  readonly traces?: RunTraces | undefined;
  /** Null of a run that was not profiled, and absent of several side by side. */
  readonly profiles?: Profiles | null | undefined;
}
