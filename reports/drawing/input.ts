/** What a chart is, what it is given, and what it gives. */
import type { TopLevelSpec } from 'vega-lite';
import type { FaultSummary } from '../../harness/judge/schema/faults.ts';
import type { SeriesSummary } from '../../harness/judge/schema/series.ts';
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

/** An SVG that moves by itself, without a script. */
export interface MovingDrawing {
  readonly kind: 'moving';
  readonly svg: string;
  readonly alt: string;
}

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

/** An image of each series of a run. */
export interface SeriesChart {
  /** One line for `fourways list`. */
  readonly summary: string;
  draw(input: OverviewInput, series: SeriesSummary): Drawing;
}

/** An image of each fault of a scenario. */
export interface FaultChart {
  /** One line for `fourways list`. */
  readonly summary: string;
  draw(input: ChartInput, fault: FaultSummary): Drawing | MovingDrawing;
}

/** One image of all scenarios of a run. */
export interface Overview {
  /** One line for `fourways list`. */
  readonly summary: string;
  /** Whether something is to be said of a run, drawn or left out, that did not ask for it by name; without it, of every one. */
  isFor?(summary: Summary): boolean;
  draw(input: OverviewInput): Drawing;
}
