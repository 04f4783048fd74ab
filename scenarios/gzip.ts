import { gunzipSync, gzip as gzipInPool, gzipSync } from 'node:zlib';
import type { Scenario } from './scenario.ts';

const WORDS = 'the quick brown fox jumps over a lazy dog while seven wizards mix jars of liquid opium by hand'.split(
  ' ',
);

/** So many KiB of text, the same at every call, which compresses about as well as prose: to two fifths. ASCII, so that characters are bytes. */
function textOf(kib: number): string {
  const bytes = kib * 1024;
  const words: string[] = [];
  let state = 1;
  for (let length = 0; length < bytes; ) {
    // The generator of Park and Miller (1988).
    state = (state * 48_271) % 2_147_483_647;
    const word = state % 5 === 0 ? state.toString(36) : (WORDS[state % WORDS.length] ?? '');
    words.push(word);
    length += word.length + 1;
  }
  return words.join(' ').slice(0, bytes);
}

/** What compression of replies costs: on threads of the libuv pool, so that the event loop stays free under every model. */
const gzip: Scenario<'kib'> = {
  summary: 'a text compressed by zlib.gzip in the libuv pool, whatever the model',
  parameters: {
    kib: { summary: 'size of the text in KiB', default: 90, min: 1, max: 16_384, integer: true },
  },
  inWords: ({ kib }) => `${kib} KiB of text compressed per request`,
  requests: () => [{ name: 'gzip', weight: 1, method: 'GET', path: '/' }],
  createHandler: ({ parameters }) => {
    const text = Buffer.from(textOf(parameters.kib));
    const headers = { 'content-type': 'text/plain', 'content-encoding': 'gzip' };
    return () =>
      new Promise((resolve, reject) => {
        gzipInPool(text, (error, body) => (error === null ? resolve({ status: 200, headers, body }) : reject(error)));
      });
  },
  verify: ({ bytes }, { parameters }) =>
    gunzipSync(bytes).equals(Buffer.from(textOf(parameters.kib))) ? undefined : 'this is not the text, compressed',
  kernel: {
    inPool: true,
    prepare: ({ kib }) => {
      const text = Buffer.from(textOf(kib));
      return (iterations) => {
        let length = 0;
        for (let i = 0; i < iterations; i++) length += gzipSync(text).length;
        return length;
      };
    },
  },
};

export default gzip;
