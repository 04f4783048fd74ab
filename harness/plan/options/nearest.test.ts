import { expect, test } from 'vitest';
import { hint } from './values.ts';

const known = ['single', 'cluster', 'fork-pool', 'worker-threads'];

test.each([
  ['clutser', " Did you mean 'cluster'?"],
  ['worker-thread', " Did you mean 'worker-threads'?"],
  ['forkpool', " Did you mean 'fork-pool'?"],
  ['threads', ' There is: single, cluster, fork-pool, worker-threads.'],
  ['', ' There is: single, cluster, fork-pool, worker-threads.'],
])('%s', (given, expected) => {
  expect(hint(given, known)).toBe(expected);
});

test('nothing to offer', () => {
  expect(hint('cluster', [])).toBe('');
});
