/** Where a cell ran, as far as its figures are judged by it. */
import type { Cell, Environment, Manifest, Placement, ScenarioPlan } from '../../store/schema.ts';
import type { Circumstances } from './causes.ts';

/** CPUs that the server may use: where the generators have CPUs of their own it has the others, else all, fractions included. */
export function cpusOfServer(placement: Placement, available: Environment['availableCpus']): number {
  return placement.kind === 'isolated' ? placement.serverCpus.length : available.capacity;
}

/** By the cell and not by the run: a scenario may be placed otherwise than the others of its run. */
export function circumstancesOf(
  { connections, placement }: Pick<Cell, 'connections' | 'placement'>,
  { limit }: Pick<ScenarioPlan, 'limit'>,
  { environment, ab }: Pick<Manifest, 'environment' | 'ab'>,
): Circumstances {
  return { limit, connections, available: environment.availableCpus, placement, isDuet: ab?.duet === true };
}
