/** Everything derived about latency in one scenario. */

import { EQUAL_WORK_SHARE } from '../plan/schedule/rates.ts';
import { givenUp } from '../plan/schedule/remaining.ts';
import type { Addition, Cell, Run, ScenarioPlan } from '../store/schema.ts';
import { type Answered, latencyAnswer } from './answer/latency.ts';
import { sloSentence } from './answer/slo.ts';
import { circumstancesOf } from './bottleneck/causes.ts';
import { rateResultOf } from './cell/rate.ts';
import { countsOf, trialsOf, validOf } from './cell/summary.ts';
import { searchesOf } from './next/searches.ts';
import type { CommonRate, LatencySummary, RateCell, Sustained } from './schema/rate.ts';
import type { CellSummary } from './schema/summary.ts';
import { nextProbe } from './slo/search.ts';
import { namesOf } from './words.ts';

/** Before it is said in words what the common rates come to. */
export type UntoldLatency = Omit<LatencySummary, 'common'> & {
  readonly common: readonly Omit<CommonRate, 'sentence'>[];
};

type CommonBasis = NonNullable<Extract<Addition['why'], { kind: 'common' }>['basis']>;

/** null when no rate is planned in this scenario. `capacity` are its capacity cells, where those have been summarised. */
export function latencySummary(run: Run, plan: ScenarioPlan, capacity?: readonly CellSummary[]): UntoldLatency | null {
  const { manifest } = run;
  const { latency } = manifest;
  const additions = run.additions.filter(({ scenario }) => scenario === plan.id);
  const isOffered = additions.some(({ why }) => why.kind === 'common');
  if (plan.rates.length === 0 && !isOffered && !latency.sweep && latency.slo === null) return null;
  const order = manifest.cells.map(({ model, connectionMode }) => `${model} ${connectionMode}`);
  const placeOf = ({ model, connectionMode }: RateCell): number => order.indexOf(`${model} ${connectionMode}`);
  const added = new Map(additions.flatMap(({ cells }) => cells.map((cell) => [cell.id, cell] as const)));
  const cells = [...added.values()]
    .flatMap((cell) => rateCellOf(cell, plan, run))
    .toSorted((a, b) => placeOf(a) - placeOf(b) || a.offeredPerSec - b.offeredPerSec);
  const common = additions.flatMap(({ why, cells: planned }) => (why.kind === 'common' ? [{ why, planned }] : []))[0];
  const basis = common?.why.basis ?? null;
  return {
    arrivals: latency.arrivals,
    basis: basis === null ? null : basisOf(basis, manifest.cells),
    cappedAt: common?.why.cappedAt ?? null,
    common: common === undefined ? [] : commonRates(common.planned, basis?.requestsPerSec ?? null, plan),
    cells,
    sweep: additions.flatMap(({ why, cells: planned }) => (why.kind === 'sweep' ? planned.map(({ id }) => id) : [])),
    slo: sloOf(run, plan, capacity),
  };
}

/** With what its common rates come to, which is known once their latencies have been compared. */
export function toldLatency(latency: UntoldLatency, answered: Answered): LatencySummary {
  const { cells, common } = latency;
  const sentenceOf = (ids: readonly string[]): string =>
    latencyAnswer(
      cells.filter(({ id }) => ids.includes(id)),
      answered,
    );
  return { ...latency, common: common.map((rate) => ({ ...rate, sentence: sentenceOf(rate.cells) })) };
}

function basisOf({ cell, requestsPerSec, ranked }: CommonBasis, cells: readonly Cell[]): LatencySummary['basis'] {
  return { model: nameOf(cell, cells), requestsPerSec, ranked };
}

function rateCellOf(cell: Cell, plan: ScenarioPlan, { manifest, trials }: Run): RateCell[] {
  if (cell.load.kind !== 'rate') return [];
  const own = trialsOf(trials, cell.id);
  const valid = validOf(own);
  const lost = givenUp(cell.id, own, manifest.retries);
  const { id, model, style, workers, connections, connectionMode, load } = cell;
  return [
    {
      ...{ id, model, style, workers, connections, connectionMode },
      offeredPerSec: load.requestsPerSec,
      ...countsOf(own),
      givenUp: lost,
      result: lost === null ? rateResultOf(valid, circumstancesOf(cell, plan, manifest)) : null,
    },
  ];
}

/** One for each rate that was offered to all, lowest first. */
function commonRates(
  planned: Addition['cells'],
  basisPerSec: number | null,
  plan: ScenarioPlan,
): UntoldLatency['common'] {
  const rates = new Map<number, string[]>();
  for (const { id, load } of planned) {
    if (load.kind === 'rate') rates.set(load.requestsPerSec, [...(rates.get(load.requestsPerSec) ?? []), id]);
  }
  return [...rates].map(([offeredPerSec, ids]) => ({
    offeredPerSec,
    share: shareOf(offeredPerSec, basisPerSec, plan),
    cells: ids,
  }));
}

/** The share that a rate was asked for as: offered rates are rounded to three digits. */
function shareOf(offeredPerSec: number, basisPerSec: number | null, { rates }: ScenarioPlan): number | null {
  if (basisPerSec === null) return null;
  const asked = rates.flatMap((rate) => (rate.kind === 'share' ? [rate.share] : []));
  const shares = rates.length === 0 ? [EQUAL_WORK_SHARE] : asked;
  return shares.find((share) => Number((share * basisPerSec).toPrecision(3)) === offeredPerSec) ?? null;
}

function sloOf(run: Run, plan: ScenarioPlan, capacity?: readonly CellSummary[]): LatencySummary['slo'] {
  const { slo } = run.manifest.latency;
  if (slo === null) return null;
  const models = searchesOf(run, plan, capacity).map(
    ({ cell, capacityPerSec, isServerLimited, mostPerSec, probes }): Sustained => {
      const about = { cell: cell.id, model: cell.model, connectionMode: cell.connectionMode, trials: probes.length };
      if (capacityPerSec === null) {
        return {
          ...about,
          outcome: {
            kind: 'untold',
            metPerSec: null,
            why: 'its capacity is not known, so the search had no starting point',
          },
        };
      }
      const next = nextProbe({ capacityPerSec, isServerLimited, mostPerSec }, probes);
      if (next.kind === 'over') return { ...about, outcome: next.outcome };
      return { ...about, outcome: { kind: 'untold', metPerSec: null, why: 'the search was not finished' } };
    },
  );
  return { asked: slo, sentence: sloSentence(slo, models), models };
}

function nameOf(id: string, cells: readonly Cell[]): string {
  const cell = cells.find((one) => one.id === id);
  return cell === undefined ? id : namesOf(cells)(cell);
}
