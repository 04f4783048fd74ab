/** Words that have to fit into so many pixels. */
import { wrap } from '../../wrap.ts';
import { type Face, textWidth } from '../text-width.ts';

export interface Look {
  /** Of the font, in pixels. */
  readonly size: number;
  readonly face: Face;
}

const ELLIPSIS = '…';

/** Whether a text is no wider than `width` pixels. */
export function fits(text: string, width: number, { size, face }: Look): boolean {
  return textWidth(text, size, face) <= width;
}

/** As many of its words as there is room for, with an ellipsis where some were cut off. A single word is cut where it must be. */
export function cut(text: string, width: number, look: Look): string {
  if (fits(text, width, look)) return text;
  const characters = [...text];
  while (characters.length > 0 && !fits(`${characters.join('')}${ELLIPSIS}`, width, look)) characters.pop();
  const kept = characters.join('');
  // Half a number would be another number.
  const words = text.startsWith(' ', kept.length) ? kept : kept.replace(/ \S*$/u, '');
  return `${words.trimEnd()}${ELLIPSIS}`;
}

/** The same in so many lines at most. */
export function linesOf(text: string, width: number, most: number, look: Look): string[] {
  const hyphenated = text
    .split(' ')
    .map((word) => atHyphens(word, width, look))
    .join(' ');
  const lines = wrap(hyphenated, width, (part) => textWidth(part, look.size, look.face));
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), cut(lines.slice(most - 1).join(' '), width, look)];
}

/** A word that is too wide, with spaces behind its hyphens where it is best broken. */
function atHyphens(word: string, width: number, look: Look): string {
  if (fits(word, width, look)) return word;
  const lines: string[] = [];
  for (const part of word.split(/(?<=-)/u)) {
    const last = lines.at(-1);
    if (last !== undefined && fits(last + part, width, look)) lines.splice(-1, 1, last + part);
    else lines.push(part);
  }
  return lines.join(' ');
}
