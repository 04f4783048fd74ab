/** Where things go, in pixels. Computed here and not by Vega, whose idea of text width depends on the machine. */

const IMAGE_WIDTH = 960;
export const MARGIN = 28;
/** Between the plot and the text right of it. */
export const GUTTER = 20;

const LABEL_CHARACTER = 8;
const AXIS_HEIGHT = 58;
const FOOT_LINE = 17;
const TITLE_LINE = 28;
const SUBTITLE_LINE = 20;

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
  readonly padding: { readonly top: number; readonly right: number; readonly bottom: number; readonly left: number };
}

/** Room for everything that surrounds the plot. */
export function layout(content: Content): Layout {
  const longest = Math.max(...content.rowLabels.map((label) => label.length));
  const left = MARGIN + longest * LABEL_CHARACTER + 16;
  const right = MARGIN + (content.columnsWidth === 0 ? 0 : GUTTER + content.columnsWidth);
  const titleHeight = content.titleLines * TITLE_LINE + content.subtitleLines * SUBTITLE_LINE + 10;
  return {
    plotWidth: IMAGE_WIDTH - left - right,
    plotHeight: content.plotHeight,
    left,
    footTop: content.plotHeight + AXIS_HEIGHT,
    padding: {
      top: MARGIN + titleHeight + content.headHeight,
      right,
      bottom: AXIS_HEIGHT + content.footLines * FOOT_LINE + 14,
      left,
    },
  };
}
