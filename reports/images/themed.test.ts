import { expect, test } from 'vitest';
import { charts } from '../charts/index.ts';
import { DARK, INK, modelColours } from '../drawing/theme.ts';
import { cell } from '../fixtures/build.ts';
import { summary } from '../fixtures/summary.ts';
import { scenario, scenarioOf, summaryOf } from '../fixtures/variants.ts';
import { themed } from './themed.ts';

const NAMES = ['single', 'cluster', 'fork-pool', 'worker-threads', 'a', 'b', 'c', 'd', 'e', 'f'];

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
  const colourOf = modelColours(summaryOf(scenarioOf(...NAMES.map((name) => cell('x', name, null)))));
  const light = [...Object.values(INK), ...NAMES.map(colourOf)];
  expect(new Set(light)).toEqual(new Set(DARK.keys()));
  expect(new Set(DARK.values()).size).toBe(light.length);
});

test.each(NAMES)('the colour of %s stands out from dark paper by at least 4.5 to 1', (name) => {
  const colourOf = modelColours(summaryOf(scenarioOf(...NAMES.map((one) => cell('x', one, null)))));
  const paper = luminance(DARK.get(INK.paper) ?? '');
  expect((luminance(DARK.get(colourOf(name)) ?? '') + 0.05) / (paper + 0.05)).toBeGreaterThanOrEqual(4.5);
});

/** Relative luminance, WCAG 2.2. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
