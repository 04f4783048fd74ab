import { expect, test } from 'vitest';
import { splitNames } from './flags.ts';

test.each([
  [['cluster,single'], ['cluster', 'single']],
  [
    ['cluster', 'single,fork-pool'],
    ['cluster', 'single', 'fork-pool'],
  ],
  [['cpu:ms=2'], ['cpu:ms=2']],
  [['files:count=2,kib=8'], ['files:count=2,kib=8']],
  [['files:count=2,kib=8,hello'], ['files:count=2,kib=8', 'hello']],
  [['hello,files:count=2,kib=8,cpu:ms=1,io'], ['hello', 'files:count=2,kib=8', 'cpu:ms=1', 'io']],
  [['./a:b.js:n=1,m=2,hello'], ['./a:b.js:n=1,m=2', 'hello']],
  [['hello,ms=2'], ['hello', 'ms=2']],
  [['single,,cluster,'], ['single', 'cluster']],
  [[''], []],
])('%j is %j', (values, expected) => {
  expect(splitNames(values)).toEqual(expected);
});
