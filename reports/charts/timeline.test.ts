import { describe, expect, test } from 'vitest';
import type { CellResult, ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import type { Timeline, Traces } from '../../harness/judge/traces/traces.ts';
import { INK, modelColours } from '../drawing/theme.ts';
import { cell, givenUpCell } from '../fixtures/build.ts';
import { type Drawn, drawnOf, illegible, rounded, scaleOf } from '../fixtures/drawn.ts';
import { mixed } from '../fixtures/mixed.ts';
import { summary } from '../fixtures/summary.ts';
import { timelineOf, tracesFor } from '../fixtures/traces.ts';
import { hostileSummary, resultWith, scenario, scenarioOf, summaryOf } from '../fixtures/variants.ts';
import { renderSvg } from '../images/render.ts';
import timeline from './timeline.ts';

function drawn(source: ScenarioSummary, traces: Traces = tracesFor(source)) {
  const drawing = timeline.draw({ scenario: source, summary: summaryOf(source), traces });
  if (drawing.kind === 'omitted') throw new Error(drawing.reason);
  return drawing;
}

/** The image, in which no texts lie on each other or leave it. */
async function legible(source: ScenarioSummary, traces?: Traces): Promise<string> {
  const image = await drawnOf(drawn(source, traces));
  const { svg } = image;
  expect(illegible(image)).toEqual([]);
  expect(svg).not.toMatch(/NaN|Infinity/u);
  return svg;
}

/** A result with so many trials, of which these rounds (from 0) are far from the others. */
function trialsOf(count: number, outliers: readonly number[] = []): CellResult {
  const plain = resultWith({});
  const [first] = plain.trials;
  if (first === undefined) throw new Error('the fixture has no trial');
  const trials = Array.from({ length: count }, (_, round) => {
    const outlier = outliers.includes(round);
    return { ...first, round, outlier, requestsPerSec: outlier ? 120 : 196 };
  });
  return { ...plain, trials };
}

/** So many cells, each with so many trials of so many bins. */
function crowd(cells: number, trials: number, bins: number): { source: ScenarioSummary; traces: Traces } {
  const result = trialsOf(trials);
  const source = scenarioOf(...Array.from({ length: cells }, (_, i) => cell('x', `model-${i}`, result)));
  return { source, traces: { ...tracesOfCells(source, (bins - 12) * 100), curves: [], latencies: [] } };
}

function tracesOfCells(source: ScenarioSummary, windowMs: number): Traces {
  const timelines = source.cells.flatMap(({ id, result }, seed) =>
    (result?.trials ?? []).map(({ round, requestsPerSec }) =>
      timelineOf(id, round, requestsPerSec, { windowStartMs: 1000, windowMs, seed }),
    ),
  );
  return { timelines, curves: [], latencies: [] };
}

function changed(source: ScenarioSummary, change: (timeline: Timeline) => Partial<Timeline>): Traces {
  const traces = tracesFor(source);
  return { ...traces, timelines: traces.timelines.map((one) => ({ ...one, ...change(one) })) };
}

describe('one cell', () => {
  const of = async (trials: number) => {
    const source = scenarioOf(cell('x', 'single', trialsOf(trials, [1])));
    const traces = tracesOfCells(source, 800);
    const image = await drawnOf(drawn(source, traces));
    return { image, axes: axesOf(image), colour: modelColours(summaryOf(source))('single'), traces };
  };

  test('has a line per trial at the rates of its bins, the outlier dashed', async () => {
    const { image, axes, colour, traces } = await of(3);
    const lines = image.marks.filter(({ words }) => words.startsWith('single: round'));
    expect(lines.map(({ words, dash, stroke }) => [words.split(',')[0], dash, stroke])).toEqual([
      ['single: round 1', null, colour],
      ['single: round 3', null, colour],
      ['single: round 2', '5,3', colour],
    ]);
    const inWindow = traces.timelines[0]?.perSec.slice(10, 18) ?? [];
    expect(axes.perSec(lines[0]?.top ?? 0)).toBeCloseTo(Math.max(...inWindow), -1);
    expect(axes.perSec(lines[0]?.bottom ?? 0)).toBeCloseTo(Math.min(...inWindow), -1);
    expect(axes.seconds(lines[0]?.left ?? 0)).toBeCloseTo(1.05, 1);
    expect(axes.seconds(lines[0]?.right ?? 0)).toBeCloseTo(1.75, 1);
  });

  test('is faint before and after the window, has its estimate as a line, and warm-up in grey', async () => {
    const { image, axes, colour } = await of(3);
    const faint = image.marks.filter(({ words, stroke, fill }) => words === '' && stroke === colour && fill === null);
    const [within] = image.marks.filter(({ words }) => words.startsWith('single: round 1'));
    expect(faint.length).toBeGreaterThan(0);
    for (const { strokeOpacity } of faint) expect(strokeOpacity).toBeLessThan(within?.strokeOpacity ?? 0);
    const estimate = image.marks.find(({ stroke, kind }) => stroke === INK.strong && kind === 'path');
    expect(axes.perSec(estimate?.top ?? 0)).toBeCloseTo(196, 0);
    expect([estimate?.left, estimate?.right].map((at) => rounded(axes.seconds(at ?? 0)))).toEqual([1, 1.8]);
    const grey = image.marks.filter(({ fill, kind }) => fill === INK.quiet && kind === 'path');
    expect(axes.seconds(Math.max(...grey.map(({ right }) => right)))).toBeCloseTo(1, 1);
  });

  test('has a band from the lowest to the highest trial where they are many', async () => {
    const { image, axes, colour, traces } = await of(25);
    const [band, ...others] = image.marks.filter(({ fill }) => fill === colour);
    expect(others).toEqual([]);
    expect(band?.fillOpacity).toBe(0.22);
    const all = traces.timelines.flatMap(({ perSec }) => perSec);
    expect(axes.perSec(band?.top ?? 0)).toBeCloseTo(Math.max(...all), -1);
    expect(axes.perSec(band?.bottom ?? 0)).toBeCloseTo(Math.min(...all), -1);
    expect(image.words.join(' ')).toContain('Band: from the lowest to the highest trial, with a line at the median.');
  });

  test('has its name in its colour, and what it comes to', async () => {
    const { image, colour } = await of(3);
    const [name] = image.texts.filter(({ text }) => text === 'single');
    expect(name).toMatchObject({ fill: colour, isBold: true });
    expect(image.words).toEqual(expect.arrayContaining(['196 requests/s', 'warm-up', 'measured', 'round 2']));
  });
});

test('a panel of a model that is not ranked says so', async () => {
  const { words } = await drawnOf(drawn(scenario('hello')));
  expect(words).toContain('63,412 requests/s, not ranked');
});

/** What is at a place of the only panel. */
function axesOf({ texts }: Drawn) {
  const figures = texts.filter(({ text, size }) => size === 13 && /^[\d.,]+$/u.test(text));
  const below = Math.max(...figures.map(({ top }) => top));
  const isBelow = ({ top }: Drawn['texts'][number]) => Math.abs(top - below) < 2;
  return {
    seconds: scaleOf(figures.filter(isBelow), 'x'),
    perSec: scaleOf(
      figures.filter((figure) => !isBelow(figure)),
      'y',
    ),
  };
}

describe('is left out with a reason', () => {
  test('without the trials', () => {
    expect(timeline.draw({ scenario: scenario('cpu'), summary })).toEqual({
      kind: 'omitted',
      reason: 'the trials are not at hand, only their summary',
    });
  });

  test('where trials are too short for a line', () => {
    const traces = changed(scenario('cpu'), () => ({ binMs: 4000, perSec: [90, 120] }));
    expect(timeline.draw({ scenario: scenario('cpu'), summary, traces })).toEqual({
      kind: 'omitted',
      reason: 'the trials are too short to show their course',
    });
  });

  test('without a valid trial', () => {
    const failed = scenarioOf(cell('x', 'single', null));
    const drawing = timeline.draw({ scenario: failed, summary, traces: { timelines: [], curves: [], latencies: [] } });
    expect(drawing).toEqual({ kind: 'omitted', reason: 'no model has a valid trial' });
  });
});

describe('the title', () => {
  const source = scenarioOf(cell('x', 'single', trialsOf(3)));
  const titleOf = async (change: (timeline: Timeline) => Partial<Timeline> = () => ({}), of = source) => {
    const { timelines } = tracesOfCells(of, 4000);
    const traces = { curves: [], latencies: [], timelines: timelines.map((one) => ({ ...one, ...change(one) })) };
    return (await drawnOf(drawn(of, traces))).words[0];
  };

  test('says that every trial is steady only where it is', async () => {
    expect(await titleOf()).toBe('Throughput is steady in every trial');
    const falling = ({ round, perSec }: Timeline) =>
      round === 1 ? { perSec: perSec.map((one, i) => (i < 30 ? one : one * 0.6)) } : {};
    expect(await titleOf(falling)).toBe('Throughput changes while it is measured in 1 of 3 trials: single round 2');
  });

  test('names outlying trials', async () => {
    const far = scenarioOf(cell('x', 'single', trialsOf(4, [2])));
    expect(await titleOf(undefined, far)).toBe('1 of 4 trials is far from the others: single round 3');
  });

  test('makes no claim on windows of few moments', async () => {
    expect(await titleOf(() => ({ windowMs: 200 }))).toBe('Throughput over time');
  });
});

test('each trial carries its round, its figure and its warm-up', async () => {
  const svg = await legible(scenario('cpu'));
  expect(svg).toContain('aria-label="single: round 3, 81.2 requests/s, warm-up 1.04 s, an outlier"');
  expect(svg).toContain('aria-label="cluster: round 1, 196 requests/s, warm-up');
  expect(svg.match(/aria-label="[^"]*: round \d/gu)).toHaveLength(20);
});

