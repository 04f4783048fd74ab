import { describe, expect, test } from 'vitest';
import type { CellResult } from '../../harness/judge/schema/summary.ts';
import { INK } from '../drawing/theme.ts';
import { cell, estimated } from '../fixtures/build.ts';
import { arrowheadsOf, axisOf, drawnOf, rounded, spans, tableOf, whiskersOf } from '../fixtures/drawn.ts';
import { resultWith, scenario, scenarioOf, summaryOf } from '../fixtures/variants.ts';
import throughput from './throughput.ts';

const drawn = (source: ReturnType<typeof scenario>) =>
  drawnOf(throughput.draw({ scenario: source, summary: summaryOf(source) }));

/** By model, what a scenario of the fixture says. */
function figuresOf<T>(name: string, of: (result: CellResult) => T): Record<string, T> {
  const measured = scenario(name).cells.flatMap(({ model, result }) => (result === null ? [] : [{ model, result }]));
  return Object.fromEntries(measured.map(({ model, result }) => [model, of(result)]));
}

/** What a bar says, as far as it is the figure of its model. */
const BAR = /^([\w-]+): [\d,.]+ requests\/s(?:,| \()/u;

describe.each(['cpu', 'hello', 'io'])('of %s', (name) => {
  test('each bar runs from zero to its estimate, in the row of its model', async () => {
    const bars = spans(await drawn(scenario(name)), BAR);
    expect(bars).toEqual(figuresOf(name, ({ requestsPerSec }) => [0, rounded(requestsPerSec.point)]));
  });

  test('each whisker is the interval of its own row', async () => {
    const whiskers = whiskersOf(await drawn(scenario(name)));
    const ends = (value: number | null) => rounded(value ?? 0);
    expect(whiskers).toEqual(
      figuresOf(name, ({ requestsPerSec: { low, high } }) => ({ low: ends(low), high: ends(high), goesOn: false })),
    );
  });

  test('each dot and diamond is where its figure is', async () => {
    const image = await drawn(scenario(name));
    const dots = spans(image, /^([\w-]+: round 1),/u);
    const first = figuresOf(name, ({ trials }) => rounded(trials[0]?.requestsPerSec ?? 0));
    expect(dots).toEqual(
      Object.fromEntries(Object.entries(first).map(([model, at]) => [`${model}: round 1`, [at, at]])),
    );
    const implied = figuresOf(name, ({ impliedCapacity }) => rounded(impliedCapacity.requestsPerSec.point));
    for (const [model, at] of Object.entries(spans(image, /^([\w-]+): ≈/u))) expect(at[0]).toBe(implied[model]);
  });
});

test('rows are in the order of the summary, with their figures beside them', async () => {
  expect(Object.entries(tableOf(await drawn(scenario('io'))))).toEqual([
    ['single', ['3,041', '≈8,810', '3,025–3,057']],
    ['cluster', ['3,068', '≈16,500', '3,047–3,089']],
    ['fork-pool', ['–', '–', '–']],
    ['worker-threads', ['2,986', '≈9,600', '2,964–3,008']],
  ]);
});

test('the physical limit is a dashed line at its figure', async () => {
  const image = await drawn(scenario('cpu'));
  const { valueAt } = axisOf(image);
  const [line, ...others] = image.marks.filter(({ dash }) => dash === '6,4');
  expect(rounded(valueAt(line?.left ?? 0))).toBe(199);
  expect(others).toEqual([]);
  expect(image.words).toContain('physical limit 199/s: 2 CPUs ÷ 10.05 ms');
  expect(image.alt).toContain(' Physical limit 199/s: 2 CPUs ÷ 10.05 ms.');
});

test('what limited a row stands in it', async () => {
  const { words } = await drawn(scenario('hello'));
  expect(words.filter((word) => word.startsWith('limited by'))).toEqual([
    'limited by the workers',
    'limited by the generator, not ranked',
    'limited by the front',
    'limited by the front',
  ]);
});

test('a result held back by the generator is drawn apart and says so', async () => {
  const { svg, alt } = await drawn(scenario('hello'));
  expect(svg).toContain('limited by the generator, not ranked');
  expect(svg).toContain('stroke-dasharray="4,3"');
  expect(alt).toContain('cluster 63,412 (60,949–65,974; limited by the generator, not ranked)');
});

test('whiskers are intervals, ranges where there are too few trials, and the note says which', async () => {
  const twice = cell('x', 'single', resultWith({ requestsPerSec: estimated([196, 190, 200], 2) }));
  const often = cell(
    'x',
    'cluster',
    resultWith({ requestsPerSec: { ...estimated([196, 190, 200]), low: 180, high: 210 } }),
  );
  const both = await drawn(scenarioOf(twice, often));
  expect(whiskersOf(both)).toEqual({
    single: { low: 190, high: 200, goesOn: false },
    cluster: { low: 180, high: 210, goesOn: false },
  });
  expect(both.svg).toContain('interval over trials; in brackets: lowest to highest trial, where there are fewer than');
  expect(both.alt).toContain('single 196 ((190–200);');
  expect((await drawn(scenarioOf(twice))).svg).toContain('Whisker: lowest to highest trial.');
  expect((await drawn(scenarioOf(often))).svg).toContain('Whisker: 95% interval over trials.');
});

test('an interval far wider than its trials is cut off instead of squeezing the bars', async () => {
  const wide = { ...estimated([196, 190, 200], 3), low: 20, high: 2000 };
  const image = await drawn(scenarioOf(cell('x', 'single', resultWith({ requestsPerSec: wide }))));
  expect(whiskersOf(image)).toEqual({ single: { low: 20, high: rounded(200 * 1.5 * 1.04), goesOn: true } });
  expect(arrowheadsOf(image)).toBe(1);
  expect(image.svg).toContain('Arrowhead: the interval goes on beyond this axis.');
});

test('an interval that ends on the axis has no arrowhead', async () => {
  const image = await drawn(scenario('cpu'));
  expect(image.svg).toContain('Whisker');
  expect(arrowheadsOf(image)).toBe(0);
  expect(image.svg).not.toContain('Arrowhead');
});

test('a model without a valid trial keeps its row', async () => {
  const { svg, alt } = await drawn(scenario('io'));
  expect(svg).toContain('given up after 3 failed trials: 2 requests had no reply within 10 s');
  expect(alt).toContain('fork-pool given up after 3 failed trials: 2 requests had no reply within 10 s');
});

/** The diamonds of the plot, without the one in the heading: their colours and distances from the left. */
function diamonds(svg: string) {
  const marks = svg.matchAll(/translate\(([\d.]+),[\d.]+\)" d="M-5[^"]*" fill="#ffffff" stroke="(#\w+)"/gu);
  return [...marks].map(([, left = '', colour = '']) => ({ left: Number(left), colour }));
}

test('implied capacity is a hollow diamond in the colour of the model, with its figure and its meaning', async () => {
  const { svg, alt } = await drawn(scenario('hello'));
  expect(diamonds(svg).map(({ colour }) => colour)).toEqual(['#5c6670', '#0072b2', '#d55e00', '#009e73']);
  expect(svg).toContain('>≈134,000<');
  expect(svg).toContain('>implied<');
  expect(svg).toContain(
    'Diamond: what the CPU time per request would allow with the load generator elsewhere (derived, not measured).',
  );
  expect(alt).toContain('not ranked), implied ≈134,000');
});

test('the axis holds the diamonds', async () => {
  const image = await drawn(scenario('hello'));
  expect(spans(image, /^(cluster): ≈/u)).toEqual({ cluster: [134_000, 134_000] });
  expect(Math.max(...diamonds(image.svg).map(({ left }) => left))).toBeGreaterThan(400);
});

test('a diamond far beyond everything else is left off, and the note says so', async () => {
  const note = 'Where there is no diamond, it lies far beyond this axis: see the column “implied”.';
  const { svg } = await drawn(scenario('io'));
  expect(diamonds(svg)).toHaveLength(1);
  expect(svg).toContain('>≈16,500<');
  expect(svg).toContain(note);
  expect((await drawn(scenario('hello'))).svg).not.toContain(note);
});

test('a limit far beyond the results is told in words instead of squeezing the bars', async () => {
  const far = { kind: 'cpu', requestsPerSec: 5000, cpus: 2, kernelCpuMs: 0.4 } as const;
  const { svg } = await drawn({ ...scenario('cpu'), limit: far });
  expect(svg).toContain('physical limit 5,000/s: 2 CPUs ÷ 0.4 ms, beyond this axis');
  expect(svg).not.toContain('stroke-dasharray="6,4"');
});

test('the image carries the conditions of its measurement', async () => {
  const { svg } = await drawn(scenario('cpu'));
  for (const part of [
    'Node 22.12.0',
    'AMD EPYC 7B13',
    '4 of 8 CPUs',
    '2 workers',
    '64 connections',
    '5 trials',
    '2026-01-15',
  ]) {
    expect(svg).toContain(part);
  }
});

test('every trial is a dot that can be seen, an outlier a hollow one', async () => {
  const { svg } = await drawn(scenario('cpu'));
  const dots = [
    ...svg.matchAll(/<path aria-label="(\S+): round (\d+), [^"]*"[^>]*fill="(#\w+)"[^>]*stroke="(#\w+)"/gu),
  ];
  expect(dots).toHaveLength(4 * 5);
  for (const [, , , fill, stroke] of dots) expect(fill).not.toBe(stroke);
  const hollow = dots.filter(([, , , fill]) => fill === INK.paper).map(([, model, round]) => `${model} ${round}`);
  expect(hollow).toEqual(['single 3']);
  expect(svg).toContain('Dot: a trial, hollow where it is an outlier and is down-weighted.');
});
