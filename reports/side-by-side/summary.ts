/** Several runs as one summary, so that every table and chart can show them beside each other. */
import type { Answer } from '../../harness/judge/schema/answer.ts';
import type { CommonRate, LatencySummary } from '../../harness/judge/schema/rate.ts';
import type { Comparison, ScenarioSummary, Summary, Warning } from '../../harness/judge/schema/summary.ts';
import type { RunTraces } from '../../harness/judge/traces/traces.ts';
import { limitLine } from '../words/cells.ts';
import type { RunsRate } from '../words/rates.ts';
import { type Labelled, type Several, saidOnce } from '../words/runs.ts';

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
      latencies: runs.flatMap(({ label, traces }) => inRun(label, traces?.latencies ?? [])),
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
  // What faults did is told of each run by itself.
  const { faults: _, ...base } = first.of;
  const scenario: Several<ScenarioSummary> = {
    ...base,
    limit: limitOfAll(runs),
    pinned: runs.some(({ of }) => of.pinned),
    sentence: runs.map(({ label, of }) => `${label}: ${of.sentence}`).join(' '),
    cells: byModel(cells, models),
    comparisons: runs.flatMap(({ label, of }) => of.comparisons.map((one) => comparisonIn(label, one))),
    answers: runs.flatMap(({ label, of }) => of.answers.map((one) => answerIn(label, one))),
    // Which is to be taken is said for each run; no run decides for the others.
    decision: null,
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

function answerIn(label: string, one: Answer): Answer {
  const own = (ids: readonly string[]): string[] => ids.map((id) => idIn(label, id));
  const models = one.models.map((model) => ({ ...model, cell: idIn(label, model.cell) }));
  return { ...one, best: own(one.best), within: own(one.within), models };
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

/** Latency at given rates of one of the runs. */
type Run = Labelled<LatencySummary>;

/** Null where no run has any. */
function latencyBeside(
  scenarios: readonly Labelled<ScenarioSummary>[],
  models: readonly string[],
): Several<LatencySummary> | null {
  const runs = scenarios.flatMap(({ label, of }) => (of.latency === null ? [] : [{ label, of: of.latency }]));
  const [first] = runs;
  if (first === undefined) return null;
  const cells = byModel(
    runs.flatMap(({ label, of }) => of.cells.map((cell) => ({ ...cell, id: idIn(label, cell.id), run: label }))),
    models,
  );
  return {
    arrivals: first.of.arrivals,
    basis: alike(runs, ({ basis }) => basis && [basis.model, basis.ranked]) ? first.of.basis : null,
    cappedAt: alike(runs, ({ cappedAt }) => cappedAt) ? first.of.cappedAt : null,
    common: commonBeside(
      runs,
      cells.map(({ id }) => id),
    ),
    cells,
    sweep: runs.flatMap(({ label, of }) => of.sweep.map((id) => idIn(label, id))),
    slo: sloBeside(runs, models),
    runs,
  };
}

/** Rates that were offered in several runs and mean the same in them become one. Lowest first. */
function commonBeside(runs: readonly Run[], order: readonly string[]): RunsRate[] {
  const groups = new Map<
    string,
    { readonly label: string; readonly of: LatencySummary; readonly rate: CommonRate }[]
  >();
  for (const { label, of } of runs) {
    for (const rate of of.common) {
      const key = JSON.stringify(meaningOf(rate, of));
      groups.set(key, [...(groups.get(key) ?? []), { label, of, rate }]);
    }
  }
  const rates = [...groups.values()].flatMap((group): RunsRate[] => {
    const [first] = group;
    if (first === undefined) return [];
    const ids = group.flatMap(({ label, rate }) => rate.cells.map((id) => idIn(label, id)));
    return [
      {
        ...first.rate,
        sentence: group.map(({ label, rate }) => `${label}: ${rate.sentence}`).join(' '),
        cells: order.filter((id) => ids.includes(id)),
        latency: first.of,
        only: group.length === runs.length ? [] : group.map(({ label }) => label),
      },
    ];
  });
  return rates.toSorted((a, b) => a.offeredPerSec - b.offeredPerSec);
}

/** What a heading says of a rate: only rates of which it says the same may share one. */
function meaningOf({ offeredPerSec, share }: CommonRate, { arrivals, basis, cappedAt }: LatencySummary) {
  const of = share === null ? offeredPerSec === cappedAt : [basis?.model, basis?.ranked];
  return [offeredPerSec, share, arrivals, of];
}

/** Of the runs that were asked for one. What was asked for is said of each where it differs, and no line is drawn for it. */
function sloBeside(runs: readonly Run[], models: readonly string[]): LatencySummary['slo'] {
  const asked = runs.flatMap(({ label, of: { slo } }) => (slo === null ? [] : [{ label, of: slo }]));
  const [first] = asked;
  if (first === undefined) return null;
  const several = { ...first.of, runs: asked };
  const limits = first.of.asked.limits.filter((limit) =>
    asked.every(({ of }) => of.asked.limits.some((other) => JSON.stringify(other) === JSON.stringify(limit))),
  );
  return {
    asked: { ...first.of.asked, text: saidOnce(several, (slo) => slo.asked.text), limits },
    sentence: asked.map(({ label, of }) => `${label}: ${of.sentence}`).join(' '),
    models: byModel(
      asked.flatMap(({ label, of }) => of.models.map((one) => ({ ...one, cell: idIn(label, one.cell) }))),
      models,
    ),
  };
}

function alike(runs: readonly Run[], of: (latency: LatencySummary) => unknown): boolean {
  return new Set(runs.map((run) => JSON.stringify(of(run.of)))).size === 1;
}

/** The id of a cell among those of several runs. */
function idIn(label: string, id: string): string {
  return `${label}: ${id}`;
}

/** In the order of the models; what has the same model stays as it was. */
function byModel<T extends { readonly model: string }>(cells: readonly T[], models: readonly string[]): T[] {
  return cells.toSorted((a, b) => models.indexOf(a.model) - models.indexOf(b.model));
}
