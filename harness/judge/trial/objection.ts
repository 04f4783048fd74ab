/** Whether what a trial measured may stand. Decided by what is possible, by CPU time and by counts, never by the result. */
import type { Cell, Environment, Failure, Measurement, ScenarioPlan } from '../../store/schema.ts';
import { disturbance, strangers } from './disturbance.ts';
import { impossible } from './possible.ts';
import { standstill } from './standstill.ts';

/** A measurement with all that it is held against. */
export interface Measured {
  readonly measurement: Measurement;
  readonly cell: Cell;
  /** With the newest calibration. */
  readonly plan: ScenarioPlan;
  readonly environment: Pick<Environment, 'availableCpus'>;
  /** Another server was measured on the same CPUs at the same time. */
  readonly isDuet: boolean;
  /** Whether some class of requests is answered on the front of a pool, which then is one more thread that does the work. */
  readonly frontAnswers: boolean;
}

/** Why a measurement may not stand. With `calibration` at fault, the work is to be timed again, and then judged again. */
export interface Objection {
  readonly reason: Failure;
  readonly atFault: 'trial' | 'calibration';
}

/** The first objection, or null when it may stand. What is impossible comes first: nothing else explains it away. */
export function objection(measured: Measured): Objection | null {
  const above = impossible(measured);
  if (above !== null) return above;
  const reason = standstill(measured) ?? strangers(measured) ?? disturbance(measured);
  return reason === null ? null : { reason, atFault: 'trial' };
}
