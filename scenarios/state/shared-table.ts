/**
 * A table of records of one size in a SharedArrayBuffer: open addressing with linear probing, by keys that are whole numbers.
 *
 * Once it is filled its keys stay, and a replaced record is written where it lies. Threads do so without a lock: each word of 32 bits is
 * written whole, so that a reader may see a record half old and half new, but never a number that nobody wrote.
 */

/** What it keeps under a key: numbers of 32 bits. */
export interface SharedRecord {
  readonly price: number;
  readonly shelf: number;
}

/** The words of a record, and how many they are; the key is kept plus one, for 0 is a place that is free. */
const [KEY, PRICE, SHELF, WORDS] = [0, 1, 2, 3] as const;

/** Memory for so many records, of which a fifth of the places at least stays free; all of it is free. */
export function sharedMemoryFor(records: number): SharedArrayBuffer {
  const places = 2 ** Math.ceil(Math.log2(records * 1.25));
  return new SharedArrayBuffer(places * WORDS * Uint32Array.BYTES_PER_ELEMENT);
}

/** The table in this memory, as one of the threads sees it. */
export class SharedTable {
  readonly #words: Uint32Array;
  readonly #lastPlace: number;
  readonly #shift: number;

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Uint32Array(memory);
    const places = this.#words.length / WORDS;
    this.#lastPlace = places - 1;
    this.#shift = Math.clz32(places) + 1;
  }

  /** undefined for a key that it does not have. */
  price(key: number): number | undefined {
    const at = this.#find(key);
    return this.#words[at + KEY] === 0 ? undefined : this.#words[at + PRICE];
  }

  /** Adds a record, or replaces that of its key. Only one thread may add. */
  set(key: number, { price, shelf }: SharedRecord): void {
    const at = this.#find(key);
    this.#words[at + PRICE] = price;
    this.#words[at + SHELF] = shelf;
    this.#words[at + KEY] = key + 1;
  }

  /** Where the record of this key begins, or the free place for it. */
  #find(key: number): number {
    // The upper bits of a multiplicative hash (Knuth, The Art of Computer Programming, volume 3, section 6.4).
    let place = Math.imul(key, 0x9e3779b1) >>> this.#shift;
    for (;;) {
      const kept = this.#words[place * WORDS + KEY];
      if (kept === key + 1 || kept === 0) return place * WORDS;
      place = (place + 1) & this.#lastPlace;
    }
  }
}
