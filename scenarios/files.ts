import { readFile } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scenario } from './scenario.ts';

const CHECKED_BYTE = 7;

/** The content of file `index`: every byte is known, so a reply can be checked without reading the file again. */
function contentOf(index: number, kib: number): Buffer {
  return Buffer.alloc(kib * 1024, 65 + (index % 26));
}

function bodyOf(buffers: readonly Uint8Array[]): string {
  let bytes = 0;
  let check = 0;
  for (const buffer of buffers) {
    bytes += buffer.length;
    check += buffer[CHECKED_BYTE] ?? 0;
  }
  return `{"bytes":${bytes},"check":${check}}`;
}

const files: Scenario<'count' | 'kib'> = {
  summary: 'read files through the thread pool of libuv',
  parameters: {
    count: { summary: 'files read by one request, all at once', default: 4, min: 1, max: 64, integer: true },
    kib: { summary: 'size of a file in KiB', default: 64, min: 1, max: 65_536, integer: true },
  },
  inWords: ({ count, kib }) => `${count} ${count === 1 ? 'file' : 'files'} of ${kib} KiB read per request`,
  requests: () => [{ name: 'files', weight: 1, method: 'GET', path: '/' }],
  setUp: async ({ parameters, makeFolder }) => {
    const folder = await makeFolder();
    for (let i = 0; i < parameters.count; i++) await writeFile(join(folder, String(i)), contentOf(i, parameters.kib));
    return { folder };
  },
  createHandler: ({ parameters, addresses }) => {
    const paths = Array.from({ length: parameters.count }, (_, i) => join(addresses['folder'] ?? '', String(i)));
    const headers = { 'content-type': 'application/json' };
    const read = (path: string): Promise<Buffer> =>
      new Promise((resolve, reject) => {
        readFile(path, (error, data) => (error === null ? resolve(data) : reject(error)));
      });
    return async () => ({ status: 200, headers, body: bodyOf(await Promise.all(paths.map(read))) });
  },
  verify: ({ text }, { parameters }) => {
    const right = bodyOf(Array.from({ length: parameters.count }, (_, i) => contentOf(i, parameters.kib)));
    return text === right ? undefined : `expected ${right}`;
  },
};

export default files;
