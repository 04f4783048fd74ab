/** A whole image: what stands around the plot, and how much room it takes. */

import type { ScenarioSummary, Summary } from '../../harness/judge/schema/summary.ts';
import { capital, scenarioHeading, scenarioWords } from '../../harness/judge/words.ts';
import { aboutLines, conditions } from '../words/cells.ts';
import { visible } from '../words/escape.ts';
import { runsOf, type Several } from '../words/runs.ts';
import { wrap } from '../words/wrap.ts';
import { arranged, type Canvas, DEFAULT_CANVAS, isNarrow, isPlain } from './canvas.ts';
import type { ChartInput, Drawing } from './input.ts';
import { IN_PIXELS, type Layer, texts } from './marks.ts';
import { cut, type Face, textWidth } from './text-width.ts';
import { config, INK } from './theme.ts';

export const MARGIN = 28;
/** Between the plot and the text right of it. */
export const GUTTER = 20;

/** What every chart says of itself. */
export interface Said {
  readonly input: ChartInput;
  /** What was found, without a full stop; what is drawn where nothing was found. */
  readonly title: string;
  /** What is drawn, with unit and direction: `requests per second, more is better`. The scenario is put before it. */
  readonly measure: string;
  /** What kind of chart it is, for those who do not see it: `Bar chart`. */
  readonly kind: string;
  /** The figures that matter, for those who do not see them: `requests per second: cluster 190, single 97.7`. */
  readonly figures: string;
  /** How to read it, a line each; the conditions are put below. A plain image has none of these. */
  readonly notes: readonly string[];
  /** Instead of the conditions of full load. */
  readonly conditions?: readonly string[];
}

export interface Content extends Said {
  readonly rowLabels: readonly string[];
  /** Of rows on the scale of a row axis, which may become higher; 0 where places are pixels. */
  readonly rowHeight: number;
  /** In pixels, where rows are not all of one height. */
  readonly plotHeight?: number;
  readonly columnsWidth: number;
  /** Between subtitle and plot. */
  readonly headHeight: number;
  /** Below the plot, for its axis, where that takes more than usual. */
  readonly axisHeight?: number;
}

interface Texts {
  readonly title: readonly string[];
  readonly subtitle: readonly string[];
  readonly foot: readonly string[];
}

/** What depends on whether an image is narrow, in pixels: sizes of letters, the height of their lines, and the margin. */
interface Look {
  readonly margin: number;
  readonly title: Lettering;
  readonly subtitle: Lettering;
  readonly foot: Lettering;
}

interface Lettering {
  readonly size: number;
  readonly line: number;
}

const ORDINARY: Look = {
  margin: MARGIN,
  title: { size: 23, line: 29 },
  subtitle: { size: 15, line: 21 },
  foot: { size: 12, line: 17 },
};
const NARROW: Look = {
  margin: 16,
  title: { size: 18, line: 23 },
  subtitle: { size: 14, line: 18 },
  foot: { size: 11, line: 15 },
};

function lookOf(canvas: Canvas | undefined): Look {
  return isNarrow(canvas) ? NARROW : ORDINARY;
}

/** What a narrow image has beside its margins where nothing stands beside the plot; null for an image that is not narrow. */
export function narrowWidth({ canvas }: Pick<ChartInput, 'canvas'>): number | null {
  return canvas?.size.kind === 'width' && isNarrow(canvas) ? canvas.size.px - 2 * NARROW.margin : null;
}

/** Title and subtitle, the layers of the plot, and at the foot how to read it and the conditions of the measurement. */
export function frame(content: Content, layers: (layout: Layout) => readonly Layer[]): Drawing {
  const { canvas } = content.input;
  return framed(content, { alt: altText(content), canvas, textsAt: (width) => textsOf(content, width) }, layers);
}

/** What stands around a plot: for those who do not see it, and in lines for an image of some width. */
interface Around {
  readonly alt: string;
  readonly canvas?: Canvas | undefined;
  readonly textsAt: (width: number) => Texts;
}

