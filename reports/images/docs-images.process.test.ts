import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { packageFolder } from '../../harness/version.ts';
import { docsImages } from './docs-images.ts';

test('the images of the documentation are what its run gives; npm run images draws them', async () => {
  const folder = fileURLToPath(new URL('docs/images/', packageFolder()));
  const images = await docsImages();
  expect(readdirSync(folder).sort()).toEqual([...images.keys()].sort());
  for (const [name, content] of images) {
    const stored = readFileSync(`${folder}${name}`);
    expect(stored.equals(Buffer.from(content)), name).toBe(true);
  }
});
