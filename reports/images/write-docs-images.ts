/** Draws the images of the README and of `docs/` again: `npm run images`. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { docsImages } from './docs-images.ts';

const folder = process.argv[2] ?? 'docs/images';
const images = await docsImages();
for (const name of readdirSync(folder)) if (!images.has(name)) rmSync(join(folder, name));
for (const [name, content] of images) writeFileSync(join(folder, name), content);
