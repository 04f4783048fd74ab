import type { TopLevelSpec } from 'vega-lite';
import type { ScenarioSummary, Summary } from '../../harness/judge/summary-schema.ts';

/** One scenario, and the summary it belongs to for colours and conditions. */
export interface ChartInput {
  readonly scenario: ScenarioSummary;
  readonly summary: Summary;
}

export type Drawing =
  | {
      readonly kind: 'spec';
      readonly spec: TopLevelSpec;
      /** The chart in plain words, with its figures. */
      readonly alt: string;
    }
  | { readonly kind: 'omitted'; readonly reason: string };

/** A chart is a pure function from results to a specification: same summary, same bytes. */
export interface Chart {
  /** One line for `fourways list`. */
  readonly summary: string;
  draw(input: ChartInput): Drawing;
}
