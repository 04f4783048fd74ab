import { expect, test } from 'vitest';
import { DARK, INK } from '../drawing/theme.ts';
import { cssName, PALETTE, PALETTE_CSS } from './palette.ts';

const ENOUGH = 4.5;

/** Of two colours, as WCAG 2 has it. */
function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test('black on white is 21', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
});

const themes = ['light', 'dark'] as const;
const texts = ['ink', 'soft', 'link', 'mark', 'bad'] as const;
const grounds = ['paper', 'wash'] as const;
const all = themes.flatMap((theme) => texts.flatMap((text) => grounds.map((ground) => [text, ground, theme] as const)));

test.each(all)('%s can be read on %s in the %s', (text, ground, theme) => {
  expect(contrast(PALETTE[text][theme], PALETTE[ground][theme])).toBeGreaterThanOrEqual(ENOUGH);
});

test.each([INK.strong, INK.normal, INK.quiet])('words in %s can be read in charts', (colour) => {
  expect(contrast(colour, INK.paper)).toBeGreaterThanOrEqual(ENOUGH);
  expect(contrast(DARK.get(colour) ?? '', DARK.get(INK.paper) ?? '')).toBeGreaterThanOrEqual(ENOUGH);
});

test('every colour of the charts has a name in both themes', () => {
  for (const [light, dark] of DARK) {
    expect(PALETTE_CSS).toContain(`${cssName(light)}: ${light};`);
    expect(PALETTE_CSS).toContain(`${cssName(light)}: ${dark};`);
  }
});
