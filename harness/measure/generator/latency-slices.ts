/** Latency over the time of a window: how many requests of each slice of it took how long. */
import { bandOf, LATENCY_BANDS, packedBands, unpackedBands } from '../../judge/traces/latency-bands.ts';
import type { GeneratorResult } from './messages.ts';

export type LatencySlices = GeneratorResult['latencySlices'];

const SLICE_MS = 100;
/** A longer window has longer slices, so that no trial takes more than some kilobytes of a run file. */
const MOST_SLICES = 40;

/** Counts requests; the window may end at any time. */
export class SliceRecorder {
  readonly #slices: Uint32Array[] = [];

  /** `atMs`: since the window began, when the request was due, or sent where nothing is due. */
  record(atMs: number, latencyMs: number): void {
    const nth = Math.max(0, Math.floor(atMs / SLICE_MS));
    while (this.#slices.length <= nth) this.#slices.push(new Uint32Array(LATENCY_BANDS));
    const slice = this.#slices[nth];
    const band = bandOf(latencyMs);
    if (slice !== undefined) slice[band] = (slice[band] ?? 0) + 1;
  }

  /** Of a window of this length, infinite where it has not ended: what is left of it behind its last whole slice belongs to that. */
  slices(windowMs: number): LatencySlices {
    const whole = Math.max(1, Number.isFinite(windowMs) ? Math.floor(windowMs / SLICE_MS) : this.#slices.length);
    const counts = Array.from({ length: whole }, (_, i) => this.#slices[i] ?? new Uint32Array(LATENCY_BANDS));
    const rest = this.#slices.slice(whole);
    const last = [...counts.slice(-1), ...rest].reduce(added, new Uint32Array(LATENCY_BANDS));
    return folded({ sliceMs: SLICE_MS, slices: [...counts.slice(0, -1), last].map(packedBands) });
  }
}

/** Those of several generators in one, as long as the shortest of them. */
export function mergeSlices(all: readonly LatencySlices[]): LatencySlices {
  const sliceMs = Math.max(...all.map((one) => one.sliceMs));
  const alike = all.map((one) => foldedTo(one, sliceMs));
  const length = Math.min(...alike.map(({ slices }) => slices.length));
  return {
    sliceMs,
    slices: Array.from({ length }, (_, i) => addedBands(alike.map(({ slices }) => slices[i] ?? []))),
  };
}

function foldedTo(one: LatencySlices, sliceMs: number): LatencySlices {
  return one.sliceMs >= sliceMs ? one : foldedTo(inPairs(one), sliceMs);
}

function folded(one: LatencySlices): LatencySlices {
  return one.slices.length <= MOST_SLICES ? one : folded(inPairs(one));
}

/** Twice as long slices; one that is left over belongs to the last pair. */
function inPairs({ sliceMs, slices }: LatencySlices): LatencySlices {
  const count = Math.max(1, Math.floor(slices.length / 2));
  return {
    sliceMs: 2 * sliceMs,
    slices: Array.from({ length: count }, (_, i) => {
      return addedBands(slices.slice(2 * i, i === count - 1 ? undefined : 2 * i + 2));
    }),
  };
}

/** The same requests, in one. */
export function addedBands(packed: readonly (readonly number[])[]): number[] {
  return packedBands(packed.map(full).reduce(added, new Uint32Array(LATENCY_BANDS)));
}

function added(a: Uint32Array, b: Uint32Array): Uint32Array {
  return a.map((count, band) => count + (b[band] ?? 0));
}

function full(packed: readonly number[]): Uint32Array {
  const all = new Uint32Array(LATENCY_BANDS);
  for (const { band, count } of unpackedBands(packed)) all[band] = count;
  return all;
}
