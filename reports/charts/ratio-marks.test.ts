import { expect, test } from 'vitest';
import { comparison } from '../fixtures/build.ts';
import { axisOf, type Drawn, illegible } from '../fixtures/drawn.ts';
import { among, beside, drawnRatio as drawn, ratioMarks as marks, spanning } from '../fixtures/ratios.ts';
import { scenario } from '../fixtures/variants.ts';

const HELD =
  'single: limited by the machine, a: limited by the machine, and neither has any time left for more requests';

/** Nothing but an implied capacity beside that of `single`. */
function implied(model: string, ratio: ReturnType<typeof spanning>) {
  return [
    beside(model, 'invalid', null, { reason: HELD }),
    comparison('x', [model, 'single'], ['inconclusive', 1], { metric: 'implied-capacity', ...ratio }),
  ];
}

test('an invalid pair is a hollow diamond on a dashed line, and never drawn as measured', async () => {
  const image = await drawn(scenario('hello'));
  const { svg, alt } = image;
  expect(marks(image)[0]).toBe('cluster hollow diamond');
  expect(svg.match(/stroke-dasharray="4,3"/gu)).toHaveLength(1);
  expect(svg).toContain('>≈3.29×<');
  expect(svg).toContain('>invalid (≈ better)<');
  expect(svg).toContain('cluster: limited by the generator');
  expect(svg).toContain('derived and not measured');
  expect(alt).toContain('cluster ≈3.29× [3.09–3.50] invalid (≈ better)');
});

test('an interval far beyond all ratios is cut off with an arrowhead', async () => {
  const wide = beside('a', 'inconclusive', 1.1, spanning(1.1, 0.2, 6));
  const image = await drawn(among(['a'], wide));
  expect(arrowsOf(image)).toHaveLength(2);
  expect(image.svg).toContain('Arrowhead: the interval goes on beyond this axis.');
  const tight = await drawn(among(['a'], beside('a', 'better', 1.1)));
  expect(arrowsOf(tight)).toEqual([]);
  expect(tight.svg).not.toContain('Arrowhead');
});

test('an unsettled interval is told in words and not drawn', async () => {
  const unsettled = beside('a', 'inconclusive', 1.1, spanning(1.1, 0.001, 900));
  const image = await drawn(among(['a'], unsettled));
  const { svg } = image;
  expect(svg).toContain('>[unsettled]<');
  expect(svg).toContain('interval too wide to be drawn');
  expect(svg).toContain('spans more than a factor of 100');
  expect(arrowsOf(image)).toEqual([]);
  expect(image.marks.filter(({ kind, left, right }) => kind === 'line' && right > left)).toEqual([]);
});

test('where everything is derived nothing claims to be measured', async () => {
  const { svg, alt } = await drawn(
    among(['a', 'b'], ...['a', 'b'].flatMap((one) => implied(one, spanning(1.2, 0.5, 3)))),
  );
  expect(svg).toContain('implied capacity relative to single');
  expect(svg).toContain('implied capacity ÷ that of single');
  expect(svg).toContain('a: ≈1.20× the implied capacity of single');
  expect(`${svg}${alt}`).not.toMatch(/requests per second|requests\/s|Point:/u);
  expect(svg).toContain('Diamond, dashed, ≈');
  expect(svg).toContain('>Line: interval, if wider than the diamond');
});

test('a line is only explained where there is one', async () => {
  const derived = await drawn(among(['a'], ...implied('a', spanning(1.2, 0.001, 900))));
  expect(derived.svg).toContain('Diamond, ≈');
  expect(derived.svg).not.toMatch(/Line:|dashed/u);
  const measured = await drawn(among(['a'], beside('a', 'inconclusive', 1.1, spanning(1.1, 0.001, 900))));
  expect(measured.svg).toContain('Point:');
  expect(measured.svg).not.toMatch(/Line:|Filled: /u);
});

test('a question mark is explained where a verdict has one', async () => {
  expect((await drawn(among(['a'], ...implied('a', spanning(1.2, 0.5, 3))))).svg).toContain(' ?: inconclusive.');
  expect((await drawn(scenario('cpu'))).svg).not.toContain('?: inconclusive');
});

test('words of two lines keep off the axis and off each other', async () => {
  const models = ['a', 'b', 'c'];
  const image = await drawn(among(models, ...models.flatMap((one) => implied(one, spanning(1.2, 0.001, 900)))));
  expect(illegible(image)).toEqual([]);
  const words = image.texts.filter(({ text }) => text.includes('requests') && !text.includes('÷'));
  const axis = image.texts.find(({ text }) => text === '1×')?.top ?? 0;
  expect(words).toHaveLength(3);
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
