/** How much a run measures. */
export interface Preset {
  /** Measured in any case. */
  readonly rounds: number;
  /** For the whole run: it goes on in rounds until every scenario is answered, or this is spent. */
  readonly budgetMs: number;
  /** Length of the measured window of a trial. */
  readonly measureMs: number;
  /** Shares of capacity that are offered in every scenario; an open-loop scenario is offered the usual ones in any case. */
  readonly rateShares: readonly number[];
  /** Trials of each cell of an open loop, and their windows: a percentile takes more requests than a mean. */
  readonly rateRounds: number;
  readonly rateMeasureMs: number;
  /** Trials of each cell with faults. */
  readonly faultRounds: number;
}

/** Half of what the slowest model can do, and as much as capacity planning usually allows. */
export const USUAL_SHARES: readonly number[] = [0.5, 0.8];

export const presets = {
  /** A first look: two to three minutes for the default set on two CPUs. Two rounds tell where requests per second can decide. */
  quick: {
    rounds: 2,
    budgetMs: 110_000,
    measureMs: 800,
    rateShares: [],
    rateRounds: 3,
    rateMeasureMs: 1000,
    faultRounds: 3,
  },
  /** At most five minutes for the default set: until it is answered. */
  standard: {
    rounds: 3,
    budgetMs: 300_000,
    measureMs: 1500,
    rateShares: [],
    rateRounds: 4,
    rateMeasureMs: 2500,
    faultRounds: 5,
  },
  /** More than an hour, for a result that is going to be published. */
  thorough: {
    rounds: 5,
    budgetMs: 5_400_000,
    measureMs: 5000,
    rateShares: USUAL_SHARES,
    rateRounds: 10,
    rateMeasureMs: 6000,
    faultRounds: 8,
  },
} satisfies Record<string, Preset>;

export type PresetName = keyof typeof presets;

export const defaultPreset: PresetName = 'standard';
