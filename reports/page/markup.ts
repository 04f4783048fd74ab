import { html } from '../words/escape.ts';
import { type Fact, factsApart, type Several } from '../words/runs.ts';

/** Markup that is already safe. Only the functions of this file and literals in the page's own files make it. */
export type Markup = string;

/** Plain text in which no line ends between the hyphens of a flag and its name. */
export function advice(text: string): Markup {
  return html(text).replace(/--[a-z][a-z-]*/gu, (flag) => `<span class="flag">${flag}</span>`);
}

/** A paragraph of plain text in a softer colour. */
export function softLine(text: string): Markup {
  return `<p class="soft">${html(text)}</p>`;
}

/** A paragraph of plain text that stands out. */
export function notice(text: string): Markup {
  return `<p class="notice">${html(text)}</p>`;
}

/** A table in a box of its own that scrolls sideways on narrow screens, also with the keyboard. */
export function scrolling(label: string, content: Markup): Markup {
  return `<div class="scroll" role="group" tabindex="0" aria-label="${html(label)}">${content}</div>`;
}

/** What a table is of, in plain text, that stays in sight while the table scrolls sideways. */
export function captionOf(text: string): Markup {
  return `<caption><span>${html(text)}</span></caption>`;
}

/** A list of terms and what they are, as plain text. */
export function definitions(entries: readonly (readonly [term: string, text: string])[]): Markup {
  return `<dl>\n${entries.map(([term, text]) => `<dt>${html(term)}</dt><dd>${html(text)}</dd>`).join('\n')}\n</dl>`;
}

/** A plain list of plain text. */
export function bullets(items: readonly string[]): Markup {
  return `<ul>\n${items.map((item) => `<li>${html(item)}</li>`).join('\n')}\n</ul>`;
}

/** Content that is shown when its summary is clicked, without a script. */
export function folded(summary: string, content: Markup): Markup {
  return `<details><summary>${html(summary)}</summary>\n${content}</details>`;
}

/** A part of the page with its heading. `id` and `title` are literals. */
export function section(id: string, title: string, content: Markup): Markup {
  return `<section aria-labelledby="${id}">\n<h2 id="${id}">${title}</h2>\n${content}\n</section>`;
}

/** A list of facts; of several runs first what they share, and then what is of each alone. */
export function factsByRun<T>(one: Several<T>, factsOf: (of: T) => readonly Fact[]): Markup {
  const { shared, own } = factsApart(one, factsOf);
  const lists = [
    ...(own.length === 0 ? [{ heading: '', facts: shared }] : [{ heading: '<h3>Every run</h3>\n', facts: shared }]),
    ...own.map(({ label, facts }) => ({ heading: `<h3>${html(label)}</h3>\n`, facts })),
  ];
  return lists
    .filter(({ facts }) => facts.length > 0)
    .map(({ heading, facts }) => `${heading}${definitions(facts)}`)
    .join('\n');
}
