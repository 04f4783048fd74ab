import { expect, test } from 'vitest';
import { isolated, labelled } from './svg.ts';

test('renames ids and everything that refers to them', () => {
  const svg = '<svg><clipPath id="c1"/><g clip-path="url(#c1)"/><use xlink:href="#c1"/></svg>';
  expect(isolated(svg, 'p-')).toBe(
    '<svg><clipPath id="p-c1"/><g clip-path="url(#p-c1)"/><use xlink:href="#p-c1"/></svg>',
  );
});

test('leaves text alone', () => {
  const svg = '<svg><text>see id="x" and url(#y)</text></svg>';
  expect(isolated(svg, 'p-')).toBe(svg);
});

test('a label cannot leave its attribute, nor be taken for a pattern', () => {
  expect(labelled('<svg width="1"/>', '"><b>$&')).toBe(
    '<svg role="img" aria-label="&quot;&gt;&lt;b&gt;$&amp;" width="1"/>',
  );
});
