import { describe, expect, test } from 'vitest';
import type { Percentile } from '../../harness/judge/schema/capacity.ts';
import { DEFAULT_CANVAS } from '../drawing/canvas.ts';
import type { ChartInput } from '../drawing/input.ts';
import { type Order, sortedRows } from '../drawing/rows.ts';
import { INK } from '../drawing/theme.ts';
import { cell } from '../fixtures/build.ts';
import { axisOf, type Drawn, drawnOf, illegible, type Mark, rounded, spans, tableOf } from '../fixtures/drawn.ts';
import { percentiles } from '../fixtures/percentiles.ts';
import { summary } from '../fixtures/summary.ts';
import { resultWith, scenario, scenarioOf } from '../fixtures/variants.ts';
import latency from './latency.ts';

const ORDER: Order = { figureOf: ({ result }) => result.latencyMs.p50?.ms ?? null, good: 'less', rankedFirst: true };

/** Of the interval of p99: its line, which lies above the marks of its row. */
function isBracket({ kind, strokeWidth, left, right }: Mark): boolean {
  return kind === 'line' && strokeWidth === 1.6 && right > left;
}

function bracketsOf(image: Drawn): number[][] {
  const { valueAt } = axisOf(image);
  return image.marks.filter(isBracket).map(({ left, right }) => [left, right].map((at) => rounded(valueAt(at))));
}

const drawn = (one: ChartInput['scenario']) => drawnOf(latency.draw({ scenario: one, summary }));

describe.each(['cpu', 'hello', 'io'])('of %s', (name) => {
  const { cells } = scenario(name);

  test('each dot is where its percentile is, in the row of its model', async () => {
    const dots = spans(await drawn(scenario(name)), /^([\w-]+: p[\d.]+) /u);
    const expected = cells.flatMap(({ model, result }) => {
      const { p50, p90, p99, p999 } = result?.latencyMs ?? { p50: null, p90: null, p99: null, p999: null };
      return Object.entries({ p50, p90, p99, 'p99.9': p999 }).flatMap(([percentile, figure]) =>
        figure === null ? [] : [[`${model}: ${percentile}`, [rounded(figure.ms), rounded(figure.ms)]]],
      );
    });
    expect(dots).toEqual(Object.fromEntries(expected));
  });

  test('each line reaches from the lowest to the highest percentile', async () => {
    const image = await drawn(scenario(name));
    const { valueAt } = axisOf(image);
    const lines = image.marks.filter(({ strokeWidth }) => strokeWidth === 4);
    const ranked = sortedRows({ scenario: scenario(name), summary }, ORDER);
    const expected = ranked.flatMap(({ cell: { result } }) => {
      if (result === null) return [];
      const { p50, p90, p99, p999 } = result.latencyMs;
      const all = [p50, p90, p99, p999].flatMap((one) => one?.ms ?? []);
      return [[Math.min(...all), Math.max(...all)].map(rounded)];
    });
    expect(lines.map(({ left, right }) => [left, right].map((at) => rounded(valueAt(at))))).toEqual(expected);
  });
});

test('figures and intervals stand in the rows of their models, a failed one says why', async () => {
  const image = await drawn(scenario('hello'));
  expect(tableOf(image)).toEqual({
    single: ['1.52', '1.81', '2.94', '5.61'],
    cluster: ['0.940', '1.42', '3.31', '6.02'],
    'fork-pool': ['4.11', '4.83', '7.12', '11.9'],
    'worker-threads': ['2.63', '3.07', '5.24', '9.48'],
  });
  expect(bracketsOf(image)).toHaveLength(4);
  expect(bracketsOf(image)).toContainEqual([6.48, 7.95]);
  expect((await drawn(scenario('io'))).words).toContain(
    'given up after 3 failed trials: 2 requests had no reply within 10 s',
  );
});

test('the title tells the fastest from the slowest where their intervals do, and a model that is not ranked is neither', async () => {
  expect((await drawn(scenario('hello'))).words).toContain('p50 is 1.52 ms with single, 4.11 ms with fork-pool');
  expect((await drawn(scenario('io'))).words).toContain('Latency percentiles by model at full load');
});

