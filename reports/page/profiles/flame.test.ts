import { expect, test } from 'vitest';
import type { ShownFrame } from '../../../harness/store/profiles-schema.ts';
import { flameGraph } from './flame.ts';

const frame = (
  name: string,
  selfMs: number,
  baseSelfMs: number | null,
  children: readonly ShownFrame[] = [],
): ShownFrame => ({
  name,
  where: `${name}.js:1`,
  selfMs,
  totalMs: children.reduce((sum, { totalMs }) => sum + totalMs, selfMs),
  baseSelfMs,
  baseMs: baseSelfMs,
  children,
});

test('boxes are as wide as their share of the frame above, and coloured by growth of their own time', () => {
  const root = frame('(root)', 0, 0, [
    frame('serve', 0.1, 0.1, [frame('slow', 0.6, 0.2), frame('quick', 0.05, 0.06)]),
    { ...frame('gc', 0.25, 0.4), where: '' },
  ]);
  const markup = flameGraph(root, 'cpu/single');
  expect(
    [...markup.matchAll(/width:([\d.]+)%"><span class="([a-z0-9-]+)"[^>]*>(\w+)</g)].map(([, ...found]) => found),
  ).toEqual([
    ['75.00', 'own', 'serve'],
    ['80.00', 'grew-3', 'slow'],
    ['6.67', 'shrank-1', 'quick'],
    ['25.00', 'shrank-3', 'gc'],
  ]);
  expect(markup).toContain('title="slow slow.js:1: 0.600 ms, 60.0%; itself 0.600 ms (base 0.200 ms)"');
  expect(markup).toMatch(
    /role="img" aria-label="Flame graph of cpu\/single\. 1\.00 ms of CPU time per request\. Most: slow [^"]*Grew most: slow /,
  );
});

test('of a run there is no growth', () => {
  const markup = flameGraph(frame('(root)', 0, null, [frame('serve', 1, null)]), 'cpu/single');
  expect(markup).toContain('class="own"');
  expect(markup).not.toMatch(/base|Grew/);
});

test('names from a profile are text and nothing else', () => {
  const evil = '"><script>alert(1)</script>\u202e\u001b[31m';
  const markup = flameGraph(frame(evil, 0, null, [frame(evil, 1, null)]), evil);
  const words = markup.replaceAll(/<\/?(?:div|span)(?: (?:class|style|title|role|aria-label)="[^"<>]*")*>/g, '');
  for (const bad of ['<', '>', '"', '\u202e', '\u001b']) expect(words).not.toContain(bad);
});
