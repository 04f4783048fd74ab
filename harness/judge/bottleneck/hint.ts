/** What to change so that the server becomes the limit. */

import { MOST_CONNECTIONS } from '../../plan/connections.ts';
import type { Environment, Placement } from '../../store/schema.ts';
import type { LimitedBy } from '../schema/capacity.ts';
import type { CellSummary } from '../schema/summary.ts';
import { isRankable } from './limited-by.ts';

/** Where nothing but other programs is in the way. */
export const STOP_OTHERS = 'stop other programs; fourways doctor shows how much CPU time they take';

/** From this many CPUs on some can be spared for generators. */
const CPUS_TO_ISOLATE = 4;
const FEWEST_TIMES = 2;
const MOST_TIMES = 16;

/**
 * In one line that names the flag; null for a cell that the server itself limited, or that has no result. `cells` are
 * all those that are measured together: they get the same number of connections.
 */
export function hintFor(
  { result, placement }: CellSummary,
  cells: readonly CellSummary[],
  available: Environment['availableCpus'],
): string | null {
  if (result === null || isRankable(result.limitedBy)) return null;
  const by: LimitedBy['by'] = result.limitedBy.by;
  switch (by) {
    case 'machine':
      return machineHint(available, placement);
    case 'generator':
      return generatorHint(available, placement);
    case 'connections':
      return `give --connections ${Math.max(...cells.map(connectionsWanted))} to keep the server busy`;
    case 'upstream':
      return 'give the service behind the handler more resources, or use fewer --connections';
    case 'unclear':
      return 'give --preset thorough, or more --connections; fourways doctor shows what disturbs this machine';
    case 'workers':
    case 'front':
    case 'thread-pool':
    case 'server':
    case 'offered-rate':
      return null;
    default:
      return by satisfies never;
  }
}

/** As many as would saturate the busiest loop, and some to spare; 0 for a cell that does not lack them. */
function connectionsWanted({ result, connections, workers: known }: CellSummary): number {
  if (result?.limitedBy.by !== 'connections') return 0;
  const workers = known ?? 1;
  const busiest = Math.max(result.utilisation.workers ?? 0, result.utilisation.front ?? 0, 1 / MOST_TIMES);
  const times = Math.min(MOST_TIMES, Math.max(FEWEST_TIMES, Math.ceil(1.5 / busiest)));
  const wanted = Math.ceil((connections * times) / workers) * workers;
  return Math.min(wanted, Math.floor(MOST_CONNECTIONS / workers) * workers);
}

function machineHint({ count }: Environment['availableCpus'], placement: Placement): string {
  if (placement.kind === 'isolated') return STOP_OTHERS;
  if (placement.why === 'no-taskset')
    return 'on Linux install taskset (util-linux), which --isolate needs to give the generator a CPU of its own';
  if (count >= CPUS_TO_ISOLATE) return 'give --isolate 1, so that the generator has a CPU of its own';
  return `measure with ${CPUS_TO_ISOLATE} CPUs or more, where --isolate gives the generator its own, or give each request more work`;
}

function generatorHint({ count }: Environment['availableCpus'], placement: Placement): string {
  const generators = placement.generators + 1;
  if (placement.kind === 'shared') return `give --generators ${generators}`;
  const isolate = Math.max(placement.generatorCpus.length, generators);
  if (isolate < count) return `give --generators ${generators} --isolate ${isolate}`;
  return 'measure with more CPUs, so that --isolate can reserve another one for generators';
}
