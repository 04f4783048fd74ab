import { expect, test } from 'vitest';
import { slugs } from './draw.ts';

test('a slug reads like its id', () => {
  expect(slugs(['cpu:ms=10'])('cpu:ms=10')).toBe('cpu-ms-10');
});

test('a slug is no path', () => {
  const ids = ['../../etc/passwd', '..', '/', 'C:\\x', 'a\u0000b', 'ä', ''];
  const slugOf = slugs(ids);
  for (const id of ids) expect(slugOf(id)).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/u);
});

test('ids that look alike get slugs of their own', () => {
  const ids = ['a:b', 'a=b', 'A b', 'a-b-2', `${'x'.repeat(80)}1`, `${'x'.repeat(80)}2`];
  const slugOf = slugs(ids);
  expect(new Set(ids.map(slugOf)).size).toBe(ids.length);
});
