/** Facts on the page of one run, or of several. */
import { html } from '../escape.ts';
import { type Fact, factsApart, type Several } from '../runs.ts';
import { definitions, type Markup } from './markup.ts';

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
