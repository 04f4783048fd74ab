/** Who else used the CPUs while the doctor measured: what names the culprit when a known truth is missed. Pure. */
import { cpuShares } from '../../judge/bottleneck/cpus.ts';
import type { Environment, Measurement } from '../../store/schema.ts';
import { type Finding, judged, ok, UNTOLD } from '../finding.ts';
import { BESIDE } from '../truths/known.ts';

const NAME = 'free CPU, measuring';
/** From here on a trial is labelled as held back by the machine when no CPU is idle (`judge/bottleneck/causes.ts`). */
const MATTERS = 0.15;

/** At most a caution: whether it did harm is what the known truths and the A/A pairs tell. */
export function othersFinding(measurements: readonly Measurement[], available: Environment['availableCpus']): Finding {
  // Under a quota the idle time of the host says nothing about what is left for this process.
  if (available.decidedBy === 'quota') return ok(NAME, UNTOLD);
  const shares = measurements.flatMap((one) => cpuShares(one, { available, placement: BESIDE })?.others ?? []);
  if (shares.length === 0) return ok(NAME, UNTOLD);
  const disturbed = shares.filter((share) => share > MATTERS).length;
  const most = `others use up to ${(Math.max(...shares) * 100).toFixed(0)}%`;
  const value = disturbed === 0 ? most : `${most}, in ${disturbed} of ${shares.length} trials`;
  const step = 'Other programs ran while this one measured: end them, and try again.';
  return judged(NAME, disturbed === 0 ? 'ok' : 'caution', value, step);
}