test('warm-up, the measured window and an outlying trial are named', async () => {
  const svg = await legible(scenario('cpu'));
  expect(svg).toContain('>warm-up<');
  expect(svg).toContain('>measured<');
  expect(svg).toContain('>round 3<');
  expect(svg).toContain('Dashed: an outlier, which is down-weighted.');
});

test('outlying trials that are close to each other have one name', async () => {
  const source = scenarioOf(cell('x', 'single', trialsOf(6, [4, 1])));
  expect(await legible(source)).toContain('>rounds 2, 5<');
});

test('a cell at a given rate has no panel', () => {
  const id = mixed.latency?.cells[0]?.id ?? '';
  const open = timelineOf(id, 0, 5000, { windowStartMs: 1000, seed: 0 });
  const traces = tracesFor(mixed);
  const more = { ...traces, timelines: [...traces.timelines, open] };
  expect(drawn(mixed, more)).toEqual(drawn(mixed, traces));
});

test('a model without a valid trial keeps its panel, which says why', async () => {
  const source = scenarioOf(cell('x', 'single', resultWith({})), givenUpCell('x', 'cluster', 'a worker died'));
  expect(await legible(source)).toContain('given up after 3 failed trials: a worker died');
});

test('the alternative text holds the figures', () => {
  expect(drawn(scenario('cpu')).alt).toContain('single 98.7 over 5 trials, round 3 an outlier');
});

