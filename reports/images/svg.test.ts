import { expect, test } from 'vitest';
import { INK } from '../drawing/theme.ts';
import { isolated, labelled, readableWidth, slimmed, themeable, withoutWordless } from './svg.ts';

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

test('what is faint is stronger on dark paper, in shape, line and whole; a shade stays', () => {
  const svg = '<svg><path fill-opacity="0.35" stroke-opacity="0.6"/><g opacity="0.18"/><g opacity="0.07"/></svg>';
  expect(themeable(svg)).toBe(
    '<svg><path fill-opacity="calc(0.35 + 0.18*var(--dark))" stroke-opacity="calc(0.6 + 0.14*var(--dark))"/>' +
      '<g opacity="calc(0.18 + 0.18*var(--dark))"/><g opacity="0.07"/></svg>',
  );
});

test('marks without words are hidden from screen readers, and no others', () => {
  const svg =
    '<svg><g role="graphics-symbol"><path/></g><path aria-label="a: 1" role="graphics-symbol"/><text>role="graphics-symbol"</text></svg>';
  expect(withoutWordless(svg)).toBe(svg.replace('<g role="graphics-symbol"', '$& aria-hidden="true"'));
});

test('what changes nothing is left out, and what says what a mark is stays', () => {
  const svg =
    '<svg class="marks"><g class="mark-rect" role="graphics-object" aria-roledescription="group mark container">' +
    '<path class="foreground" aria-hidden="true" d="" display="none"/>' +
    '<path aria-label="a: 1" role="graphics-symbol" aria-roledescription="bar" opacity="1" fill-opacity="1"/></g></svg>';
  expect(slimmed(svg)).toBe(
    '<svg><g><path aria-label="a: 1" role="graphics-symbol" aria-roledescription="bar" fill-opacity="1"/></g></svg>',
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

function imageWith(width: number, sizes: readonly number[]): string {
  const texts = sizes.map((size) => `<text text-anchor="end" font-size="${size}px">a</text>`);
  return `<svg class="marks" width="${width}" height="9">${texts.join('')}</svg>`;
}

test('an image with large letters may be smaller than one with small letters', () => {
  expect(readableWidth(imageWith(1200, [18, 18, 38, 16, 18]))).toBe(500);
  expect(readableWidth(imageWith(960, [23, 13, 11, 13]))).toBe(554);
});

test('nothing is asked of an image without words, nor more than it was drawn with', () => {
  expect(readableWidth(imageWith(960, []))).toBeNull();
  expect(readableWidth(imageWith(200, [5]))).toBe(200);
});
