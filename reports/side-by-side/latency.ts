/** Latency at given rates of several runs as one. */
import type { CommonRate, LatencySummary } from '../../harness/judge/schema/rate.ts';
import type { ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import type { RunsRate } from '../words/rates.ts';
import { type Labelled, type Several, saidOnce } from '../words/runs.ts';

type Run = Labelled<LatencySummary>;

/** The id of a cell among those of several runs. */
export function idIn(label: string, id: string): string {
  return `${label}: ${id}`;
}

/** In the order of the models; what has the same model stays as it was. */
export function byModel<T extends { readonly model: string }>(cells: readonly T[], models: readonly string[]): T[] {
  return cells.toSorted((a, b) => models.indexOf(a.model) - models.indexOf(b.model));
}

/** null where no run has any. */
export function latencyBeside(
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
