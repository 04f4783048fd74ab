/** No chart has texts that lie on each other or leave the image, whatever its size and whatever was measured. */
import { expect, test } from 'vitest';
import type { Canvas } from '../drawing/canvas.ts';
import type { Drawing } from '../drawing/input.ts';
import { drawnOf, illegible } from '../fixtures/drawn.ts';
import { summary } from '../fixtures/summary.ts';
import { tracesFor } from '../fixtures/traces.ts';
import { scenario } from '../fixtures/variants.ts';
import { charts } from './index.ts';

const SIZES: Readonly<Record<string, Canvas>> = {
  natural: { size: { kind: 'natural' }, title: null, subtitle: null },
  'as narrow as can be': { size: { kind: 'width', px: 320 }, title: null, subtitle: null },
  'as wide as a phone': { size: { kind: 'width', px: 390 }, title: null, subtitle: null },
  'less than half of a window': { size: { kind: 'width', px: 600 }, title: null, subtitle: null },
  'as wide as can be': { size: { kind: 'width', px: 1600 }, title: null, subtitle: null },
  'a plain slide': { size: { kind: 'slide' }, title: null, subtitle: null, isPlain: true },
  'a slide': { size: { kind: 'slide' }, title: 'A title of one’s own', subtitle: 'And a subtitle' },
};
const ASKING_MOST = 'as narrow as can be';
const all = await Promise.all(
  Object.entries(charts).map(async ([name, load]) => ({ name, chart: (await load()).default })),
);

async function complaints(drawing: Drawing): Promise<string[]> {
  if (drawing.kind === 'omitted') return [];
  const image = await drawnOf(drawing);
  expect(image.texts.length).toBeGreaterThan(5);
  return illegible(image);
}

/** Every size of every chart, and every scenario in the size that asks most; in the others one, which takes turns. */
const images = all.flatMap(({ name, chart }, nth) =>
  Object.entries(SIZES).flatMap(([size, canvas], at) =>
    summary.scenarios
      .filter((_, i, { length }) => size === ASKING_MOST || (nth + at) % length === i)
      .map(({ id }) => ({ name, size, id, chart, canvas })),
  ),
);

test.each(images)('$name, $size, of $id', async ({ id, chart, canvas }) => {
  const one = scenario(id.split(':')[0] ?? id);
  expect(await complaints(chart.draw({ scenario: one, summary, canvas, traces: tracesFor(one) }))).toEqual([]);
});

test('a slide is 16:9', async () => {
  const { default: throughput } = await charts.throughput();
  for (const one of summary.scenarios) {
    const drawing = throughput.draw({ scenario: one, summary, canvas: SIZES['a slide'] });
    const { width, height } = await drawnOf(drawing);
    expect(width / height).toBeCloseTo(16 / 9, 2);
  }
});
