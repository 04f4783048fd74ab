/** Where a run that looks for a break-even goes on: at the points beside it, until it is known to about a fifth. */
import { nextLook } from '../../stats/looks.ts';
import type { Cell, Run, ScenarioPlan } from '../../store/schema.ts';
import { summariseCells } from '../cell/summary.ts';
import { judgingOf } from '../models/judging.ts';
import type { SeriesModel, SeriesSummary } from '../schema/series.ts';
import { seriesSummaries } from '../series/series.ts';

/** What a scenario waits for. */
export type State =
  | { readonly kind: 'answered' }
  /** More rounds of these cells, the first of which has this number, would probably answer it. */
  | { readonly kind: 'open'; readonly cells: readonly Cell[]; readonly from: number; readonly rounds: number }
  /** More rounds would not. */
  | { readonly kind: 'hopeless' }
  /** Something other than the server limited too many models. */
  | { readonly kind: 'unjudged' };

/** Of the upper end of the interval to the lower one: 20% to both sides. */
const NARROW = 1.44;

/** What a point of a series over a parameter waits for; null for a scenario that is none. */
export function stateAtBreakEven(run: Omit<Run, 'end'>, plan: ScenarioPlan): State | null {
  const { manifest, additions } = run;
  const own = manifest.series.filter(
    ({ along, points }) => along.kind === 'parameter' && points.some(({ scenario }) => scenario === plan.id),
  );
  if (!manifest.breakEven || own.length === 0) return null;
  const scenarios = manifest.scenarios.map((one) => ({ id: one.id, cells: summariseCells(run, one) }));
  const summaries = seriesSummaries({ ...manifest, series: own }, scenarios, judgingOf(manifest, false));
  const wanted = summaries.flatMap((series) =>
    series.models.filter((one) => isBeside(series, one, plan.id)).map(({ model }) => model),
  );
  if (wanted.length === 0) return { kind: 'answered' };
  const cells = manifest.cells.filter(
    ({ scenario, unable, style, model }) =>
      scenario === plan.id && unable === null && (style === 'alone' || wanted.includes(model)),
  );
  const from = manifest.rounds + roundsOf(additions, cells);
  return { kind: 'open', cells, from, rounds: nextLook(from) - from };
}

/** Whether the point is one of those between which the break-even lies, or may lie. */
function isBeside({ points }: SeriesSummary, { breakEven }: SeriesModel, scenario: string): boolean {
  if (breakEven?.kind === 'open') return true;
  if (breakEven?.kind !== 'found') return false;
  const { value, low, high } = breakEven;
  if (low !== null && high !== null && high / low <= NARROW) return false;
  const below = points.findLast((one) => one.value <= value);
  const above = points.find((one) => one.value > value);
  return below?.scenario === scenario || above?.scenario === scenario;
}

function roundsOf(additions: Run['additions'], cells: readonly Cell[]): number {
  const ids = new Set(cells.map(({ id }) => id));
  const own = additions.filter((addition) => addition.cells.some(({ id }) => ids.has(id)));
  return new Set(own.flatMap(({ rounds }) => rounds)).size;
}
