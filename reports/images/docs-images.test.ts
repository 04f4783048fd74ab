import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { packageFolder } from '../../harness/version.ts';
import { docsImages } from './docs-images.ts';

/** A PNG without its packing, which another version of zlib does in another way; anything else as it is. */
function unpacked(file: Buffer): Buffer {
  if (file.subarray(1, 4).toString() !== 'PNG') return file;
  const data = file.indexOf('IDAT');
  const packed = file.subarray(data + 4, data + 4 + file.readUInt32BE(data - 4));
  return Buffer.concat([file.subarray(0, data - 4), inflateSync(packed)]);
}

test('the images of the documentation are what its run gives; npm run images draws them', async () => {
  const folder = fileURLToPath(new URL('docs/images/', packageFolder()));
  const images = await docsImages();
  expect(readdirSync(folder).sort()).toEqual([...images.keys()].sort());
  for (const [name, content] of images) {
    const stored = readFileSync(`${folder}${name}`);
    expect(unpacked(stored).equals(unpacked(Buffer.from(content))), name).toBe(true);
  }
});
