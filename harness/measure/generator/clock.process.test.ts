import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { monotonicMs } from './load.ts';

test('the clock is the same in every process', () => {
  const code = 'const [s, ns] = process.hrtime(); console.log(s * 1000 + ns / 1e6)';
  const beforeMs = monotonicMs();
  const there = Number(spawnSync(process.execPath, ['-e', code], { encoding: 'utf8' }).stdout);
  expect(there).toBeGreaterThan(beforeMs);
  expect(there).toBeLessThan(monotonicMs());
});
