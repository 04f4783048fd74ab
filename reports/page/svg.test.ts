import { expect, test } from 'vitest';
import { INK } from '../charts/theme.ts';
import { isolated, labelled, slimmed, themeable } from './svg.ts';

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

test('colours of the theme follow the page, and others stay', () => {
  const svg = `<svg><path fill="${INK.strong}" stroke="#0072B2"/><path fill="none" stroke="#123456"/></svg>`;
  expect(themeable(svg)).toBe(
    '<svg><path fill="var(--c-16202a)" stroke="var(--c-0072b2)"/><path fill="none" stroke="#123456"/></svg>',
  );
});

test('text that looks like a colour stays text', () => {
  const svg = `<svg><path aria-label="a fill=&quot;${INK.strong}&quot;"/><text>x fill="${INK.strong}"</text></svg>`;
  expect(themeable(svg)).toBe(svg);
});

test('is drawn to a hundredth of a pixel, and no figure in words is rounded', () => {
  const svg =
    '<svg><path aria-label="a: 0.021345 ms" d="M0.5,1.23456h-7.999999e-7" x="3.14159"/><text>0.021345</text></svg>';
  expect(slimmed(svg)).toBe(
    '<svg><path aria-label="a: 0.021345 ms" d="M0.5,1.23h0" x="3.14"/><text>0.021345</text></svg>',
  );
});
