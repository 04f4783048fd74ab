/** Escaping: text from a run file is written by others, and must be shown without being interpreted. */

const ENTITIES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

// Control characters can move the cursor, and direction marks can reorder what is read: here they are only ever an attack.
const INVISIBLE = /[\p{Cc}\p{Bidi_Control}]/gu;

/** One line of visible characters: for terminals, and the base of the others. */
export function visible(text: string): string {
  return text.replace(/[\t\r\n\u2028\u2029]+/gu, ' ').replace(INVISIBLE, '\ufffd');
}

/** For HTML text and for attribute values in double or single quotes. */
export function html(text: string): string {
  return visible(text).replace(/[&<>"']/gu, (character) => ENTITIES.get(character) ?? character);
}

/** For XML text and attribute values. Some characters XML cannot hold at all: https://www.w3.org/TR/xml/#charsets. */
export function xml(text: string): string {
  return html(text).replace(/[\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');
}

/**
 * For GitHub-flavoured markdown, inside a table cell or outside of one. A name in a comment must not notify people: an
 * invisible comment breaks the mention.
 */
export function markdown(text: string): string {
  return visible(text)
    .replace(/[\\`*_[\]|~#]/gu, (character) => `\\${character}`)
    .replace(/[&<>]/gu, (character) => ENTITIES.get(character) ?? character)
    .replace(/(?<!\w)@(?=\w)/gu, '@<!-- -->');
}
