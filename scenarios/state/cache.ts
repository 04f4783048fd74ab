import type { Scenario } from '../scenario.ts';
import { SharedTable, sharedMemoryFor } from './shared-table.ts';

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
    price: priceOf(index),
    tags: ['new', `shelf-${index % 64}`],
  };
}

const priceOf = (index: number): number => (index * 37) % 1000;

/** What the handler needs of a table. */
interface Table {
  price(index: number): number | undefined;
  /** Adds an entry, or replaces it. */
  put(index: number): void;
}

function tableOfObjects(): Table {
  const table = new Map<string, Entry>();
  return {
    price: (index) => table.get(keyOf(index))?.price,
    put: (index) => void table.set(keyOf(index), entryOf(index)),
  };
}

/** The same entries as numbers: every text of one follows from its index. Threads replace a record by an equal one. */
function tableOfRecords(memory: SharedArrayBuffer): Table {
  const table = new SharedTable(memory);
  return {
    price: (index) => table.price(index),
    put: (index) => table.set(index, { price: priceOf(index), shelf: index % 64 }),
  };
}

function fill(table: Table, entries: number): void {
  for (let i = 0; i < entries; i++) table.put(i);
}

/** How many of the next reads found the right entry. Some entries are replaced, as in every cache, so that garbage is collected. */
function look(table: Table, entries: number, at: number): number {
  let found = 0;
  for (let i = 0; i < READS; i++) {
    // Far apart, and all of them in turn: the golden ratio of 2³² (Knuth, TAOCP 3, 6.4).
    const index = (Math.imul(at + i, 0x9e3779b1) >>> 0) % entries;
    if (table.price(index) === priceOf(index)) found++;
    if (i < REPLACED) table.put(index);
  }
  return found;
}

/**
 * A large table in memory, from which each worker reads: every worker has a table of its own, in a heap of its own that its garbage
 * collector has to walk through. With `shared=1` the threads of a process have one in common, outside of their heaps. Which entries a
 * request reads depends on those before it, what is replied does not.
 */
const cache: Scenario<'entries' | 'shared'> = {
  summary: 'reads from a large table in memory, of which each worker has a copy',
  parameters: {
    entries: { summary: 'objects in the table', default: 200_000, min: 1000, max: 10_000_000, integer: true },
    shared: {
      summary: '1 for one table of records in shared memory, which all threads of a process use',
      ...{ default: 0, min: 0, max: 1, integer: true },
    },
  },
  inWords: ({ entries, shared }) => {
    const count = entries.toLocaleString('en-US');
    return shared === 1
      ? `${READS} reads from one table of ${count} records in shared memory`
      : `${READS} reads from a table of ${count} objects`;
  },
  severalWorkers: true,
  requests: () => [{ name: 'cache', weight: 1, method: 'GET', path: '/' }],
  shared: ({ parameters: { entries, shared } }) => {
    if (shared !== 1) return null;
    const memory = sharedMemoryFor(entries);
    fill(tableOfRecords(memory), entries);
    return memory;
  },
  createHandler: ({ parameters: { entries }, shared }) => {
    const table = shared === null ? tableOfObjects() : tableOfRecords(shared);
    if (shared === null) fill(table, entries);
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
