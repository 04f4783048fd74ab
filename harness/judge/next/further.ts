/**
 * What is measured beyond the plan, given what has been measured so far: more rounds for what is not settled, then rates that
 * follow from capacity, the next step of a search, and faults last of all. A pure function of the record, so that a run that continues and one
 * that is resumed do the same.
 */

import { rateCell } from '../../plan/schedule/cells.ts';
import { faultCells, faultRate } from '../../plan/schedule/faults.ts';
import { isSettling } from '../../plan/schedule/outlook.ts';
import {
  EQUAL_WORK_SHARE,
  mostAsked,
  mostOffered,
  offeredRates,
  SWEEP_ROUNDS,
  sweepRates,
} from '../../plan/schedule/rates.ts';
import type { Addition, Cell, Rate, Run, ScenarioPlan, Slo } from '../../store/schema.ts';
import { isRankable } from '../bottleneck/limited-by.ts';
import { summariseCell, trialsOf } from '../cell/summary.ts';
import type { CellSummary } from '../schema/summary.ts';
import { nextProbe } from '../slo/search.ts';
import { searchesOf } from './searches.ts';
import { isLimitedElsewhere, settle } from './settling.ts';

/** To be asked when nothing that is planned is due any more. Empty when the run is complete. */
export function further(run: Omit<Run, 'end'>): readonly Addition[] {
  const { manifest, additions } = run;
  const batch = 1 + Math.max(-1, ...additions.map((addition) => addition.batch));
  if (isSettling(manifest, additions)) {
    const begun = manifest.scenarios.flatMap((plan) => equalWork(run, plan, batch));
    const more = settle(run, batch, begun);
    if (more.length > 0) return more;
  }
  const rates = manifest.scenarios.flatMap((plan) => {
    const first = common(run, plan, batch);
    // One model's share of its own capacity may be the common rate.
    return [...first, ...sweep({ ...run, additions: [...additions, ...first] }, plan, batch)];
  });
  const asked = rates.length > 0 ? rates : manifest.scenarios.flatMap((plan) => search(run, plan, batch));
  if (asked.length > 0) return asked;
  // What rates took less than was set aside for them, and what a resumed run may take longer.
  const more = settle(run, batch);
  return more.length > 0 ? more : manifest.scenarios.flatMap((plan) => faults(run, plan, batch));
}

/** What serves the rate that shares are of: the slowest model that can be ranked, or else the slowest. */
export function basisOf(
  cells: readonly CellSummary[],
): { cell: CellSummary; requestsPerSec: number; ranked: boolean } | null {
  const measured = cells.flatMap((cell) =>
    cell.result === null
      ? []
      : [{ cell, requestsPerSec: cell.result.requestsPerSec.point, ranked: isRankable(cell.result.limitedBy) }],
  );
  const ranked = measured.filter((one) => one.ranked);
  const [slowest = null] = (ranked.length > 0 ? ranked : measured).toSorted(
    (a, b) => a.requestsPerSec - b.requestsPerSec,
  );
  return slowest;
}

function common(run: Omit<Run, 'end'>, plan: ScenarioPlan, batch: number): Addition[] {
  if (plan.rates.length === 0 || has(run.additions, plan, 'common')) return [];
  return offering(run, plan, plan.rates, batch);
}

/**
 * One rate that every model can carry, where requests per second tell nothing of the server and no rate was asked for: what the
 * same work costs, and how long it takes, is the server's own.
 */
function equalWork(run: Omit<Run, 'end'>, plan: ScenarioPlan, batch: number): Addition[] {
  const { equalWork: isWanted } = run.manifest.latency;
  if (!isWanted || plan.rates.length > 0 || has(run.additions, plan, 'common')) return [];
  const cells = capacityCells(run, plan).map(({ summary }) => summary);
  return isLimitedElsewhere(cells) ? offering(run, plan, [{ kind: 'share', share: EQUAL_WORK_SHARE }], batch) : [];
}

function offering(run: Omit<Run, 'end'>, plan: ScenarioPlan, rates: readonly Rate[], batch: number): Addition[] {
  const { latency } = run.manifest;
  const capacity = capacityCells(run, plan);
  const hasShares = rates.some(({ kind }) => kind === 'share');
  const basis = hasShares ? basisIn(capacity) : null;
  const cells = capacity.filter(({ summary }) => summary.givenUp === null).map(({ cell }) => cell);
  const { rounds } = latency;
  const offer = { plan, rates, basis, cells, rounds, batch };
  return [commonRates(offer, (cell, rate) => rateCell(cell, rate, latency, { kind: 'rate', rounds }))];
}

type Basis = Extract<Addition['why'], { kind: 'common' }>['basis'];

function basisIn(capacity: readonly { readonly summary: CellSummary }[]): Basis {
  const found = basisOf(capacity.map(({ summary }) => summary));
  return found === null ? null : { ...found, cell: found.cell.id };
}

/** Rates that are offered to these cells, each to all of them. */
export interface Offer {
  readonly plan: ScenarioPlan;
  readonly rates: readonly Rate[];
  /** What shares are of. */
  readonly basis: Basis;
  /** Of capacity. */
  readonly cells: readonly Cell[];
  readonly rounds: number;
  readonly batch: number;
}

