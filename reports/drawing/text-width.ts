import { wrap } from '../words/wrap.ts';

/** How wide a text is, from the widths of the font that the charts carry with them: no machine decides where words go. */

export type Face = 'regular' | 'bold' | 'italic';

/** By character from U+0020 to U+007E, in 64ths of the size of the font, counted from `0`: printed by `reports/fonts/make.py`. */
const REGULAR = 'BBJXYdY>GGPZBMBGYYYYYYYYYYBBZZZPl[Z_^VV`_ASZTi`aYaYYY_[mY[XGGGNMPTXTXUGWV??S?hUVWWHQGUTdSTSGEGZ';
const BOLD =
  '?EIZZg[=JJT\\CNCI\\\\\\\\\\\\\\\\\\\\CC\\\\\\Tr`Z`_WUa`BT\\Tk_bYbZZ[_`r^^[JIJONPUYVYVIYXAAUAjXWXXJTIXVfUVUJHJ\\';

const FIRST = 0x20;
const NO_BREAK_SPACE = '\u00a0';
const LAST = 0x7e;
const UNIT = 64;
/** Of a character that is not in the table: as wide as a wide letter, so that there is room for it. */
const OTHER = 0.75;
/** Chinese, Japanese, Korean and pictures: as wide as high. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u;

/** Width in pixels of one line at a size in pixels. Kerning is left out, which makes it a little too wide. */
export function textWidth(text: string, size: number, face: Face = 'regular'): number {
  const table = face === 'bold' ? BOLD : REGULAR;
  let em = 0;
  for (const character of text) em += emOf(character, table);
  return em * size;
}

function emOf(character: string, table: string): number {
  const code = character === NO_BREAK_SPACE ? FIRST : (character.codePointAt(0) ?? FIRST);
  if (code >= FIRST && code <= LAST) return (table.charCodeAt(code - FIRST) - 48) / UNIT;
  return WIDE.test(character) ? 1 : OTHER;
}

/** Words that have to fit into so many pixels. */

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
