import type { Scenario } from './scenario.ts';

interface Row {
  readonly id: number;
  readonly name: string;
  readonly price: number;
  readonly tags: readonly string[];
  readonly total?: number;
}

/** A JSON document of at least `kib` KiB, the same at every call. ASCII, so that characters are bytes. */
function documentOf(kib: number): string {
  const rows: Row[] = [];
  let bytes = 2;
  while (bytes < kib * 1024) {
    const id = rows.length;
    const row = { id, name: `article ${id}`, price: (id * 37) % 1000, tags: ['new', `shelf-${id % 64}`] };
    bytes += JSON.stringify(row).length + 1;
    rows.push(row);
  }
  return JSON.stringify(rows);
}

/** What a typical JSON service does: parse, change every row, write it all out again. */
function transform(text: string): string {
  const rows: readonly Row[] = JSON.parse(text);
  return JSON.stringify(rows.map((row) => ({ ...row, name: row.name.toUpperCase(), total: row.price * 1.19 })));
}

const json: Scenario<'kib'> = {
  summary: 'parse, transform and stringify a JSON body: what moving messages costs',
  parameters: {
    kib: { summary: 'size of the request body in KiB', default: 256, min: 1, max: 16_384, integer: true },
  },
  inWords: ({ kib }) => `${kib} KiB of JSON parsed per request`,
  requests: ({ kib }) => [
    {
      name: 'json',
      weight: 1,
      method: 'POST',
      path: '/',
      headers: { 'content-type': 'application/json' },
      body: documentOf(kib),
    },
  ],
  createHandler: () => {
    const decoder = new TextDecoder();
    const headers = { 'content-type': 'application/json' };
    return ({ body }) => ({ status: 200, headers, body: transform(decoder.decode(body)) });
  },
  verify: ({ text }, { parameters }) =>
    text === transform(documentOf(parameters.kib)) ? undefined : 'the transformed document is not the right one',
  kernel: {
    prepare: ({ kib }) => {
      const bytes = Buffer.from(documentOf(kib));
      const decoder = new TextDecoder();
      return (iterations) => {
        let length = 0;
        for (let i = 0; i < iterations; i++) length += Buffer.byteLength(transform(decoder.decode(bytes)));
        return length;
      };
    },
  },
};

export default json;
