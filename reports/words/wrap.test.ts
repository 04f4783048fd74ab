import { expect, test } from 'vitest';
import { shorten, wrap, wrapItem, wrapItems } from './wrap.ts';

test('breaks at spaces and never exceeds the width', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
});

test('breaks a word that is too long for a line', () => {
  expect(wrap('a abcdefgh', 4)).toEqual(['a', 'abcd', 'efgh']);
});

test('indents what follows a marker', () => {
  expect(wrapItem('- ', 'one two three', 9)).toBe('- one two\n  three');
});

test('ends a line between two items, and within one only where it must', () => {
  expect(wrapItems(['a → b', 'c → d', 'e → f'], ' · ', 13)).toEqual(['a → b · c → d', 'e → f']);
  expect(wrapItems(['a → b', 'one two three four'], ' · ', 10)).toEqual(['a → b', 'one two', 'three four']);
});

test('shows that something was cut off', () => {
  expect([shorten('cluster', 7), shorten('cluster', 6)]).toEqual(['cluster', 'clust…']);
});

test('keeps together what a no-break space joins', () => {
  expect(wrap('one two\u00a0three', 9)).toEqual(['one', 'two\u00a0three']);
});
