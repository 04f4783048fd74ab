import { describe, expect, test } from 'vitest';
import type { CellResult, ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { DEFAULT_CANVAS } from '../drawing/canvas.ts';
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

test('rows are in the order of their figures, those without one last', async () => {
  expect(Object.entries(tableOf(await drawn(scenario('io'))))).toEqual([
    ['cluster', ['3,068', '≈16,500', '3,047–3,089']],
    ['single', ['3,041', '≈8,810', '3,025–3,057']],
    ['worker-threads', ['2,986', '≈9,600', '2,964–3,008']],
    ['fork-pool', ['–', '–', '–']],
  ]);
});

test('what may not be ranked comes after what may, however much it served', async () => {
  expect(Object.keys(tableOf(await drawn(scenario('hello'))))).toEqual([
    'single',
    'worker-threads',
    'fork-pool',
    'cluster',
  ]);
});

test('the title is what was found, else what is drawn', async () => {
  const { words, alt } = await drawn(scenario('cpu'));
  expect(words).toContain('cluster and both pools serve 2.0× a single process');
  expect(words).toContain('10 ms of CPU per request · requests per second, more is better');
  expect(alt).toBe(
    'Bar chart of 10 ms of CPU per request: cluster and both pools serve 2.0× a single process (requests per second: worker-threads 196, fork-pool 196, cluster 195, single 98.7; physical limit 199/s: 2 CPUs ÷ 10.05 ms).',
  );
  expect((await drawn(scenario('io'))).words).toContain('Requests per second by model');
});

test('a plain one has its figures at the bars, one line at the foot, and no dots, diamonds or columns', async () => {
  const source = scenario('hello');
  const canvas = { ...DEFAULT_CANVAS, isPlain: true };
  const image = await drawnOf(throughput.draw({ scenario: source, summary: summaryOf(source), canvas }));
  expect(image.words).toEqual(expect.arrayContaining(['40,180/s', '63,412/s', 'limited by the generator, not ranked']));
  expect(image.words.join(' ')).not.toMatch(/implied|interval|Whisker|limited by the workers/u);
  expect(image.texts.filter(({ size }) => size === 12)).toHaveLength(1);
  const bar = image.marks.find(({ words }) => words.startsWith('single: '));
  const label = image.texts.find(({ text }) => text === '40,180/s');
  expect((label?.left ?? 0) - (bar?.right ?? 0)).toBeLessThan(40);
});

test('the physical limit is a dashed line at its figure', async () => {
  const image = await drawn(scenario('cpu'));
  const { valueAt } = axisOf(image);
  const [line, ...others] = image.marks.filter(({ dash }) => dash === '6,4');
  expect(rounded(valueAt(line?.left ?? 0))).toBe(199);
  expect(others).toEqual([]);
  expect(image.words).toContain('physical limit 199/s: 2 CPUs ÷ 10.05 ms');
});

test('what limited a row stands in it', async () => {
  const { words } = await drawn(scenario('hello'));
  expect(words.filter((word) => word.startsWith('limited by'))).toEqual([
    'limited by the workers',
    'limited by the front',
    'limited by the front',
    'limited by the generator, not ranked',
  ]);
});

test('a result held back by the generator is drawn apart and says so', async () => {
  const { svg, alt } = await drawn(scenario('hello'));
  expect(svg).toContain('limited by the generator, not ranked');
  expect(svg).toContain('stroke-dasharray="4,3"');
  expect(alt).toContain('cluster 63,412 (not ranked)');
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

/** Of hello, where the CPU time of each model would allow twice as much as it served. */
const nearby: ScenarioSummary = {
  ...scenario('hello'),
  cells: scenario('hello').cells.map((one) => {
    if (one.result === null) return one;
    const { requestsPerSec, impliedCapacity } = one.result;
    const doubled = { ...impliedCapacity.requestsPerSec, point: 2 * requestsPerSec.point };
    return { ...one, result: { ...one.result, impliedCapacity: { ...impliedCapacity, requestsPerSec: doubled } } };
  }),
};

test('implied capacity is a hollow diamond in the colour of the model, with its figure and its meaning', async () => {
  const { svg } = await drawn(nearby);
  expect(diamonds(svg).map(({ colour }) => colour)).toEqual(['#5c6670', '#009e73', '#d55e00', '#0072b2']);
  expect(svg).toContain('>≈127,000<');
  expect(svg).toContain('>implied<');
  expect(svg).toContain(
    'Diamond: what the CPU time per request would allow with the load generator elsewhere (derived, not measured).',
  );
});

test('the axis holds the diamonds', async () => {
  const image = await drawn(nearby);
  expect(spans(image, /^(cluster): ≈/u)).toEqual({ cluster: [127_000, 127_000] });
  expect(Math.max(...diamonds(image.svg).map(({ left }) => left))).toBeGreaterThan(400);
});

test('where one would be far beyond everything else, no row has a diamond, and all have the figure', async () => {
  const { svg } = await drawn(scenario('io'));
  expect(diamonds(svg)).toEqual([]);
  expect(svg).toContain('>≈16,500<');
  expect(svg).toContain('Implied: what the CPU time per request would allow');
});

test('a bar of which the trials say nothing is pale and dashed, and the note says so', async () => {
  const unsettled = { ...estimated([196, 190, 200], 3), low: 2, high: 9000 };
  const { marks, words } = await drawn(scenarioOf(cell('x', 'single', resultWith({ requestsPerSec: unsettled }))));
  expect(marks.find((mark) => mark.words.startsWith('single: 196'))?.dash).toBe('4,3');
  expect(words.join(' ')).toContain('Pale and dashed, unsettled: the trials disagree so much');
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
