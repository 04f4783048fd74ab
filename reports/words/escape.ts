/** Text from a run file is written by others. Each target has its own way of showing it without obeying it. */

const ENTITIES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

// Control characters can move the cursor, and direction marks can reorder what is read: here they are only ever an attack.
const INVISIBLE = /[\p{Cc}\p{Bidi_Control}]/gu;

/** One line of visible characters: for terminals, and the base of the other two. */
export function visible(text: string): string {
  return text.replace(/[\t\r\n\u2028\u2029]+/gu, ' ').replace(INVISIBLE, '\ufffd');
}

/** For HTML text and for attribute values in double or single quotes. */
export function html(text: string): string {
  return visible(text).replace(/[&<>"']/gu, (character) => ENTITIES.get(character) ?? character);
}

/** For GitHub-flavoured markdown, inside a table cell or outside of one. */
export function markdown(text: string): string {
  return visible(text)
    .replace(/[\\`*_[\]|~#]/gu, (character) => `\\${character}`)
    .replace(/[&<>]/gu, (character) => ENTITIES.get(character) ?? character);
}
