/** The load generator: a process of its own, so that it never shares an event loop with a server or the harness. */
import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import type { Failure } from '../store/schema.ts';
import { type GeneratorNotice, type GeneratorOrder, generatorOrderSchema } from './generator-messages.ts';
import { encoded, latencyHistogram, recordMs } from './latency-histogram.ts';
import type { Load } from './load.ts';
import { monotonicMs } from './monotonic.ts';
import { preload, startLoad } from './start-load.ts';

const PROGRESS_MS = 100;

const notify = (notice: GeneratorNotice): void => {
  process.send?.(notice);
};

/** The measured window, on the monotonic clock. It begins and ends while the load runs on. */
interface MeasuredWindow {
  readonly startMs: number;
  readonly cpu: NodeJS.CpuUsage;
  readonly loop: ReturnType<typeof performance.eventLoopUtilization>;
  endMs: number;
  cpuMs: number;
  utilisation: number;
}

/** Of requests sent within the window of a closed loop. An open loop has its own, which go by due times. */
const latencies = latencyHistogram();
let load: Load | undefined;
let timeoutMs = 0;
let loadStartMs = 0;
let sinceProgress = 0;
let requests = 0;
let window: MeasuredWindow | undefined;
let fault: Failure | null = null;

function completed(endedMs: number): void {
  sinceProgress++;
  if (window !== undefined && endedMs < window.endMs) requests++;
}

async function start(order: Extract<GeneratorOrder, { type: 'start' }>): Promise<void> {
  timeoutMs = order.timeoutSec * 1000;
  load = await startLoad(order, {
    connected: () => notify({ type: 'connected' }),
    reply: (startedMs, endedMs) => {
      completed(endedMs);
      if (window !== undefined && startedMs >= window.startMs && startedMs < window.endMs) {
        recordMs(latencies, endedMs - startedMs);
      }
    },
    completed,
    fault: (reason) => {
      // The first fault decides; an error can repeat tens of thousands of times a second.
      if (fault !== null) return;
      fault = reason;
      notify({ type: 'fault', reason });
    },
  });
}

function go(): void {
  loadStartMs = monotonicMs();
  load?.go();
  setInterval(() => {
    notify({ type: 'progress', completions: sinceProgress });
    sinceProgress = 0;
  }, PROGRESS_MS);
}

async function offer(): Promise<void> {
  await load?.open?.offer();
  notify({ type: 'offering' });
}

function begin(windowMs: number): void {
  const opened: MeasuredWindow = {
    startMs: monotonicMs(),
    cpu: process.cpuUsage(),
    loop: performance.eventLoopUtilization(),
    endMs: Number.POSITIVE_INFINITY,
    cpuMs: 0,
    utilisation: 0,
  };
  window = opened;
  load?.open?.inWindow(opened);
  setTimeout(() => {
    opened.endMs = monotonicMs();
    load?.open?.inWindow(opened);
    const { user, system } = process.cpuUsage(opened.cpu);
    opened.cpuMs = (user + system) / 1000;
    opened.utilisation = performance.eventLoopUtilization(opened.loop).utilization;
    notify({ type: 'window-over' });
  }, windowMs);
}

async function finish(sending: Load, { startMs, endMs, cpuMs, utilisation }: MeasuredWindow): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, timeoutMs + PROGRESS_MS));
  await Promise.race([sending.drain(), late]);
  notify({
    type: 'result',
    windowMs: endMs - startMs,
    windowStartMs: startMs - loadStartMs,
    requests,
    ...(sending.open?.record() ?? { latencyHistogram: encoded(latencies), open: null }),
    fault,
    cpuMs,
    utilisation,
  });
}

process.on('message', (raw) => {
  const order = generatorOrderSchema.parse(raw);
  switch (order.type) {
    case 'start':
      return void start(order);
    case 'go':
      return go();
    case 'offer':
      return void offer();
    case 'begin':
      return begin(order.windowMs);
    case 'finish':
      return window === undefined || load === undefined ? undefined : void finish(load, window);
  }
});
process.on('disconnect', () => process.exit());
await preload(z.enum(['autocannon', 'own']).parse(process.argv[2]));
notify({ type: 'ready' });
