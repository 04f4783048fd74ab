import type { ChartInput, Drawing, OverviewInput } from '../drawing/input.ts';

/** A chart is a pure function from results to a specification: same input, same bytes. */
export interface Chart {
  /** One line for `fourways list`. */
  readonly summary: string;
  draw(input: ChartInput): Drawing;
  /** Further images, where one would have to show too much: of other rates, or of a class of requests. */
  parts?(input: ChartInput): readonly ChartPart[];
}

/** A further image of a chart. */
export interface ChartPart {
  /** What it is of, in a few words, from which the name of its file is made: `light requests at 158/s`. */
  readonly of: string;
  readonly drawing: Drawing;
}

/** One image of all scenarios of a run. */
export interface Overview {
  /** One line for `fourways list`. */
  readonly summary: string;
  draw(input: OverviewInput): Drawing;
}
