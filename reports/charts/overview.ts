import type { TopLevelSpec } from 'vega-lite';
import { DEFAULT_CANVAS, SLIDE_RATIO } from '../drawing/canvas.ts';
import type { Layer } from '../drawing/frame.ts';
import { MARGIN } from '../drawing/layout.ts';
import type { Look } from '../drawing/text-width.ts';
import { config, INK } from '../drawing/theme.ts';
import { spreadOf } from '../words/spread.ts';
import type { Overview } from './chart.ts';
import { columnsOf, WIDTH } from './overview/columns.ts';
import { drawnCells, gridOf } from './overview/grid.ts';
import { gridLayers } from './overview/layers.ts';
import { texts } from './overview/marks.ts';
import { LEADING, type Place, placeOf, TITLE_LEADING } from './overview/place.ts';
import { CAPTION, NOTE, SUBTITLE, soleAnswer, type Texts, textsOf } from './overview/texts.ts';
import { altText, wordingOf } from './overview/words.ts';

/** What sites show of a link is 1200 × 630. */
const CARD_HEIGHT = 630;

function lines(all: readonly string[], top: number, { size, face }: Look, leading: number, color: string): Layer[] {
  const values = all.map((text, i) => ({ x: MARGIN, y: top + (i + 0.5) * size * leading, text }));
  return texts(values, { fontSize: size, fontWeight: face === 'bold' ? 'bold' : 'normal', color });
}

/** What stands above the grid and at the foot. */
function around({ title, titleLook, subtitle, notes, caption }: Texts, place: Place): Layer[] {
  return [
    ...lines(title, place.titleTop, titleLook, TITLE_LEADING, INK.strong),
    ...lines(subtitle, place.subtitleTop, SUBTITLE, LEADING, INK.normal),
    ...lines(notes, place.notesTop, NOTE, LEADING, INK.normal),
    ...lines(caption, place.captionTop, CAPTION, LEADING, INK.quiet),
  ];
}

const overview: Overview = {
  summary: 'a whole run in one image, for a social card or the first slide: models × scenarios',
  draw: (input) => {
    const grid = gridOf(input);
    const drawn = drawnCells(grid);
    if (drawn.length === 0) return { kind: 'omitted', reason: 'no scenario has a valid trial' };
    const { size } = input.canvas ?? DEFAULT_CANVAS;
    const height = size.kind === 'slide' ? WIDTH * SLIDE_RATIO : CARD_HEIGHT;
    const spread = spreadOf(drawn.map(({ result }) => result.requestsPerSec));
    const columns = columnsOf(grid, soleAnswer(input, grid) !== null);
    const wording = wordingOf(grid, columns);
    const words = textsOf(input, grid, spread, wording);
    const place = placeOf(grid, columns, words, wording, height);
    const alt = altText(grid, spread);
    const spec: TopLevelSpec = {
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      description: alt,
      background: INK.paper,
      autosize: { type: 'none' },
      padding: 0,
      width: WIDTH,
      height,
      config: { ...config, aria: false },
      layer: [...around(words, place), ...gridLayers(grid, place, spread, wording)],
    };
    return { kind: 'spec', spec, alt };
  },
};

export default overview;
