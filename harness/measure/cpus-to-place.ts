import type { CpusToPlace } from '../plan/placement.ts';
import { availableCpus } from './available-cpus.ts';
import { affinity, coreSiblings } from './host-facts.ts';
import { readOrNull } from './system-file.ts';
import { canBind } from './taskset.ts';

/** What this machine offers for placing server and generators. */
export function cpusToPlace(): CpusToPlace {
  const cpus = affinity(readOrNull);
  return {
    count: availableCpus().count,
    affinity: cpus,
    siblings: coreSiblings(readOrNull),
    canBind: () => cpus?.[0] !== undefined && canBind(cpus[0]),
  };
}
