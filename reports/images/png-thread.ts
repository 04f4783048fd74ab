/** A thread that draws PNG images: turning pixels into a file takes longer than everything before it. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort } from 'node:worker_threads';
import { z } from 'zod';
import { png } from './png.ts';

const orderSchema = z.object({ svg: z.string(), width: z.number() });

// Pixels are held outside of the heap by small objects, so the engine sees no reason to collect them: after thirty images
// that is half a gigabyte.
setFlagsFromString('--expose-gc');
const collect = z.custom<() => void>((value) => typeof value === 'function').parse(runInNewContext('gc'));

parentPort?.on('message', (message: unknown) => {
  const { svg, width } = orderSchema.parse(message);
  parentPort?.postMessage(png(svg, width));
  collect();
});