/** The same for an image that is not of one scenario. */
export function framed(
  room: Room,
  { alt, canvas = DEFAULT_CANVAS, textsAt }: Around,
  layers: (layout: Layout) => readonly Layer[],
): Drawing {
  const look = lookOf(canvas);
  const arrangement = arranged(canvas, (width) => {
    const words = textsAt(width);
    const layout = layoutOf(room, words, width, look);
    return { words, layout, height: layout.height };
  });
  const { words, layout: tight } = arrangement.content;
  const layout = stretched(tight, arrangement.spare, room.rowHeight > 0);
  const { padding, plotWidth: width, plotHeight } = layout;
  return image(alt, { padding, width, height: plotHeight }, [...wordsAround(words, layout, look), ...layers(layout)]);
}

/** Each paragraph in lines that fit into an image of this width. */
export function linesAround(
  { title, subtitle, foot }: { readonly title: string; readonly subtitle: string; readonly foot: readonly string[] },
  imageWidth: number,
  look: Look = ORDINARY,
): Texts {
  const width = imageWidth - 2 * look.margin;
  const lines = (text: string, size: number, face: Face = 'regular') =>
    wrap(visible(text), width, (part) => textWidth(part, size, face));
  return {
    title: lines(title, look.title.size, 'bold'),
    subtitle: lines(subtitle, look.subtitle.size),
    foot: foot.flatMap((line) => lines(line, look.foot.size)),
  };
}

interface Size {
  /** Around the plot. */
  readonly padding: Layout['padding'];
  readonly width: number;
  readonly height: number;
}

/** Layers on paper, in the look of all charts. */
export function image(alt: string, { padding, ...size }: Size, layer: Layer[]): Drawing {
  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: alt,
    background: INK.paper,
    autosize: { type: 'none' as const },
    padding: { ...padding },
    ...size,
    config: { ...config, aria: false },
    layer,
  };
  return { kind: 'spec', spec, alt };
}

/** As a sentence begins, unless it begins with a name: that of a model, or of a percentile. */
function titleOf(title: string, { cells }: ScenarioSummary): string {
  return cells.some(({ model }) => title.startsWith(visible(model))) || /^p\d/u.test(title) ? title : capital(title);
}

/** One sentence: what it is, what was found, and the figures. */
function altText({ input: { scenario }, kind, title, figures }: Said): string {
  return visible(`${kind} of ${scenarioWords(scenario)}: ${title} (${figures}).`);
}

/** The texts around the plot, broken into lines that fit. */
function textsOf({ input, title, measure, notes, conditions: under }: Content, imageWidth: number): Texts {
  const look = lookOf(input.canvas);
  const width = imageWidth - 2 * look.margin;
  const canvas = input.canvas ?? DEFAULT_CANVAS;
  const source = (): string => cut(visible(sourceText(alone(input))), width, { size: look.foot.size, face: 'regular' });
  return linesAround(
    {
      title: canvas.title ?? titleOf(title, input.scenario),
      subtitle: canvas.subtitle ?? `${scenarioHeading(input.scenario)} · ${measure}`,
      // A narrow image has no room for the machine.
      foot: isPlain(canvas) ? [source()] : [...notes, ...caption(alone(input), under).slice(look === NARROW ? -1 : 0)],
    },
    imageWidth,
    look,
  );
}

function wordsAround({ title, subtitle, foot }: Texts, { edge, padding, footTop }: Layout, look: Look): Layer[] {
  // From the left edge of the image, so many pixels below the upper edge of the plot.
  const lines = (all: readonly string[], top: number, { size, line }: Lettering, more: object): Layer[] => {
    const data = all.map((text, i) => ({ x: edge, y: top + i * line, text }));
    return texts(IN_PIXELS, data, { baseline: 'top', fontSize: size, ...more });
  };
  const top = look.margin - padding.top - 4;
  const below = top + title.length * look.title.line + TITLE_GAP;
  return [
    ...lines(title, top, look.title, { fontWeight: 'bold', color: INK.strong }),
    ...lines(subtitle, below, look.subtitle, { color: INK.normal }),
    ...lines(foot, footTop, look.foot, { color: INK.quiet }),
  ];
}

