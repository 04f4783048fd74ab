/** Words in a plot that keep to its width: below the marks of a row, or in their place. */

import { visible } from '../words/escape.ts';
import { wrap } from '../words/wrap.ts';
import type { Layer } from './frame.ts';
import { HALO, type RowAxis } from './layers.ts';
import { textWidth } from './text-width.ts';
import { INK } from './theme.ts';

export interface RowWords {
  readonly label: string;
  readonly words: string;
  /** Whether the row has marks, which the words must not cover. */
  readonly isBelow: boolean;
}

/** In pixels. */
export interface WordsPlace {
  readonly plotWidth: number;
  /** From the middle of a row to that of the first line below its marks. */
  readonly below: number;
  readonly linesBelow: 1 | 2;
}

const SIZE = 12;
const LINE = 15;
/** From the left of the plot. */
const LEFT = 2;
const LINES_IN_PLACE = 2;

export function wordLayers(
  y: RowAxis,
  rows: readonly RowWords[],
  { plotWidth, below, linesBelow }: WordsPlace,
): Layer[] {
  const values = rows.map(({ label, words, isBelow }) => {
    const lines = fitted(words, plotWidth - 2 * LEFT, isBelow ? linesBelow : LINES_IN_PLACE);
    // The text of several lines starts at its first.
    return { label, text: lines.join('\n'), dy: isBelow ? below : ((1 - lines.length) * LINE) / 2 };
  });
  const places = [...new Set(values.map(({ dy }) => dy))];
  return places.flatMap((dy) => {
    const data = { values: values.filter((one) => one.dy === dy).map(({ label, text }) => ({ label, text })) };
    const mark = { type: 'text', dy, fontSize: SIZE, fontStyle: 'italic', lineBreak: '\n', lineHeight: LINE } as const;
    const encoding = { x: { value: LEFT }, y, text: { field: 'text', type: 'nominal' } } as const;
    return [
      { data, mark: { ...mark, color: INK.paper, ...HALO }, encoding },
      { data, mark: { ...mark, color: INK.strong }, encoding },
    ];
  });
}

/** At most so many lines; an ellipsis where that is too little. */
function fitted(words: string, width: number, most: number): string[] {
  const widthOf = (text: string): number => textWidth(text, SIZE, 'italic');
  const lines = wrap(visible(words), width, widthOf);
  if (lines.length <= most) return lines;
  let last = lines[most - 1] ?? '';
  while (last !== '' && widthOf(`${last}…`) > width) last = last.slice(0, -1);
  return [...lines.slice(0, most - 1), `${last}…`];
}
