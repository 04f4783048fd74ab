import type { Manifest, Recalibration } from './schema.ts';

/**
 * The plan with a newer timing of the work of one scenario, and the limit that follows from it. How much work a request has
 * stays as it was: trials before and after have the same. Trials are judged by the newest timing, also those before it.
 */
export function withCalibration(manifest: Manifest, { scenario, calibration, limit }: Recalibration): Manifest {
  return {
    ...manifest,
    scenarios: manifest.scenarios.map((plan) => (plan.id === scenario ? { ...plan, calibration, limit } : plan)),
  };
}
