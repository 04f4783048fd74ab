import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { monotonicMs } from './load.ts';

const clockMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** How far it was outside of what the clock of the machine said before and after, the furthest of many times. */
function offMs(read: () => number): number {
  const all = Array.from({ length: 1000 }, () => {
    const before = clockMs();
    const is = read();
    const after = clockMs();
    return Math.max(0, before - is, is - after);
  });
  return Math.max(...all);
}

test('it is the clock of the machine, to a few microseconds', () => {
  expect(offMs(monotonicMs)).toBeLessThan(0.005);
});

test('it is the same in another thread', async () => {
  const module = new URL('../../../dist/harness/measure/generator/load.js', import.meta.url).href;
  const source = `
    const { parentPort } = require('node:worker_threads');
    const clockMs = () => Number(process.hrtime.bigint()) / 1e6;
    import(${JSON.stringify(module)}).then(({ monotonicMs }) => {
      parentPort.postMessage((${offMs.toString()})(monotonicMs));
    });`;
  const worker = new Worker(source, { eval: true });
  const off = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  await worker.terminate();
  expect(off).toBeLessThan(0.005);
});

test('it never goes back', () => {
  let last = monotonicMs();
  for (let i = 0; i < 10_000; i++) {
    const now = monotonicMs();
    expect(now).toBeGreaterThanOrEqual(last);
    last = now;
  }
});
