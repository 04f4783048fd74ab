/** Several runs as one summary, so that every table and chart can show them beside each other. */
import type { Comparison, ScenarioSummary, Summary, Warning } from '../../harness/judge/schema/summary.ts';
import type { RunTraces } from '../../harness/judge/traces/traces.ts';
import { limitLine } from '../words/cells.ts';
import type { Labelled, Several } from '../words/runs.ts';
import { byModel, idIn, latencyBeside } from './latency.ts';

/** A run with the name that it is shown under. */
export interface LabelledRun {
  /** Distinct among those that are set side by side. */
  readonly label: string;
  readonly summary: Summary;
  readonly traces?: RunTraces | undefined;
}

interface SideBySide {
  readonly summary: Several<Summary>;
  readonly traces: RunTraces;
}

/**
 * Scenarios with the same id become one, in the order in which they first appear, with the cells of all runs model by model
 * and within a model run by run. Pairs stay within their run. What belongs to the whole summary and cannot be said of
 * several runs, such as the machine, is that of the first; reports take it from `runs`.
 */
export function sideBySide(runs: readonly LabelledRun[]): SideBySide {
  const [first] = runs;
  if (first === undefined) throw new RangeError('there is no run to show');
  const ids = [...new Set(runs.flatMap(({ summary }) => summary.scenarios.map(({ id }) => id)))];
  const { requirements: _, ...base } = first.summary;
  return {
    summary: {
      ...base,
      complete: runs.every(({ summary }) => summary.complete),
      scenarios: ids.flatMap((id) => scenarioBeside(scenariosOf(runs, id))),
      warnings: warningsOf(runs),
      failures: runs.flatMap(({ label, summary }) =>
        summary.failures.map((failure) => ({ ...failure, cell: idIn(label, failure.cell) })),
      ),
      runs: runs.map(({ label, summary }) => ({ label, of: summary })),
    },
    traces: {
      timelines: runs.flatMap(({ label, traces }) => inRun(label, traces?.timelines ?? [])),
      curves: runs.flatMap(({ label, traces }) => inRun(label, traces?.curves ?? [])),
      efforts: runs.flatMap(({ label, traces }) => inRun(label, traces?.efforts ?? [])),
      times: runs.flatMap(({ label, traces }) => (traces?.times ?? []).map((times) => ({ ...times, run: label }))),
    },
  };
}

function scenariosOf(runs: readonly LabelledRun[], id: string): Labelled<ScenarioSummary>[] {
  return runs.flatMap(({ label, summary }) =>
    summary.scenarios.filter((scenario) => scenario.id === id).map((of) => ({ label, of })),
  );
}

function scenarioBeside(runs: readonly Labelled<ScenarioSummary>[]): Several<ScenarioSummary>[] {
  const [first] = runs;
  if (first === undefined) return [];
  const models = [...new Set(runs.flatMap(({ of }) => of.cells.map(({ model }) => model)))];
  const cells = runs.flatMap(({ label, of }) =>
    of.cells.map((cell) => ({ ...cell, id: idIn(label, cell.id), run: label })),
  );
  const scenario: Several<ScenarioSummary> = {
    ...first.of,
    limit: limitOfAll(runs),
    pinned: runs.some(({ of }) => of.pinned),
    sentence: runs.map(({ label, of }) => `${label}: ${of.sentence}`).join(' '),
    cells: byModel(cells, models),
    comparisons: runs.flatMap(({ label, of }) => of.comparisons.map((one) => comparisonIn(label, one))),
    latency: latencyBeside(runs, models),
    runs,
  };
  return [scenario];
}

/** One line is drawn across all rows, so it has to be that of every run; null where it is not. */
function limitOfAll(runs: readonly Labelled<ScenarioSummary>[]): ScenarioSummary['limit'] {
  const limits = runs.map(({ of }) => of.limit);
  const [first = null] = limits;
  if (first === null) return null;
  return limits.every((limit) => limit !== null && limitLine(limit) === limitLine(first)) ? first : null;
}

function comparisonIn(label: string, one: Comparison): Comparison {
  return { ...one, candidate: idIn(label, one.candidate), baseline: idIn(label, one.baseline) };
}

/** What several runs are warned of in the same words is said once, with the labels of all of them. */
function warningsOf(runs: readonly LabelledRun[]): Warning[] {
  const labels = new Map<string, string[]>();
  const warnings = new Map<string, Warning>();
  for (const { label, summary } of runs) {
    for (const warning of summary.warnings) {
      const key = JSON.stringify([warning.code, warning.message, warning.nextStep]);
      warnings.set(key, warning);
      labels.set(key, [...new Set([...(labels.get(key) ?? []), label])]);
    }
  }
  return [...warnings].map(([key, warning]) => ({
    ...warning,
    message: `${(labels.get(key) ?? []).join(', ')}: ${warning.message}`,
  }));
}

function inRun<T extends { readonly cell: string }>(label: string, traces: readonly T[]): T[] {
  return traces.map((trace) => ({ ...trace, cell: idIn(label, trace.cell) }));
}
