/** Threads that draw PNG images while the charts that come next are laid out. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';

/** Each holds the fonts and a few images. */
const MOST = 3;
/** Compiled, also where this file is not: a thread loads no TypeScript. */
const FILE = import.meta.url.endsWith('.ts') ? '../dist/reports/png-thread.js' : './png-thread.js';

const drawnSchema = z.object({ id: z.number(), image: z.instanceof(Uint8Array) });

interface Order {
  readonly resolve: (image: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly orders: Map<number, Order>;
}

/** Draws on so many threads as are of use, started when they are needed. `close` must be called, or the process stays. */
export class PngThreads {
  readonly #threads: Thread[] = [];
  #count = 0;

  /** The image so many pixels wide. Rejects when it cannot be drawn. */
  draw(svg: string, width: number): Promise<Uint8Array> {
    const thread = this.#idlest();
    const id = this.#count++;
    return new Promise((resolve, reject) => {
      thread.orders.set(id, { resolve, reject });
      thread.worker.postMessage({ id, svg, width });
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #idlest(): Thread {
    const [idlest] = this.#threads.toSorted((a, b) => a.orders.size - b.orders.size);
    const most = Math.min(MOST, availableParallelism());
    if (idlest !== undefined && (idlest.orders.size === 0 || this.#threads.length >= most)) return idlest;
    const thread = started();
    this.#threads.push(thread);
    return thread;
  }
}

function started(): Thread {
  const worker = new Worker(new URL(FILE, import.meta.url));
  const orders = new Map<number, Order>();
  const fail = (error: Error): void => {
    for (const { reject } of orders.values()) reject(error);
    orders.clear();
  };
  worker.on('message', (message: unknown) => {
    const { id, image } = drawnSchema.parse(message);
    orders.get(id)?.resolve(image);
    orders.delete(id);
  });
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('the thread that draws images ended')));
  return { worker, orders };
}
