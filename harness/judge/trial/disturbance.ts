/** What programs beside the run did to a trial. */
import type { Environment, Failure, Measurement, Placement } from '../../store/schema.ts';
import { cpuShares } from '../bottleneck/cpu-shares.ts';
import type { Measured } from './objection.ts';

/** More of the CPUs than this, taken by programs beside the run or by the hypervisor, is a disturbance: a quiet machine takes 1 to 3%. */
export const DISTURBED = 0.05;
/** More of the requests than this, sent by somebody else, show in the figures. */
const STRANGERS = 0.005;

/**
 * Share of the CPUs that programs beside the run took, the hypervisor included and the harness itself not; null where that
 * is not told. The other server of a duet cannot be told from others.
 */
export function takenByOthers(
  measurement: Measurement,
  where: { readonly available: Environment['availableCpus']; readonly placement: Placement; readonly isDuet?: boolean },
): number | null {
  const { others } = cpuShares(measurement, where);
  const cpus = where.placement.kind === 'isolated' ? measurement.serverCpus : measurement.machine;
  if (where.isDuet === true || others === null || cpus === null) return null;
  return Math.max(0, others - measurement.harnessCpuMs / (measurement.windowMs * cpus.cpus));
}

export function disturbance({ measurement, cell, environment, isDuet }: Measured): Failure | null {
  const { placement } = cell;
  const taken = takenByOthers(measurement, { available: environment.availableCpus, placement, isDuet });
  if (taken === null || taken <= DISTURBED) return null;
  const message = `programs beside the run took ${(taken * 100).toFixed(0)}% of the CPUs`;
  return { kind: 'disturbed', message };
}

export function strangers({ measurement }: Measured): Failure | null {
  const { strangers: count, requests } = measurement;
  if (count === 0 || count <= STRANGERS * requests) return null;
  const message = `the server answered ${count} requests that the load generator had not sent, beside ${requests} of the window`;
  return { kind: 'strangers', message };
}
