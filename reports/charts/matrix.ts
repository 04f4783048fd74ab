import { FAMILY_ERROR } from '../../harness/judge/models/verdict.ts';
import { frame, narrowWidth } from '../drawing/frame.ts';
import type { Chart } from '../drawing/input.ts';
import { marginText } from '../words/comparisons.ts';
import { UNSETTLED, wholePercent } from '../words/figures.ts';
import {
  type Cells,
  gridLayers,
  headLayers,
  headsHeight,
  keyHeight,
  keyLayers,
  ROW_HEIGHT,
  widestCell,
} from './matrix/layers.ts';
import { findingOfPairs, type Pairs, pairsOf, pairTexts, whyNoMatrix } from './matrix/pairs.ts';

/** Of the narrowest ordinary image what lies beside names and cells, and what names take at most, in pixels. */
const ORDINARY_ROOM = 960 - 72;
const LONGEST_NAME = 300;

const matrix: Chart = {
  summary: 'requests per second of every model relative to every other, as a matrix with intervals',
  draw: (input) => {
    const all = pairsOf(input);
    const why = whyNoMatrix(all);
    if (why !== null) return { kind: 'omitted', reason: why };
    const margin = marginText(input.summary);
    const narrow = narrowWidth(input);
    const shown = fitting(all, narrow ?? ORDINARY_ROOM - LONGEST_NAME);
    const title = findingOfPairs(all, margin);
    const height = narrow === null ? ROW_HEIGHT.ordinary : ROW_HEIGHT.narrow;
    const content = {
      input,
      title,
      measure: 'requests per second, row ÷ column',
      kind: 'Matrix',
      figures: figuresOf(shown),
      notes: notesOf(all, shown),
      rowLabels: narrow === null ? shown.models.map(({ label }) => label) : [],
      rowHeight: 0,
      plotHeight: shown.models.length * height,
      columnsWidth: 0,
      headHeight: 0,
      axisHeight: keyHeight(margin, shown, narrow),
    };
    const headHeight = headsHeight(shown, narrow ?? ORDINARY_ROOM - LONGEST_NAME);
    return frame({ ...content, headHeight }, ({ plotWidth, plotHeight }) => {
      const cells: Cells = { ...shown, width: plotWidth / shown.models.length, height, isNarrow: narrow !== null };
      return [...headLayers(cells), ...gridLayers(cells), ...keyLayers(margin, shown, { plotWidth, plotHeight })];
    });
  },
};

export default matrix;

/** The best ones, as many as have room for their figures. */
function fitting({ models, pairs }: Pairs, width: number): Pairs {
  const most = Math.max(3, Math.floor(width / widestCell(pairs)));
  const kept = models.slice(0, most);
  return { models: kept, pairs: pairs.filter(({ row, column }) => kept.includes(row) && kept.includes(column)) };
}

/** `cluster 1.94× single (1.78–2.12), …`: each pair once. */
function figuresOf({ models, pairs }: Pairs): string {
  const parts = pairs
    .filter(({ row, column }) => models.indexOf(row) < models.indexOf(column))
    .map((pair) => `${pair.row.label} to ${pair.column.label} ${pairTexts(pair).join(' ')}`);
  return `requests per second: ${parts.join(', ')}`;
}

function notesOf(all: Pairs, shown: Pairs): string[] {
  const left = all.models.length - shown.models.length;
  const isUnsettled = shown.pairs.some((pair) => pairTexts(pair)[0] === 'unsettled');
  return [
    `Round by round; best first. Below: interval; all intervals of a scenario hold together with ${wholePercent(1 - FAMILY_ERROR)}%.`,
    ...(left > 0 ? [`There is no room for the ${left} that serve the least.`] : []),
    ...(isUnsettled ? [`${UNSETTLED.replace('u', 'U')}.`] : []),
  ];
}
