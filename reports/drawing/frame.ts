import type { TopLevelSpec } from 'vega-lite';
import { scenarioTitle } from '../words/cells.ts';
import { visible } from '../words/escape.ts';
import { wrap } from '../words/wrap.ts';
import { arranged, DEFAULT_CANVAS } from './canvas.ts';
import type { ChartInput } from './input.ts';
import { FOOT_LINE, type Layout, layout, MARGIN, SUBTITLE_LINE, stretched, TITLE_GAP, TITLE_LINE } from './layout.ts';
import { type Face, textWidth } from './text-width.ts';
import { caption, config, INK } from './theme.ts';

export type Layer = Extract<TopLevelSpec, { layer: unknown }>['layer'][number];

export interface Content {
  readonly input: ChartInput;
  /** What the chart shows; the scenario is put before it. */
  readonly shows: string;
  /** How to read it; the conditions are put below. */
  readonly notes: readonly string[];
  readonly alt: string;
  readonly rowLabels: readonly string[];
  /** Of rows on the scale of a row axis, which may become higher; 0 where places are pixels. */
  readonly rowHeight: number;
  /** In pixels, where rows are not all of one height. */
  readonly plotHeight?: number;
  readonly columnsWidth: number;
  readonly headHeight: number;
  /** Instead of the conditions of full load. */
  readonly conditions?: readonly string[];
}

interface Texts {
  readonly title: readonly string[];
  readonly subtitle: readonly string[];
  readonly foot: readonly string[];
}

const TITLE_SIZE = 23;
const SUBTITLE_SIZE = 15;
const FOOT_SIZE = 12;

/** A whole image: title, question, the layers of the plot, and at the foot the conditions of the measurement. */
export function frame(content: Content, layers: (place: Layout) => readonly Layer[]): TopLevelSpec {
  const { rowLabels, rowHeight, columnsWidth, headHeight } = content;
  const canvas = content.input.canvas ?? DEFAULT_CANVAS;
  const plotHeight = content.plotHeight ?? rowLabels.length * rowHeight;
  const arrangement = arranged(canvas, (width) => {
    const texts = textsOf(content, width);
    const lines = {
      titleLines: texts.title.length,
      subtitleLines: texts.subtitle.length,
      footLines: texts.foot.length,
    };
    const place = layout({ rowLabels, plotHeight, columnsWidth, headHeight, ...lines }, width);
    return { texts, place, height: place.height };
  });
  const { texts, place: tight } = arrangement.content;
  const place = stretched(tight, arrangement.spare, rowHeight > 0);
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: content.alt,
    background: INK.paper,
    autosize: { type: 'none' },
    padding: { ...place.padding },
    width: place.plotWidth,
    height: place.plotHeight,
    config: { ...config, aria: false },
    layer: [...titleLayers(texts, place), ...layers(place), footLayer(texts.foot, place)],
  };
}

/** The texts around the plot, broken into lines that fit. */
function textsOf({ input, shows, notes, conditions }: Content, imageWidth: number): Texts {
  const width = imageWidth - 2 * MARGIN;
  const lines = (text: string, size: number, face: Face = 'regular') =>
    wrap(visible(text), width, (part) => textWidth(part, size, face));
  const canvas = input.canvas ?? DEFAULT_CANVAS;
  return {
    title: lines(canvas.title ?? `${scenarioTitle(input.scenario)}: ${shows}`, TITLE_SIZE, 'bold'),
    subtitle: lines(canvas.subtitle ?? input.scenario.question, SUBTITLE_SIZE),
    foot: [...notes, ...caption(input, conditions)].flatMap((line) => lines(line, FOOT_SIZE)),
  };
}

function titleLayers({ title, subtitle }: Texts, place: Layout): Layer[] {
  const top = MARGIN - place.padding.top - 4;
  return [
    textLayer(title, place, top, {
      fontSize: TITLE_SIZE,
      fontWeight: 'bold',
      lineHeight: TITLE_LINE,
      color: INK.strong,
    }),
    textLayer(subtitle, place, top + title.length * TITLE_LINE + TITLE_GAP, {
      fontSize: SUBTITLE_SIZE,
      lineHeight: SUBTITLE_LINE,
      color: INK.normal,
    }),
  ];
}

function footLayer(lines: readonly string[], place: Layout): Layer {
  return textLayer(lines, place, place.footTop, { fontSize: FOOT_SIZE, lineHeight: FOOT_LINE, color: INK.quiet });
}

/** Lines at the left edge of the image, `top` pixels below the upper edge of the plot. */
function textLayer(lines: readonly string[], place: Layout, top: number, look: object): Layer {
  return {
    data: { values: [{}] },
    mark: { type: 'text', text: [...lines], baseline: 'top', ...look },
    encoding: { x: { value: MARGIN - place.left }, y: { value: top } },
  };
}
