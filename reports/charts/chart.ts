import type { ChartInput, Drawing, OverviewInput } from '../drawing/input.ts';

/** A chart is a pure function from results to a specification: same input, same bytes. */
export interface Chart {
  /** One line for `fourways list`. */
  readonly summary: string;
  draw(input: ChartInput): Drawing;
}

/** One image of all scenarios of a run. */
export interface Overview {
  /** One line for `fourways list`. */
  readonly summary: string;
  draw(input: OverviewInput): Drawing;
}
