import { visible } from './escape.ts';

/** Width of a text in characters. */
const lengthOf = (text: string): number => text.length;

/**
 * Breaks text into lines of at most `width` at spaces (but not at no-break spaces); a longer word is broken where it must be. Width is in characters,
 * or as `widthOf` measures it.
 */
export function wrap(text: string, width: number, widthOf: (text: string) => number = lengthOf): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/[^\S\u00a0]+/u).filter((part) => part !== '')) {
    for (const piece of pieces(word, width, widthOf)) {
      if (line !== '' && widthOf(`${line} ${piece}`) > width) {
        lines.push(line);
        line = '';
      }
      line = line === '' ? piece : `${line} ${piece}`;
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** Items one behind the other, in lines of at most `width`; a line ends between two items where it can. */
export function wrapItems(items: readonly string[], separator: string, width: number): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    const longer = last === undefined ? item : `${last}${separator}${item}`;
    if (last !== undefined && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(item);
  }
  return lines.flatMap((line) => wrap(line, width));
}

/** Columns of what is written into a pipe, where nobody says how wide it may be. */
export const WIDTH = 80;

/** Text of others as lines of a terminal. */
export function paragraph(text: string, width: number): string {
  return wrap(visible(text), width).join('\n');
}

/** Text of others as an item: every line after the first is indented as far as the marker is wide. */
export function item(marker: string, text: string, width: number): string {
  return wrapItem(marker, visible(text), width);
}

/** As `wrap`, with every line after the first indented like the first one's marker. */
export function wrapItem(marker: string, text: string, width: number): string {
  const indent = ' '.repeat(marker.length);
  const lines = wrap(text, width - marker.length);
  return lines.map((line, i) => `${i === 0 ? marker : indent}${line}`).join('\n');
}

/** At most `width` characters, with an ellipsis where something was cut off. */
export function shorten(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

function pieces(word: string, width: number, widthOf: (text: string) => number): string[] {
  if (widthOf(word) <= width) return [word];
  const parts: string[] = [];
  let part = '';
  for (const character of word) {
    if (part !== '' && widthOf(part + character) > width) {
      parts.push(part);
      part = '';
    }
    part += character;
  }
  return [...parts, part];
}