const ROW_LABEL_SIZE = 15;
/** Below the plot, for the figures of its axis and one line of its title. */
export const AXIS_HEIGHT = 58;
/** Between title and subtitle, and below the latter. */
const TITLE_GAP = 7;
const BELOW_TITLE = 14;
const BELOW_FOOT = 22;
const LABEL_GAP = 16;

/** Where things go, in pixels. Computed here and not by Vega, whose idea of text width depends on the machine. */
export interface Layout {
  readonly plotWidth: number;
  readonly plotHeight: number;
  readonly left: number;
  /** Where the texts around the plot begin, in pixels from its left. */
  readonly edge: number;
  readonly footTop: number;
  /** Of the whole image. */
  readonly height: number;
  readonly padding: { readonly top: number; readonly right: number; readonly bottom: number; readonly left: number };
}

type Room = Pick<Content, 'rowLabels' | 'rowHeight' | 'plotHeight' | 'columnsWidth' | 'headHeight' | 'axisHeight'>;

/** Room for everything that surrounds the plot, in an image of this width. */
export function layoutOf(content: Room, { title, subtitle, foot }: Texts, width: number, look = ORDINARY): Layout {
  const { rowLabels, rowHeight, columnsWidth, headHeight, axisHeight = AXIS_HEIGHT } = content;
  const { margin } = look;
  const plotHeight = content.plotHeight ?? rowLabels.length * rowHeight;
  const longest = Math.max(0, ...rowLabels.map((label) => textWidth(label, ROW_LABEL_SIZE)));
  const left = margin + (rowLabels.length === 0 && look === NARROW ? 0 : Math.ceil(longest) + LABEL_GAP);
  const right = margin + (columnsWidth === 0 ? 0 : GUTTER + columnsWidth);
  const titles = title.length * look.title.line + subtitle.length * look.subtitle.line + TITLE_GAP;
  const top = margin + titles + BELOW_TITLE + headHeight;
  const bottom = axisHeight + foot.length * look.foot.line + BELOW_FOOT;
  return {
    plotWidth: width - left - right,
    plotHeight,
    left,
    edge: margin - left,
    footTop: plotHeight + axisHeight,
    height: top + plotHeight + bottom,
    padding: { top, right, bottom, left },
  };
}

/** Rows that are too high look lost. */
const MOST_GROWTH = 0.5;

/** The same with so many more pixels of height: rows become higher where they can, else the plot moves to the middle. */
export function stretched(layout: Layout, spare: number, canGrow: boolean): Layout {
  const { padding, plotHeight, footTop, height } = layout;
  const grown = canGrow ? Math.min(spare, plotHeight * MOST_GROWTH) : 0;
  const above = Math.floor((spare - grown) / 2);
  const below = spare - grown - above;
  return {
    ...layout,
    plotHeight: plotHeight + grown,
    footTop: footTop + grown + below,
    height: height + spare,
    padding: { ...padding, top: padding.top + above, bottom: padding.bottom + below },
  };
}

/** The generators of another scenario of the run may have had other CPUs. */
export function alone(input: ChartInput): ChartInput {
  const { summary, scenario } = input;
  return runsOf(summary).length > 0 ? input : { ...input, summary: { ...summary, scenarios: [scenario] } };
}

/**
 * The conditions of the measurement, for the foot of an image that travels without its report. `under` are those that
 * another kind of load has of its own.
 */
export function caption(input: ChartInput, under: readonly string[] = conditions(input.scenario)): string[] {
  // A line may end before a version, and nowhere between it and its name.
  return aboutLines(withScenario(input), under).map((line) => line.replace(/fourways (?=\d)/gu, 'fourways\u00a0'));
}

/** Where the figures of a plain image are from, in one line. */
export function sourceText({ summary }: Pick<ChartInput, 'summary'>): string {
  return aboutLines(summary).join(' · ');
}

/** Of several runs those alone that have the scenario. */
function withScenario({ summary, scenario }: ChartInput): Several<Summary> {
  const all = runsOf(summary);
  const labels = runsOf(scenario).map(({ label }) => label);
  const runs = all.filter(({ label }) => labels.includes(label));
  const [only] = runs;
  if (all.length === 0 || only === undefined) return summary;
  return runs.length === 1 ? only.of : { ...summary, runs };
}
