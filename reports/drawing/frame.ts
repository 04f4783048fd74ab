import type { TopLevelSpec } from 'vega-lite';
import { scenarioTitle } from '../cells.ts';
import type { ChartInput } from '../charts/chart.ts';
import { caption, config, INK } from '../charts/theme.ts';
import { visible } from '../escape.ts';
import { wrap } from '../wrap.ts';
import { type Layout, layout, MARGIN } from './layout.ts';

export type Layer = Extract<TopLevelSpec, { layer: unknown }>['layer'][number];

export interface Content {
  readonly input: ChartInput;
  /** What the chart shows; the scenario is put before it. */
  readonly shows: string;
  /** How to read it; the conditions are put below. */
  readonly notes: readonly string[];
  readonly alt: string;
  readonly rowLabels: readonly string[];
  readonly rowHeight: number;
  /** In pixels, where rows are not all of one height. */
  readonly plotHeight?: number;
  readonly columnsWidth: number;
  readonly headHeight: number;
  /** Instead of the conditions of full load. */
  readonly conditions?: readonly string[];
}

const TITLE_LENGTH = 66;
const SUBTITLE_LENGTH = 108;
const FOOT_LENGTH = 132;
/** Between the subtitle and the topmost text of the plot: Vega stacks the title on what the layers drew. */
const TITLE_GAP = 16;

/** A whole image: title, question, the layers of the plot, and at the foot the conditions of the measurement. */
export function frame(content: Content, layers: (place: Layout) => readonly Layer[]): TopLevelSpec {
  const { input, rowLabels, rowHeight, columnsWidth, headHeight } = content;
  const plotHeight = content.plotHeight ?? rowLabels.length * rowHeight;
  const title = wrap(visible(`${scenarioTitle(input.scenario)}: ${content.shows}`), TITLE_LENGTH);
  const subtitle = wrap(visible(input.scenario.question), SUBTITLE_LENGTH);
  const foot = [...content.notes, ...caption(input, content.conditions)].flatMap((line) =>
    wrap(visible(line), FOOT_LENGTH),
  );
  const place = layout({
    rowLabels,
    plotHeight,
    columnsWidth,
    headHeight,
    titleLines: title.length,
    subtitleLines: subtitle.length,
    footLines: foot.length,
  });
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: content.alt,
    background: INK.paper,
    autosize: { type: 'none' },
    padding: { ...place.padding },
    width: place.plotWidth,
    height: place.plotHeight,
    config: { ...config, aria: false },
    title: { text: title, subtitle, dx: MARGIN - place.left, offset: TITLE_GAP },
    layer: [...layers(place), footLayer(foot, place)],
  };
}

function footLayer(lines: readonly string[], place: Layout): Layer {
  return {
    data: { values: [{}] },
    mark: { type: 'text', text: [...lines], fontSize: 12, lineHeight: 17, color: INK.quiet, baseline: 'top' },
    encoding: { x: { value: MARGIN - place.left }, y: { value: place.footTop } },
  };
}
