/** Escaping: text from a run file is written by others, and must be shown without being interpreted. */

const ENTITIES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

// Control characters can move the cursor, direction marks can reorder what is read, and what is not seen can make two names look like
// one: here they are only ever an attack. Variation selectors are part of how some symbols are written.
const INVISIBLE = /[\p{Cc}\u{fff9}-\u{fffb}]|(?![\u{fe00}-\u{fe0f}])\p{Default_Ignorable_Code_Point}/u;
const ALL_INVISIBLE = new RegExp(INVISIBLE, 'gu');

/** One line of visible characters: for terminals, and the base of the others. */
export function visible(text: string): string {
  return text.replace(/[\t\r\n\u2028\u2029]+/gu, ' ').replace(ALL_INVISIBLE, '\ufffd');
}

/** What moves through a terminal on purpose: colours, and the line that is drawn again. */
const OWN_SEQUENCE = `\u001b${String.raw`\[(?:(?:[0-47]|2[2-47]|3\d|9\d)m|2K\r)`}`;
const BETWEEN_LINES = new RegExp(`${OWN_SEQUENCE}|[\\n\\t]|(${INVISIBLE.source})`, 'gu');

/**
 * Text of many lines as it may leave for a terminal, a file or the log of a CI: whatever names are in it. GitHub Actions takes a line that
 * begins with `::` for a command, and `##[` anywhere in it, as Azure Pipelines does `##vso[`.
 */
export function harmless(text: string): string {
  return text
    .replace(BETWEEN_LINES, (found, invisible: string | undefined) => (invisible === undefined ? found : '\ufffd'))
    .replace(/##(?=\[|vso\[)/gu, '# #')
    .replace(/^(\s*):(?=:)/gmu, '$1: ');
}

/** A value as JSON: the same, as characters that JSON spells out. */
export function json(value: unknown): string {
  return JSON.stringify(value, null, 2)
    .replace(ALL_INVISIBLE, (found) => (found === '\n' ? found : spelled(found)))
    .replace(/##(?=\[|vso\[)/gu, `#${spelled('#')}`);
}

function spelled(characters: string): string {
  return Array.from({ length: characters.length }, (_, i) => {
    const unit = characters.charCodeAt(i).toString(16);
    return `\\u${unit.padStart(4, '0')}`;
  }).join('');
}

/** For HTML text and for attribute values in double or single quotes. */
export function html(text: string): string {
  return visible(text).replace(/[&<>"']/gu, (character) => ENTITIES.get(character) ?? character);
}

/** For XML text and attribute values. Some characters XML cannot hold at all: https://www.w3.org/TR/xml/#charsets. */
export function xml(text: string): string {
  return html(text)
    .replace(/[\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
    .replace(/##(?=\[|vso\[)/gu, '#&#35;');
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
