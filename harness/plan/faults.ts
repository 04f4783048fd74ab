/** What a fault is called: as `--fault` takes it, and in a sentence. */
import type { Fault } from '../store/fault-schema.ts';

/** `kill`, `block=1s`, `crash*3`: what `--fault` reads, without the time before it. */
export function faultText({ kind, lastsMs, times }: Fault): string {
  return `${kind}${lastsMs === null ? '' : `=${timeText(lastsMs)}`}${times === 1 ? '' : `*${times}`}`;
}

/** In a sentence: `a killed worker`, `an event loop that is blocked for 1 s, 3 times`. */
export function faultWords({ kind, lastsMs, times }: Fault): string {
  return `${what(kind, lastsMs)}${times === 1 ? '' : `, ${times} times`}`;
}

function what(kind: Fault['kind'], lastsMs: number | null): string {
  const forSoLong = lastsMs === null ? '' : ` for ${lastsMs < 1000 ? `${lastsMs} ms` : `${lastsMs / 1000} s`}`;
  switch (kind) {
    case 'kill':
      return 'a killed worker';
    case 'crash':
      return 'a crash';
    case 'block':
      return `an event loop that is blocked${forSoLong}`;
    case 'loop':
      return 'an endless loop';
    case 'oom':
      return 'memory that runs out';
    case 'leak':
      return 'a memory leak';
    case 'reload':
      return 'a reload';
    case 'upstream-stall':
      return `a service that stalls${forSoLong}`;
    default:
      return kind satisfies never;
  }
}

function timeText(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
