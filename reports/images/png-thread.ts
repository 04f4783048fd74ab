/** A thread that draws PNG images: turning pixels into a file takes longer than everything before it. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort } from 'node:worker_threads';
import { png } from './png.ts';

// Pixels are held outside of the heap by small objects, so the engine sees no reason to collect them: after thirty images
// that is half a gigabyte. These objects are young, so a minor collection finds them, in a tenth of the time of a whole one.
setFlagsFromString('--expose-gc');
const collect: NonNullable<typeof gc> = runInNewContext('gc');

// Not checked with a schema: to load what checks would take a thread longer than to draw an image, and only this program
// can send to it.
parentPort?.on('message', ({ svg, width }: { readonly svg: string; readonly width: number }) => {
  parentPort?.postMessage(png(svg, width));
  collect({ type: 'minor' });
});
