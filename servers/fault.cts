/**
 * Faults that a request asks for with the header `fourways-fault`, committed in the process or thread that is to answer it: `crash`,
 * `block=<ms>`, `loop`, `oom` and `leak`. Our own models load it where faults are put into them; into a command it comes through
 * `NODE_OPTIONS`, as the profiler does.
 *
 * CommonJS, because with `--import` Node.js would load the program of a user in another way than without. It imports nothing by
 * `require`, which a service may have changed.
 */
import type { Server } from 'node:http';

export interface Faults {
  /** Commits it. Whether the request is to be answered as usual then. */
  commit(fault: string): boolean;
  /** Commits what requests of the HTTP servers of this process ask for, or of this one only, before their listeners see them. */
  watch(only?: Server): void;
}

const HEADER = 'fourways-fault';
/** Numbers of 8 bytes: 64 KiB, which lie in ordinary pages of the heap. */
const CHUNK_LENGTH = 8 * 1024;
const LEAKED_PER_MS = (50 * 2 ** 20) / (8 * CHUNK_LENGTH) / 1000;
const LEAK_EVERY_MS = 20;

/** What has been leaked. */
const kept: unknown[] = [];

function commit(fault: string): boolean {
  const [kind, ms] = fault.split('=');
  switch (kind) {
    case 'crash':
      // Outside of the request, where nobody catches it.
      setImmediate(() => {
        throw new Error('fourways-fault: crash');
      });
      return false;
    case 'block': {
      const untilMs = performance.now() + Number(ms);
      while (performance.now() < untilMs);
      return true;
    }
    case 'loop':
      for (;;);
    case 'oom':
      for (;;) keep(1);
    case 'leak':
      leak();
      return true;
    default:
      return true;
  }
}

function keep(chunks: number): void {
  for (let i = 0; i < chunks; i++) kept.push(new Array(CHUNK_LENGTH).fill(i));
}

/** About 50 MiB a second, also where the event loop is late. */
function leak(): void {
  let leaked = 0;
  const sinceMs = performance.now();
  setInterval(() => {
    const due = Math.floor((performance.now() - sinceMs) * LEAKED_PER_MS);
    keep(due - leaked);
    leaked = due;
  }, LEAK_EVERY_MS).unref();
}

function watch(only?: Server): void {
  const { IncomingMessage, ServerResponse } = process.getBuiltinModule('node:http');
  process.getBuiltinModule('node:diagnostics_channel').subscribe('http.server.request.start', (message) => {
    if (typeof message !== 'object' || message === null) return;
    const { request, response, server }: { request?: unknown; response?: unknown; server?: unknown } = message;
    if (!(request instanceof IncomingMessage && response instanceof ServerResponse)) return;
    const fault = request.headers[HEADER];
    if (typeof fault !== 'string' || (only !== undefined && server !== only) || commit(fault)) return;
    // Its listeners come next, and may be quicker than the end of the process.
    for (const name of ['writeHead', 'flushHeaders', 'write', 'end']) Reflect.set(response, name, () => response);
  });
}

if (process.env['FOURWAYS_FAULTS'] !== undefined) {
  try {
    watch();
  } catch {
    // A Node.js that is too old to hand out its modules here: it answers as usual, which is seen.
  }
}

module.exports = { commit, watch } satisfies Faults;
