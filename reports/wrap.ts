/** Breaks text into lines of at most `width` characters at spaces; a longer word is broken where it must be. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    for (const piece of pieces(word, width)) {
      if (line !== '' && line.length + 1 + piece.length > width) {
        lines.push(line);
        line = '';
      }
      line = line === '' ? piece : `${line} ${piece}`;
    }
  }
  if (line !== '') lines.push(line);
  return lines;
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

function pieces(word: string, width: number): string[] {
  const parts: string[] = [];
  for (let from = 0; from < word.length; from += width) parts.push(word.slice(from, from + width));
  return parts;
}
