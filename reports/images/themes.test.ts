import { expect, test } from 'vitest';
import { models } from '../../servers/index.ts';
import { charts } from '../charts/index.ts';
import { DARK, DIVERGING, INK, modelColours } from '../drawing/theme.ts';
import { cell } from '../fixtures/build.ts';
import { summary } from '../fixtures/summary.ts';
import { scenario, scenarioOf, summaryOf } from '../fixtures/variants.ts';
import { cssName, onDark, PALETTE, PALETTE_CSS, themed } from './themes.ts';

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

const NAMES = [...Object.keys(models), 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

async function drawn() {
  const { default: chart } = await charts.throughput();
  const drawing = chart.draw({ scenario: scenario('cpu'), summary });
  if (drawing.kind === 'omitted') throw new Error(drawing.reason);
  return drawing.spec;
}

test('light is how charts are drawn', async () => {
  const spec = await drawn();
  expect(themed(spec, 'light')).toBe(spec);
});

test('dark leaves no light colour behind, and changes nothing but colours and how strong they are', async () => {
  const spec = await drawn();
  const dark = JSON.stringify(themed(spec, 'dark'));
  for (const light of DARK.keys()) expect(dark).not.toContain(`"${light}"`);
  const colourless = (text: string) =>
    text.replace(/#[0-9a-f]{6}/gu, '#').replace(/("(?:fillO|strokeO|o)pacity"|"density"):[\d.]+/gu, '$1');
  expect(colourless(dark)).toBe(colourless(JSON.stringify(spec)));
});

test('text that looks like a colour stays', () => {
  const spec = { data: { values: [{ text: '#ffffff', colour: '#ffffff' }] }, mark: 'bar' } as const;
  expect(themed(spec, 'dark')).toEqual({ data: { values: [{ text: '#ffffff', colour: '#141b22' }] }, mark: 'bar' });
});

test('what is faint is less so on dark paper, and other numbers stay', () => {
  const spec = {
    data: { values: [{ opacity: 0.35, density: 1, ms: 0.35 }] },
    mark: { type: 'bar', fillOpacity: 0.2, size: 0.2 },
    encoding: { strokeOpacity: { value: 0.35 } },
  } as const;
  expect(themed(spec, 'dark')).toEqual({
    data: { values: [{ opacity: 0.53, density: 1, ms: 0.35 }] },
    mark: { type: 'bar', fillOpacity: 0.38, size: 0.2 },
    encoding: { strokeOpacity: { value: 0.53 } },
  });
});

test('every colour has another one on dark paper, and no two are confused', () => {
  const names = NAMES.flatMap((name) => ['24.21.0', '22.23.2', '20.20.2'].map((version) => `${name}@${version}`));
  const colourOf = modelColours(summaryOf(scenarioOf(...names.map((name) => cell('x', name, null)))));
  const light = [...Object.values(INK), ...Object.values(DIVERGING), ...names.map(colourOf)];
  expect(new Set(light)).toEqual(new Set(DARK.keys()));
  expect(new Set(DARK.values()).size).toBe(light.length);
});

test.each(NAMES)('the colour of %s stands out from dark paper by at least 4.5 to 1', (name) => {
  const colourOf = modelColours(summaryOf(scenarioOf(...NAMES.map((one) => cell('x', one, null)))));
  expect(contrast(DARK.get(colourOf(name)) ?? '', DARK.get(INK.paper) ?? '')).toBeGreaterThanOrEqual(ENOUGH);
});

/** One colour on another, so opaque. */
function blended(above: string, below: string, opacity: number): string {
  const part = (colour: string, i: number) => Number.parseInt(colour.slice(1 + 2 * i, 3 + 2 * i), 16);
  const mixed = [0, 1, 2].map((i) => Math.round(opacity * part(above, i) + (1 - opacity) * part(below, i)));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

test.each(Object.values(DIVERGING))('words can be read on %s as strong as it gets, light and dark', (colour) => {
  const dark = (light: string): string => DARK.get(light) ?? light;
  expect(contrast(INK.strong, blended(colour, INK.paper, 0.6))).toBeGreaterThanOrEqual(ENOUGH);
  const onPaper = blended(dark(colour), dark(INK.paper), onDark(0.6));
  expect(contrast(dark(INK.strong), onPaper)).toBeGreaterThanOrEqual(ENOUGH);
});

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
