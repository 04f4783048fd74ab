/** Warnings in as few words as they can be said: what is warned of alike is said once, and so is what to do about it. */
import type { Summary } from '../../harness/judge/schema/summary.ts';
import { list } from '../../harness/judge/words.ts';
import { hintsOf } from '../words/comparisons.ts';

export interface SaidOnce {
  /** What is warned of; empty for a hint alone. */
  readonly messages: readonly string[];
  /** What to do about all of it; null where there is nothing to do. */
  readonly nextStep: string | null;
}

/** The same warning of several cells or scenarios names them all, and warnings with the same way out stand together. */
export function saidOnce({ warnings, scenarios }: Summary): readonly SaidOnce[] {
  const ids = subjectsOf(scenarios);
  const bySteps = new Map<string, Map<string, string[]>>();
  for (const { message, nextStep } of warnings) {
    const subject = ids.find((id) => message.startsWith(`${id}: `));
    const rest = subject === undefined ? message : message.slice(subject.length + 2);
    const own = bySteps.get(nextStep) ?? new Map<string, string[]>();
    bySteps.set(nextStep, own.set(rest, [...(own.get(rest) ?? []), ...(subject === undefined ? [] : [subject])]));
  }
  const said = [...bySteps].map(([nextStep, messages]) => ({
    messages: [...messages].map(([rest, subjects]) => messageOf(rest, subjects)),
    nextStep: nextStep === '' ? null : nextStep,
  }));
  return [...said, ...hintsBeside(said, scenarios)];
}

/** Hints that no warning has, with the scenarios that they are for. */
function hintsBeside(said: readonly SaidOnce[], scenarios: Summary['scenarios']): SaidOnce[] {
  const byHint = new Map<string, string[]>();
  for (const scenario of scenarios) {
    for (const hint of hintsOf(scenario)) {
      if (said.every(({ nextStep }) => nextStep !== hint)) byHint.set(hint, [...(byHint.get(hint) ?? []), scenario.id]);
    }
  }
  return [...byHint].map(([hint, ids]) => ({ messages: [], nextStep: `${list(ids)}: ${hint}` }));
}

function messageOf(rest: string, subjects: readonly string[]): string {
  return subjects.length === 0 ? rest : `${list([...new Set(subjects)])}: ${rest}`;
}

/** What a message may begin with, the longest first: one may be the beginning of another. */
function subjectsOf(scenarios: Summary['scenarios']): readonly string[] {
  const ids = scenarios.flatMap(({ id, cells, latency }) => [
    id,
    ...cells.map((cell) => cell.id),
    ...(latency?.cells ?? []).map((cell) => cell.id),
  ]);
  return [...new Set(ids)].toSorted((a, b) => b.length - a.length);
}
