/** How much a run measures. */
export interface Preset {
  readonly rounds: number;
  /** Longest warm-up; it ends earlier when throughput is steady. */
  readonly warmUpCapMs: number;
  /** Length of the measured window of a trial. */
  readonly measureMs: number;
  /** Shares of capacity that are offered in every scenario; an open-loop scenario is offered the usual ones in any case. */
  readonly rateShares: readonly number[];
  /** Trials of each cell of an open loop, and their windows: a percentile takes more requests than a mean. */
  readonly rateRounds: number;
  readonly rateMeasureMs: number;
}

/** Half of what the slowest model can do, and as much as people dare to plan with. */
export const USUAL_SHARES: readonly number[] = [0.5, 0.8];

export const presets = {
  /** About a minute and a half for the default set on two CPUs: a first look, at capacity only. */
  quick: { rounds: 3, warmUpCapMs: 1150, measureMs: 500, rateShares: [], rateRounds: 3, rateMeasureMs: 2000 },
  /** About ten minutes. */
  standard: {
    rounds: 5,
    warmUpCapMs: 2500,
    measureMs: 1500,
    rateShares: USUAL_SHARES,
    rateRounds: 4,
    rateMeasureMs: 2500,
  },
  /** More than an hour, for a result that is going to be published. */
  thorough: {
    rounds: 15,
    warmUpCapMs: 6000,
    measureMs: 5000,
    rateShares: USUAL_SHARES,
    rateRounds: 10,
    rateMeasureMs: 6000,
  },
} satisfies Record<string, Preset>;

export type PresetName = keyof typeof presets;

export const defaultPreset: PresetName = 'standard';
