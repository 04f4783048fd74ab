/** How much a run measures. */
export interface Preset {
  readonly rounds: number;
  /** Longest warm-up; it ends earlier when throughput is steady. */
  readonly warmUpCapMs: number;
  /** Length of the measured window of a trial. */
  readonly measureMs: number;
}

export const presets = {
  /** About a minute and a half for the default set on two CPUs: a first look. */
  quick: { rounds: 3, warmUpCapMs: 1150, measureMs: 500 },
  /** About five minutes. */
  standard: { rounds: 5, warmUpCapMs: 3000, measureMs: 2500 },
  /** Half an hour, for a result that is going to be published. */
  thorough: { rounds: 15, warmUpCapMs: 6000, measureMs: 5000 },
} satisfies Record<string, Preset>;

export type PresetName = keyof typeof presets;

export const defaultPreset: PresetName = 'standard';