/** `cellAt` is the cell of an open loop beside one of capacity. */
export function commonRates(
  { plan, rates, basis, cells, rounds, batch }: Offer,
  cellAt: (cell: Cell, requestsPerSec: number) => Cell,
): Addition {
  const modes = [...new Set(cells.map(({ connectionMode }) => connectionMode))];
  const most = mostOffered(Math.min(...cells.map(({ placement }) => placement.generators)), modes);
  const offered = offeredRates(rates, basis?.requestsPerSec ?? null, most);
  // Only a rate that somebody asked for can be missed.
  const cappedAt = plan.rates.length > 0 && offered.some(({ capped }) => capped) ? most : null;
  return {
    type: 'addition',
    batch,
    scenario: plan.id,
    why: { kind: 'common', basis, cappedAt },
    cells: offered.flatMap(({ requestsPerSec }) => cells.map((cell) => cellAt(cell, requestsPerSec))),
    rounds: numbered(rounds),
  };
}

function sweep(run: Omit<Run, 'end'>, plan: ScenarioPlan, batch: number): Addition[] {
  const { manifest, additions } = run;
  if (!manifest.latency.sweep || has(additions, plan, 'sweep')) return [];
  const rounds = Math.min(SWEEP_ROUNDS, manifest.latency.rounds);
  const cells = capacityCells(run, plan).flatMap(({ cell, summary: { result } }) => {
    if (result === null) return [];
    const swept = sweepRates({
      capacityPerSec: result.requestsPerSec.point,
      isServerLimited: isRankable(result.limitedBy),
      mostPerSec: mostAsked(cell.placement.generators, [cell.connectionMode]),
    });
    return swept.map((rate) => rateCell(cell, rate, manifest.latency, { kind: 'rate', rounds }));
  });
  const planned = new Set(additions.flatMap((addition) => addition.cells.map(({ id }) => id)));
  return [
    {
      type: 'addition',
      batch,
      scenario: plan.id,
      why: { kind: 'sweep' },
      cells: cells.filter(({ id }) => !planned.has(id)),
      rounds: numbered(rounds),
    },
  ];
}

/** Every fault under every model that could carry the load, at one rate. */
function faults(run: Omit<Run, 'end'>, plan: ScenarioPlan, batch: number): Addition[] {
  const { manifest, additions } = run;
  if (manifest.faults === null || has(additions, plan, 'faults')) return [];
  const capacity = capacityCells(run, plan);
  const { rate, rounds } = manifest.faults;
  const basis = rate.kind === 'share' ? basisIn(capacity) : null;
  const able = capacity.filter(({ summary }) => summary.givenUp === null).map(({ cell }) => cell);
  const requestsPerSec = faultRate({ rate }, basis?.requestsPerSec ?? null, able);
  const cells = requestsPerSec === null ? [] : able.flatMap((cell) => faultCells(cell, manifest, requestsPerSec));
  return [
    { type: 'addition', batch, scenario: plan.id, why: { kind: 'faults', basis }, cells, rounds: numbered(rounds) },
  ];
}

/** The next trial of every search that is not over, all of them in one batch. */
function search(run: Omit<Run, 'end'>, plan: ScenarioPlan, batch: number): Addition[] {
  const { slo } = run.manifest.latency;
  if (slo === null) return [];
  return searchesOf(run, plan).flatMap(({ cell, capacityPerSec, isServerLimited, mostPerSec, probes }): Addition[] => {
    if (capacityPerSec === null) return [];
    const next = nextProbe({ capacityPerSec, isServerLimited, mostPerSec }, probes);
    if (next.kind === 'over') return [];
    const samples = samplesFor(slo);
    const probed = rateCell(cell, next.requestsPerSec, run.manifest.latency, { kind: 'slo', samples });
    const before = run.additions.filter((addition) => addition.cells.some(({ id }) => id === probed.id));
    const from = before.flatMap(({ rounds }) => rounds).length;
    const rounds = numbered(next.trials).map((round) => from + round);
    return [{ type: 'addition', batch, scenario: plan.id, why: { kind: 'slo' }, cells: [probed], rounds }];
  });
}

function capacityCells(
  { manifest, trials }: Omit<Run, 'end'>,
  plan: ScenarioPlan,
): { cell: Cell; summary: CellSummary }[] {
  return manifest.cells
    .filter(({ scenario }) => scenario === plan.id)
    .map((cell) => {
      return { cell, summary: summariseCell(cell, trialsOf(trials, cell.id), plan, manifest) };
    });
}

function has(additions: readonly Addition[], plan: ScenarioPlan, kind: Addition['why']['kind']): boolean {
  return additions.some(({ scenario, why }) => scenario === plan.id && why.kind === kind);
}

/** Requests that a single trial needs for the percentiles of an SLO: five beyond each, and a fifth more to be sure. */
function samplesFor({ limits }: Slo): number {
  const samples = { p50: 12, p90: 60, p99: 600, p999: 6000 } as const;
  return Math.max(...limits.map(({ percentile }) => samples[percentile]));
}

function numbered(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
