/** Where things go, in pixels. Computed here and not by Vega, whose idea of text width depends on the machine. */
import { textWidth } from './text-width.ts';

export const MARGIN = 28;
/** Between the plot and the text right of it. */
export const GUTTER = 20;
export const ROW_LABEL_SIZE = 15;

const AXIS_HEIGHT = 58;
export const FOOT_LINE = 17;
export const TITLE_LINE = 29;
export const SUBTITLE_LINE = 21;
/** Between title and subtitle, and below the latter. */
export const TITLE_GAP = 7;
const BELOW_TITLE = 14;
const BELOW_FOOT = 22;
const LABEL_GAP = 16;

export interface Content {
  readonly rowLabels: readonly string[];
  readonly plotHeight: number;
  readonly columnsWidth: number;
  /** Between subtitle and plot. */
  readonly headHeight: number;
  readonly titleLines: number;
  readonly subtitleLines: number;
  readonly footLines: number;
}

export interface Layout {
  readonly plotWidth: number;
  readonly plotHeight: number;
  readonly left: number;
  readonly footTop: number;
  /** Of the whole image. */
  readonly height: number;
  readonly padding: { readonly top: number; readonly right: number; readonly bottom: number; readonly left: number };
}

/** Room for everything that surrounds the plot, in an image of this width. */
export function layout(content: Content, width: number): Layout {
  const longest = Math.max(0, ...content.rowLabels.map((label) => textWidth(label, ROW_LABEL_SIZE)));
  const left = MARGIN + Math.ceil(longest) + LABEL_GAP;
  const right = MARGIN + (content.columnsWidth === 0 ? 0 : GUTTER + content.columnsWidth);
  const titles = content.titleLines * TITLE_LINE + content.subtitleLines * SUBTITLE_LINE + TITLE_GAP;
  const top = MARGIN + titles + BELOW_TITLE + content.headHeight;
  const footTop = content.plotHeight + AXIS_HEIGHT;
  const bottom = AXIS_HEIGHT + content.footLines * FOOT_LINE + BELOW_FOOT;
  return {
    plotWidth: width - left - right,
    plotHeight: content.plotHeight,
    left,
    footTop,
    height: top + content.plotHeight + bottom,
    padding: { top, right, bottom, left },
  };
}

/** The same with so many more pixels of height: rows become higher where they can, else the plot moves to the middle. */
export function stretched(place: Layout, spare: number, canGrow: boolean): Layout {
  const { padding, plotHeight, footTop, height } = place;
  const grown = canGrow ? Math.min(spare, plotHeight * MOST_GROWTH) : 0;
  const above = Math.floor((spare - grown) / 2);
  const below = spare - grown - above;
  return {
    ...place,
    plotHeight: plotHeight + grown,
    footTop: footTop + grown + below,
    height: height + spare,
    padding: { ...padding, top: padding.top + above, bottom: padding.bottom + below },
  };
}

/** Rows that are too high look lost. */
const MOST_GROWTH = 0.5;
