/** The load generator: a process of its own, so that it never shares an event loop with a server or the harness. */
import { performance } from 'node:perf_hooks';
import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import type { Failure } from '../store/schema.ts';
import { type Load, startAutocannon } from './autocannon-load.ts';
import { type GeneratorNotice, type GeneratorOrder, generatorOrderSchema } from './generator-messages.ts';

const PROGRESS_MS = 100;
/** One hour in microseconds: longer than any time-out. */
const HIGHEST_US = 3_600_000_000;

const notify = (notice: GeneratorNotice): void => {
  process.send?.(notice);
};

/** The measured window, on the monotonic clock. It begins and ends while the load runs on. */
interface Window {
  readonly startMs: number;
  readonly cpu: NodeJS.CpuUsage;
  readonly loop: ReturnType<typeof performance.eventLoopUtilization>;
  endMs: number;
  cpuMs: number;
  utilisation: number;
}

const latencies = build({
  lowestDiscernibleValue: 1,
  highestTrackableValue: HIGHEST_US,
  numberOfSignificantValueDigits: 3,
});
/** Requests under way when sending ended, one per connection. */
let due = 0;
let connections = 0;
let load: Load | undefined;
let timeoutMs = 0;
let loadStartMs = 0;
let sinceProgress = 0;
let requests = 0;
let window: Window | undefined;
let onDrained = (): void => {};
let fault: Failure | null = null;

function record(startedMs: number, endedMs: number): void {
  sinceProgress++;
  if (window === undefined) return;
  if (startedMs >= window.startMs && startedMs < window.endMs) {
    latencies.recordValue(Math.max(1, Math.round((endedMs - startedMs) * 1000)));
  }
  if (endedMs < window.endMs) requests++;
  if (due > 0 && --due === 0) onDrained();
}

function start(order: Extract<GeneratorOrder, { type: 'start' }>): void {
  timeoutMs = order.timeoutSec * 1000;
  connections = order.connections;
  load = startAutocannon(order, {
    connected: () => notify({ type: 'connected' }),
    reply: record,
    fault: (reason) => {
      // The first fault decides; an error can repeat tens of thousands of times a second.
      if (fault !== null) return;
      fault = reason;
      notify({ type: 'fault', reason });
    },
  });
}

function go(): void {
  loadStartMs = performance.now();
  load?.go();
  setInterval(() => {
    notify({ type: 'progress', completions: sinceProgress });
    sinceProgress = 0;
  }, PROGRESS_MS);
}

function begin(windowMs: number): void {
  const opened: Window = {
    startMs: performance.now(),
    cpu: process.cpuUsage(),
    loop: performance.eventLoopUtilization(),
    endMs: Number.POSITIVE_INFINITY,
    cpuMs: 0,
    utilisation: 0,
  };
  window = opened;
  setTimeout(() => {
    opened.endMs = performance.now();
    const { user, system } = process.cpuUsage(opened.cpu);
    opened.cpuMs = (user + system) / 1000;
    opened.utilisation = performance.eventLoopUtilization(opened.loop).utilization;
    notify({ type: 'window-over' });
  }, windowMs);
}

async function finish({ startMs, endMs, cpuMs, utilisation }: Window): Promise<void> {
  // Every connection has exactly one request under way.
  due = connections;
  load?.hold();
  await new Promise<void>((resolve) => {
    onDrained = resolve;
    setTimeout(resolve, timeoutMs);
  });
  notify({
    type: 'result',
    windowMs: endMs - startMs,
    windowStartMs: startMs - loadStartMs,
    requests,
    latencyHistogram: encodeIntoCompressedBase64(latencies),
    fault,
    cpuMs,
    utilisation,
  });
}

process.on('message', (raw) => {
  const order = generatorOrderSchema.parse(raw);
  switch (order.type) {
    case 'start':
      return start(order);
    case 'go':
      return go();
    case 'begin':
      return begin(order.windowMs);
    case 'finish':
      return window === undefined ? undefined : void finish(window);
  }
});
process.on('disconnect', () => process.exit());
notify({ type: 'ready' });
