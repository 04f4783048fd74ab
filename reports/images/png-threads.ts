/** From a drawn chart to a PNG file, in threads while the charts that come next are laid out. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';

/** Each holds the fonts and an image. */
const MOST = 3;
/** Compiled, also where this file is not: a thread loads no TypeScript. */
const FILE = import.meta.url.endsWith('.ts') ? '../../dist/reports/images/png-thread.js' : './png-thread.js';

const imageSchema = z.instanceof(Uint8Array);

interface Order {
  readonly svg: string;
  readonly width: number;
  readonly resolve: (image: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

/** Draws on so many threads as are of use, started when they are needed. `close` must be called, or the process stays. */
export class PngThreads {
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Order>();
  readonly #waiting: Order[] = [];

  /** The image so many pixels wide. Rejects when it cannot be drawn. */
  draw(svg: string, width: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ svg, width, resolve, reject });
      this.#next();
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#idle, ...this.#busy.keys()].map((worker) => worker.terminate()));
  }

  /** One image at a time in each thread: between two of them it gives back what the last one took. */
  #next(): void {
    const worker = this.#idle.pop() ?? this.#started();
    if (worker === null) return;
    const order = this.#waiting.shift();
    if (order === undefined) {
      this.#idle.push(worker);
      return;
    }
    this.#busy.set(worker, order);
    worker.postMessage({ svg: order.svg, width: order.width });
  }

  /** null when there are as many as are of use. */
  #started(): Worker | null {
    if (this.#busy.size >= Math.min(MOST, availableParallelism())) return null;
    const worker = new Worker(new URL(FILE, import.meta.url));
    worker.on('message', (message: unknown) => {
      this.#busy.get(worker)?.resolve(imageSchema.parse(message));
      this.#busy.delete(worker);
      this.#idle.push(worker);
      this.#next();
    });
    worker.on('error', (error: Error) => this.#fail(worker, error));
    worker.on('exit', () => this.#fail(worker, new Error('the thread that draws images ended')));
    return worker;
  }

  #fail(worker: Worker, error: Error): void {
    this.#busy.get(worker)?.reject(error);
    this.#busy.delete(worker);
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
