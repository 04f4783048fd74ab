import { DEFAULT_CANVAS, SLIDE_RATIO } from '../drawing/canvas.ts';
import { image } from '../drawing/frame.ts';
import type { Overview } from '../drawing/input.ts';
import { spreadOf } from '../words/spread.ts';
import { drawnCells, gridOf } from './overview/grid.ts';
import { overviewLayers } from './overview/layers.ts';
import { layoutOf } from './overview/layout.ts';
import { titleOf, WIDTH } from './overview/texts.ts';
import { altText } from './overview/words.ts';

/** What sites show of a link is 1200 × 630. */
const CARD_HEIGHT = 630;

const overview: Overview = {
  summary: 'a whole run in one image, for a social card or the first slide: models × scenarios',
  draw: (input) => {
    const grid = gridOf(input);
    const drawn = drawnCells(grid);
    if (drawn.length === 0) return { kind: 'omitted', reason: 'no scenario has a model that may be ranked' };
    const { size } = input.canvas ?? DEFAULT_CANVAS;
    const height = size.kind === 'slide' ? WIDTH * SLIDE_RATIO : CARD_HEIGHT;
    const spread = spreadOf(drawn.map(({ result }) => result.requestsPerSec));
    const layout = layoutOf(input, grid, spread, height);
    const padding = { top: 0, right: 0, bottom: 0, left: 0 };
    return image(
      altText(grid, titleOf({ ...input, canvas: undefined })),
      { padding, width: WIDTH, height },
      overviewLayers(grid, layout, spread),
    );
  },
};

export default overview;
