/** What a chart is given, and what it gives. */
import type { TopLevelSpec } from 'vega-lite';
import type { ScenarioSummary, Summary } from '../../harness/judge/schema/summary.ts';
import type { Traces } from '../../harness/judge/traces/traces.ts';
import type { Canvas } from './canvas.ts';

/** One scenario, and the summary it belongs to for colours and conditions. */
export interface ChartInput {
  readonly scenario: ScenarioSummary;
  readonly summary: Summary;
  /** Of the same run; absent where only its summary is at hand. */
  readonly traces?: Traces | undefined;
  /** How large the image is, and what stands above it; as the chart has it when left out. */
  readonly canvas?: Canvas | undefined;
}

/** A whole run. */
export type OverviewInput = Omit<ChartInput, 'scenario'>;

export type Drawing =
  | {
      readonly kind: 'spec';
      readonly spec: TopLevelSpec;
      /** The chart in plain words, with its figures. */
      readonly alt: string;
    }
  | { readonly kind: 'omitted'; readonly reason: string };
