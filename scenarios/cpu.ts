import type { Scenario } from './scenario.ts';

const WORDS = 1024;
const STEPS_PER_ITERATION = 250;

/**
 * One step: integer arithmetic (the finalizer of MurmurHash3, Appleby 2011) on a 4 KiB table. The table fits the first
 * cache level, nothing is allocated, and the result depends on every step, so that no compiler can leave one out.
 */
function step(table: Int32Array, state: number, i: number): number {
  const slot = state & (WORDS - 1);
  let h = state ^ (table[slot] ?? 0) ^ i;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  h ^= h >>> 16;
  table[slot] = h;
  return h;
}

function iterate(table: Int32Array, state: number, from: number): number {
  let h = state;
  for (let i = 0; i < STEPS_PER_ITERATION; i++) h = step(table, h, (from + i) | 0);
  return h;
}

/**
 * The kernel. Short functions and 32-bit integers throughout: written as one long loop it was optimised on entry in
 * some workers and in mid-flight in others, and those stayed at half the speed for seconds.
 */
export function mix(iterations: number): number {
  const table = new Int32Array(WORDS);
  let h = 0x9747b28c | 0;
  for (let i = 0; i < iterations; i++) h = iterate(table, h, Math.imul(i, STEPS_PER_ITERATION));
  return h >>> 0;
}

const cpu: Scenario<'ms'> = {
  summary: 'a pure JavaScript kernel of a fixed size',
  parameters: {
    ms: { summary: 'CPU time of one request in milliseconds', default: 10, min: 0.01, max: 10_000 },
  },
  inWords: ({ ms }) => `${ms} ms of CPU per request`,
  requests: () => [{ name: 'cpu', weight: 1, method: 'GET', path: '/' }],
  createHandler: ({ iterations }) => {
    const headers = { 'content-type': 'application/json' };
    return () => ({ status: 200, headers, body: `{"mix":${mix(iterations)}}` });
  },
  verify: ({ text }, { iterations }) => {
    const right = `{"mix":${mix(iterations)}}`;
    return text === right ? undefined : `expected ${right}`;
  },
  kernel: { sizedBy: 'ms', prepare: () => mix },
};

export default cpu;
