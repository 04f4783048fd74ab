/** A thread that draws PNG images: turning pixels into a file takes longer than everything before it. */
import { parentPort } from 'node:worker_threads';
import { z } from 'zod';
import { png } from './image.ts';

const orderSchema = z.object({ id: z.number(), svg: z.string(), width: z.number() });

parentPort?.on('message', (message: unknown) => {
  const { id, svg, width } = orderSchema.parse(message);
  parentPort?.postMessage({ id, image: png(svg, width) });
});