test('a plain one has p50 and p99 with their figures at the marks', async () => {
  const canvas = { ...DEFAULT_CANVAS, isPlain: true };
  const image = await drawnOf(latency.draw({ scenario: scenario('hello'), summary, canvas }));
  expect(image.words).toEqual(expect.arrayContaining(['1.52', '2.94', '4.11', '7.12']));
  expect(image.words.join(' ')).toContain(
    'latency in ms at full load, p50 as a dot and p99 as a diamond, less is better',
  );
  expect(image.svg).not.toMatch(/: p90|>p90|Bracket/u);
  expect(illegible(image)).toEqual([]);
});

test('percentiles are told apart by shape and filling, and those that are not ranked are pale', async () => {
  const { marks, words } = await drawn(scenario('hello'));
  const look = (name: string, of: (mark: Drawn['marks'][number]) => unknown) =>
    marks.filter((mark) => mark.words.startsWith(`${name}: p`)).map(of);
  expect(look('single', ({ fill }) => fill === INK.paper)).toEqual([true, false, true, false]);
  expect(look('single', ({ shape }) => shape.includes('A'))).toEqual([false, false, true, true]);
  expect(look('single', ({ strokeOpacity }) => strokeOpacity)).toEqual([1, 1, 1, 1]);
  expect(look('cluster', ({ strokeOpacity }) => strokeOpacity)).toEqual([0.35, 0.35, 0.35, 0.35]);
  expect(words).toContain('limited by the generator, not ranked');
});

test('a percentile that no model has is left out altogether', async () => {
  expect((await drawn(scenario('cpu'))).svg).not.toContain('p99.9');
  expect((await drawn(scenario('hello'))).svg).toContain('p99.9');
});

test('a percentile that one model lacks is a dash with an explanation', async () => {
  expect((await drawn(scenario('io'))).words).toContain('–: too few requests for this percentile.');
});

test('the axis says when it is logarithmic', async () => {
  const cells = [1, 1000].map((p50, i) =>
    cell('x', `model-${i}`, resultWith({ latencyMs: percentiles([p50, null, null, null, 2000]) })),
  );
  expect((await drawn(scenarioOf(...cells))).words).toContain('latency in ms (logarithmic scale)');
  expect((await drawn(scenario('cpu'))).svg).not.toContain('logarithmic');
});

describe('the interval of p99', () => {
  const latencyMs = percentiles([20, 25, 30, null, 40]);
  const drawnWith = (p99: Partial<Percentile>) => {
    const changed = latencyMs.p99 === null ? null : { ...latencyMs.p99, ...p99 };
    return drawn(scenarioOf(cell('x', 'single', resultWith({ latencyMs: { ...latencyMs, p99: changed } }))));
  };

  test('is a bracket above its own mark, which the note explains', async () => {
    const image = await drawnWith({ low: 26, high: 71 });
    expect(bracketsOf(image)).toEqual([[26, 71]]);
    const [bracket] = image.marks.filter(isBracket);
    const [mark] = image.marks.filter(({ words }) => words.startsWith('single: p99 '));
    expect(bracket?.top).toBeLessThan((mark?.top ?? 0) - 10);
    expect(bracket?.stroke).toBe(mark?.fill);
    expect(image.svg).toContain('Bracket above a p99: the 95% interval of that p99');
    expect(image.svg).toContain('p99 30.0 ms (26.0–71.0)');
  });

  test('is left out where there are too few trials for one', async () => {
    const image = await drawnWith({ low: null, high: null });
    expect(bracketsOf(image)).toEqual([]);
    expect(image.svg).not.toContain('Bracket');
    expect(image.alt).toContain('p99 30.0 ms');
  });

  test('makes its mark pale where it says only that the trials disagree', async () => {
    const image = await drawnWith({ low: 1, high: 900 });
    expect(bracketsOf(image)).toEqual([]);
    const looks = image.marks
      .filter(({ words }) => /: p(?:50|99) /u.test(words))
      .map(({ strokeOpacity }) => strokeOpacity);
    expect(looks).toEqual([0.35, 1]);
    expect(image.svg).toContain('Pale p99, unsettled: the trials disagree');
  });
});
