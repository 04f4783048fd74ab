/** The cells of faults beside those of capacity: at which rate, for how long, and which of them cannot be. */
import type { Fault } from '../../store/fault-schema.ts';
import type { Addition, Cell, External, Failure, FaultPlan, Manifest } from '../../store/schema.ts';
import { faultText } from '../faults.ts';
import { mostOffered, offeredRates } from './rates.ts';

type FaultLoad = Extract<Cell['load'], { kind: 'fault' }>;
export type FaultCell = Cell & { readonly load: FaultLoad };

export function isFaultCell(cell: Cell): cell is FaultCell {
  return cell.load.kind === 'fault';
}

/** What a share of capacity comes to at most: more requests would tell no more of a fault, and generators must not be late. */
const MOST_PER_SEC = 2000;

/** One rate that all of these cells are offered; null for a share of a capacity that is not known. */
export function faultRate(
  { rate }: Pick<FaultPlan, 'rate'>,
  basisPerSec: number | null,
  cells: readonly Cell[],
): number | null {
  if (cells.length === 0) return null;
  const generators = Math.min(...cells.map(({ placement }) => placement.generators));
  const most = mostOffered(generators, [...new Set(cells.map(({ connectionMode }) => connectionMode))]);
  return offeredRates([rate], basisPerSec, Math.min(MOST_PER_SEC, most))[0]?.requestsPerSec ?? null;
}

/** Every fault of the plan under the model of this cell, with workers that are replaced and without where that makes a difference. */
export function faultCells(
  capacity: Cell,
  { faults, externals }: Pick<Manifest, 'faults' | 'externals'>,
  requestsPerSec: number,
): readonly FaultCell[] {
  if (faults === null) return [];
  const { arrivals, mostConnections, eachMs } = faults;
  const external = externals.find(({ name }) => name === capacity.model);
  return faults.faults.flatMap(({ beforeMs, ...fault }) =>
    restartsOf(faults, fault, capacity).map((restarts) => ({
      ...capacity,
      id: `${capacity.id}!${faultText(fault)}${restarts ? '' : ',restart=off'}`,
      load: {
        ...{ kind: 'fault' as const, fault, restarts, requestsPerSec, arrivals, mostConnections, beforeMs },
        eachMs: eachMs + (fault.lastsMs ?? 0),
      },
      unable: capacity.unable ?? (external === undefined ? null : unableFor(external, fault, faults)),
    })),
  );
}

/** Faults in which no worker dies, so that there is none to replace. */
const KILLS_NOBODY: readonly Fault['kind'][] = ['block', 'loop', 'reload', 'upstream-stall'];

/** A single process has nobody who would replace it, and a command does what it does. */
function restartsOf({ restarts }: FaultPlan, { kind }: Fault, { style }: Cell): readonly boolean[] {
  if (style === 'external') return [true];
  return style === 'alone' || KILLS_NOBODY.includes(kind) ? restarts.slice(0, 1) : restarts;
}

function unableFor(external: External, { kind }: Fault, { reloads }: FaultPlan): Failure | null {
  if (external.kind === 'address' && kind !== 'upstream-stall') {
    return { kind: 'server', message: 'it runs already, and what was not started here is not broken; use --command' };
  }
  if (kind !== 'reload' || reloads.some(({ name }) => name === external.name)) return null;
  return { kind: 'server', message: `how it reloads is not known; give --reload '${external.name}=<line>'` };
}

/** Of a trial: before the first fault and after each of them, in milliseconds. */
export function faultWindowMs({ beforeMs, eachMs, fault }: FaultLoad): number {
  return beforeMs + fault.times * eachMs;
}

/** A cell for each trial with faults that will be added when capacity is known; the rate is of no meaning. */
export function faultsAhead(
  manifest: Pick<Manifest, 'faults' | 'externals' | 'cells'>,
  additions: readonly Addition[],
): readonly FaultCell[] {
  const added = additions.flatMap(({ why, scenario }) => (why.kind === 'faults' ? [scenario] : []));
  const cells = manifest.cells
    .filter(({ scenario }) => !added.includes(scenario))
    .flatMap((cell) => faultCells(cell, manifest, 1))
    .filter(({ unable }) => unable === null);
  return Array.from({ length: manifest.faults?.rounds ?? 0 }, () => cells).flat();
}
