import { expect, test } from 'vitest';
import { chosen, handlersAmong } from './victim.ts';

const of = (pid: number, parent: number, cpuMs: number) => ({ pid, parent, cpuMs });

test.each([
  ['a single process', [of(10, 1, 300)], [10]],
  ['a shell around it', [of(10, 1, 0), of(11, 10, 300)], [11]],
  [
    'a cluster: not its primary, though it accepts connections',
    [of(10, 1, 90), of(11, 10, 200), of(12, 10, 180)],
    [11, 12],
  ],
  ['a supervisor that did nothing', [of(10, 1, 2), of(11, 10, 0), of(12, 11, 150), of(13, 11, 100)], [12, 13]],
  ['a helper beside the workers', [of(10, 1, 0), of(11, 10, 3), of(12, 10, 200)], [12]],
  ['a proxy and what is behind it', [of(10, 1, 0), of(11, 10, 80), of(20, 1, 200)], [11, 20]],
  ['nothing that worked: whoever has no children', [of(10, 1, 0), of(11, 10, 0), of(12, 10, 0)], [11, 12]],
  ['nothing', [], []],
])('of %s those are hit that handled requests', (_what, processes, handlers) => {
  expect(handlersAmong(processes)).toEqual(handlers);
});

test('one of them is hit by chance, whatever their order', () => {
  expect([0, 0.34, 0.99].map((random) => chosen([30, 10, 20], random))).toEqual([10, 20, 30]);
  expect(chosen([], 0.5)).toBeNull();
});
