/** Where the time of a run went. */
import { median } from '../../stats/spread.ts';
import type { Run, Trial } from '../../store/schema.ts';

const PHASES = ['spawn', 'verify', 'connect', 'warmUp', 'leadIn', 'measure', 'verifyAfter', 'stop'] as const;

export type Phase = (typeof PHASES)[number];

/** Milliseconds of one run. */
export interface Times {
  /**
   * From the start of the run to its end, with the pauses of one that was resumed. Null while it has no end, and when the
   * clock of the system says less than the trials took, because it was moved.
   */
  readonly elapsedMs: number | null;
  /** Within trials, failed ones included. */
  readonly trialsMs: number;
  /** Of the valid trials under each kind of load that there was. */
  readonly trials: readonly TrialTimes[];
}

/** Medians over trials. */
export interface TrialTimes {
  readonly load: 'capacity' | 'rate';
  /** All phases together. */
  readonly totalMs: number;
  /** In their order, those that trials had. */
  readonly phases: readonly { readonly phase: Phase; readonly ms: number }[];
  readonly windowMs: number;
}

export function timesOf({ manifest, trials, faulted = [], end }: Run): Times {
  const trialsMs = [...trials, ...faulted].reduce((sum, trial) => sum + totalOf(trial), 0);
  const elapsedMs = end === null ? 0 : Date.parse(end.at) - Date.parse(manifest.startedAt);
  return {
    elapsedMs: end === null || elapsedMs < trialsMs ? null : elapsedMs,
    trialsMs,
    trials: [...ofLoad('capacity', trials), ...ofLoad('rate', trials)],
  };
}

function ofLoad(load: TrialTimes['load'], all: readonly Trial[]): TrialTimes[] {
  const valid = all.flatMap((trial) => {
    const { outcome } = trial;
    if (outcome.status === 'failed' || (outcome.measurement.open === null) !== (load === 'capacity')) return [];
    return [{ trial, windowMs: outcome.measurement.windowMs }];
  });
  if (valid.length === 0) return [];
  return [
    {
      load,
      totalMs: median(valid.map(({ trial }) => totalOf(trial))),
      phases: PHASES.flatMap((phase) => {
        const known = valid.flatMap(({ trial }) => trial.phasesMs[phase] ?? []);
        return known.length === 0 ? [] : [{ phase, ms: median(known) }];
      }),
      windowMs: median(valid.map(({ windowMs }) => windowMs)),
    },
  ];
}

function totalOf({ phasesMs }: Pick<Trial, 'phasesMs'>): number {
  return Object.values(phasesMs).reduce((sum, ms) => sum + ms, 0);
}