describe('with many trials', () => {
  test('24 are lines, 25 are a band with its median', async () => {
    const of = (trials: number) => legible(crowd(1, trials, 60).source);
    expect(await of(24)).toContain('One line per trial');
    const band = await of(25);
    expect(band).toContain('Band: from the lowest to the highest trial');
    expect(band).toContain('aria-label="model-0: median of 25 trials, 196 requests/s"');
    expect(band).not.toContain(': round 1,');
  });

  test('only the cells that have them get a band, and are named', async () => {
    const source = scenarioOf(cell('x', 'single', trialsOf(3)), cell('x', 'cluster', trialsOf(64)));
    const svg = await legible(source);
    expect(svg).toContain('Band (cluster): from the lowest');
    expect(svg).toContain('One line per trial');
  });

  test.each([
    ['1,000 trials', 12, 84, 100],
    ['lines just under the limit', 4, 12, 98],
    ['short lines just under the limit', 8, 9, 25],
    ['a run of many cells', 12, 5, 58],
    ['the most lines of one cell', 1, 24, 100],
  ])('files stay small: %s', async (_, cells, trials, bins) => {
    const { source, traces } = crowd(cells, trials, bins);
    expect(JSON.stringify(drawn(source, traces).spec).length).toBeLessThan(150_000);
    expect((await legible(source, traces)).length).toBeLessThan(200_000);
  });
});

describe('can be drawn', () => {
  const cpu = scenario('cpu');

  test.each([
    ['three bins', changed(cpu, () => ({ binMs: 3000, perSec: [90, 120, 110] }))],
    ['no warm-up', changed(cpu, () => ({ windowStartMs: 0 }))],
    [
      'bins of different width',
      changed(cpu, ({ round, perSec }) => (round === 1 ? { binMs: 200, perSec: perSec.slice(0, 30) } : {})),
    ],
    ['no completion', changed(cpu, ({ perSec }) => ({ perSec: perSec.map(() => 0) }))],
  ])('%s', async (_, traces) => {
    await legible(cpu, traces);
  });

  test('one trial that completed nothing', async () => {
    const nothing = { ...trialsOf(1), requestsPerSec: { ...resultWith({}).requestsPerSec, point: 0 } };
    const source = scenarioOf(cell('x', 'single', nothing));
    await legible(source, {
      timelines: [timelineOf('x/single', 0, 0, { windowStartMs: 900, seed: 0 })],
      curves: [],
      latencies: [],
    });
  });

  test('12 cells', async () => {
    const { source, traces } = crowd(12, 3, 60);
    await legible(source, traces);
  });
});

test('hostile text is drawn as text', async () => {
  const [only] = hostileSummary().scenarios;
  if (only === undefined) throw new Error('the fixture has no scenario');
  const svg = await renderSvg(drawn(only).spec);
  expect(svg).not.toMatch(/<(?:img|script|\/script)/u);
  expect(svg).not.toContain('\u001b');
});
