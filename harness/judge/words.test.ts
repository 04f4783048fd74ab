import { expect, test } from 'vitest';
import { namesOf, percent } from './words.ts';

const kept = { model: 'cluster', connectionMode: 'keep-alive' } as const;
const fresh = { model: 'cluster', connectionMode: 'per-request' } as const;

test('the way of using connections is named where both occur', () => {
  expect([kept, fresh].map(namesOf([kept, fresh]))).toEqual(['cluster', 'cluster with a connection per request']);
});

test('and nowhere else', () => {
  expect(namesOf([kept])(kept)).toBe('cluster');
  expect(namesOf([fresh, fresh])(fresh)).toBe('cluster');
});

test.each([
  [0.03, '3%'],
  [0.025, '2.5%'],
  [0.1, '10%'],
  [1, '100%'],
])('%d is %s', (share, text) => {
  expect(percent(share)).toBe(text);
});
