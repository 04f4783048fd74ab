import { expect, test } from 'vitest';
import { axisOf, type Drawn, illegible } from '../fixtures/drawn.ts';
import { among, beside, drawnRatio as drawn, spanning } from '../fixtures/ratios.ts';

test('an interval far beyond all ratios is cut off with an arrowhead', async () => {
  const wide = beside('a', 'inconclusive', 1.1, spanning(1.1, 0.2, 6));
  const image = await drawn(among(['a'], wide));
  expect(arrowsOf(image)).toHaveLength(2);
  expect(image.svg).toContain('Arrowhead: the interval goes on beyond this axis.');
  const tight = await drawn(among(['a'], beside('a', 'better', 1.1)));
  expect(arrowsOf(tight)).toEqual([]);
  expect(tight.svg).not.toContain('Arrowhead');
});

test('a ratio with an unsettled interval is pale and dashed, on a line over the whole axis', async () => {
  const unsettled = beside('a', 'inconclusive', 1.1, spanning(1.1, 0.001, 900));
  const image = await drawn(among(['a'], unsettled));
  const { svg } = image;
  expect(svg).toContain('>unsettled<');
  expect(svg).toContain('interval too wide to be drawn');
  expect(svg).toContain('spans more than a factor of 100');
  expect(svg).toContain('Pale and dashed, unsettled');
  expect(arrowsOf(image)).toEqual([]);
  const [line, ...others] = image.marks.filter(({ kind, left, right }) => kind === 'line' && right > left);
  expect(others).toEqual([]);
  expect(line).toMatchObject({ dash: '4,3', opacity: 0.4 });
  expect(image.marks.find(({ words }) => words.startsWith('a: '))).toMatchObject({ dash: '4,3', strokeOpacity: 0.4 });
});

test('a line is only explained where there is one', async () => {
  const { svg } = await drawn(among(['a'], beside('a', 'inconclusive', 1.1, spanning(1.1, 0.001, 900))));
  expect(svg).toContain('Point:');
  expect(svg).not.toMatch(/Line:|Filled: /u);
});

test('words of two lines keep off the axis and off each other', async () => {
  const models = ['a', 'b', 'c'].map((one) => `${one}-model-with-a-long-name`);
  const wide = { reason: 'the whole machine was busy with other programs, which took most of its time in every round' };
  const image = await drawn(
    among([...models, 'd'], ...models.map((one) => beside(one, 'invalid', null, wide)), beside('d', 'better', 2)),
  );
  expect(illegible(image)).toEqual([]);
  const words = image.texts.filter(({ text }) => /machine|round/u.test(text) && !text.includes('÷'));
  const axis = image.texts.find(({ text }) => text === '1×')?.top ?? 0;
  expect(words.length).toBeGreaterThanOrEqual(3);
  // The figures of the axis stand about 9 pixels below its line.
  expect(Math.max(...words.map(({ bottom }) => bottom))).toBeLessThan(axis - 12);
});

test('an arrowhead keeps off the name of its row', async () => {
  const image = await drawn(among(['a'], beside('a', 'inconclusive', 1.1, spanning(1.1, 0.2, 6))));
  const [row] = image.texts.filter(({ axis }) => axis === 'y');
  // What is cut off at both ends is drawn from arrowhead to arrowhead, and a name ends 8 pixels left of the plot.
  for (const { left } of arrowsOf(image)) expect(left).toBeGreaterThan((row?.right ?? 0) + 8 + 8);
});

test('a cap that its point would hide is left out', async () => {
  const caps = async (low: number, high: number) => {
    const image = await drawn(
      among(['a', 'b'], beside('a', 'better', 1.5, spanning(1.5, low, high)), beside('b', 'better', 4)),
    );
    const { valueAt } = axisOf(image);
    const own = image.marks.filter(({ shape }) => /^M0,-[\d.]+L0,[\d.]+$/u.test(shape));
    return own.map(({ left }) => Number(valueAt(left).toFixed(2))).filter((ratio) => ratio < 2);
  };
  expect(await caps(1.2, 1.9)).toEqual([1.2, 1.9]);
  expect(await caps(1.49, 1.51)).toEqual([]);
});

/** The arrowheads where lines leave the axis. */
function arrowsOf({ marks }: Drawn): Drawn['marks'] {
  return marks.filter(
    ({ words, shape, fill }) => words === '' && fill !== null && /^M[^A]*L[^A]*L[^A]*Z$/u.test(shape),
  );
}
