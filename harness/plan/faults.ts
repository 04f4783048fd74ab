/** What a fault is called: as `--fault` takes it, and in a sentence. */
import type { Fault } from '../store/fault-schema.ts';

/** `kill`, `block=1s`, `crash*3`: what `--fault` reads, without the time before it. */
export function faultText({ kind, lastsMs, times }: Fault): string {
  return `${kind}${lastsMs === null ? '' : `=${timeText(lastsMs)}`}${times === 1 ? '' : `*${times}`}`;
}

/** In a sentence, with how often it comes: `a killed worker`, `1 s of a blocked event loop, 3 times`. */
export function faultWords(fault: Fault): string {
  return `${onceInWords(fault)}${fault.times === 1 ? '' : `, ${fault.times} times`}`;
}

/** The same of one of them: `a killed worker`. */
export function onceInWords({ kind, lastsMs }: Pick<Fault, 'kind' | 'lastsMs'>): string {
  const time = lastsMs === null ? null : lastsMs < 1000 ? `${lastsMs} ms` : `${lastsMs / 1000} s`;
  switch (kind) {
    case 'kill':
      return 'a killed worker';
    case 'crash':
      return 'an uncaught exception';
    case 'block':
      return `${time === null ? '' : `${time} of `}a blocked event loop`;
    case 'loop':
      return 'an endless loop';
    case 'oom':
      return 'running out of memory';
    case 'leak':
      return 'a memory leak';
    case 'reload':
      return 'a reload';
    case 'upstream-stall':
      return `an upstream that stalls${time === null ? '' : ` for ${time}`}`;
    default:
      return kind satisfies never;
  }
}

function timeText(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
