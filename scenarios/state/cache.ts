import type { Scenario } from '../scenario.ts';

interface Entry {
  readonly key: string;
  readonly name: string;
  readonly price: number;
  readonly tags: readonly string[];
}

/** Of one request. */
const READS = 200;
const REPLACED = 20;

const keyOf = (index: number): string => `article-${index}`;

function entryOf(index: number): Entry {
  return {
    key: keyOf(index),
    name: `Article ${index}`,
    price: (index * 37) % 1000,
    tags: ['new', `shelf-${index % 64}`],
  };
}

/** How many of the next reads found the right entry. Some entries are replaced, as in every cache, so that garbage is collected. */
function look(table: Map<string, Entry>, entries: number, at: number): number {
  let found = 0;
  for (let i = 0; i < READS; i++) {
    // Far apart, and all of them in turn: the golden ratio of 2³² (Knuth, TAOCP 3, 6.4).
    const index = (Math.imul(at + i, 0x9e3779b1) >>> 0) % entries;
    if (table.get(keyOf(index))?.price === (index * 37) % 1000) found++;
    if (i < REPLACED) table.set(keyOf(index), entryOf(index));
  }
  return found;
}

/**
 * A large table in memory, from which each worker reads: every worker has a table of its own, in a heap of its own that its garbage
 * collector has to walk through. Which entries a request reads depends on those before it, what is replied does not.
 */
const cache: Scenario<'entries'> = {
  summary: 'reads from a large table in memory, of which each worker has a copy',
  parameters: {
    entries: { summary: 'objects in the table', default: 200_000, min: 1000, max: 10_000_000, integer: true },
  },
  inWords: ({ entries }) => `${READS} reads from a table of ${entries.toLocaleString('en-US')} objects`,
  severalWorkers: true,
  requests: () => [{ name: 'cache', weight: 1, method: 'GET', path: '/' }],
  createHandler: ({ parameters: { entries } }) => {
    const table = new Map<string, Entry>();
    for (let i = 0; i < entries; i++) table.set(keyOf(i), entryOf(i));
    const headers = { 'content-type': 'application/json' };
    let at = 0;
    return () => {
      const found = look(table, entries, at);
      at = (at + READS) | 0;
      return { status: 200, headers, body: `{"found":${found}}` };
    };
  },
  verify: ({ text }) => (text === `{"found":${READS}}` ? undefined : `expected {"found":${READS}}`),
};

export default cache;
