import type { TopLevelSpec } from 'vega-lite';
import type { ChartInput, OverviewInput } from '../drawing/input.ts';

export type Drawing =
  | {
      readonly kind: 'spec';
      readonly spec: TopLevelSpec;
      /** The chart in plain words, with its figures. */
      readonly alt: string;
    }
  | { readonly kind: 'omitted'; readonly reason: string };

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
