import { inspect } from 'node:util';

/** Printing every error of a handler that always fails would be what the server does. */
const APART_MS = 1000;
let toldMs = Number.NEGATIVE_INFINITY;

/** Prints what user code threw, with its stack, where the harness and `fourways serve` find it. Not more than one a second. */
export function tellError(error: unknown): void {
  const nowMs = performance.now();
  if (nowMs - toldMs < APART_MS) return;
  toldMs = nowMs;
  // Its stack, and not what `inspect` makes of it, because an error that has crossed threads has another class than its name.
  const stack = error instanceof Error ? error.stack : undefined;
  process.stderr.write(`${stack ?? `Error that is no Error: ${inspect(error)}`}\n`);
}
