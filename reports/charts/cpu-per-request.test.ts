import { expect, test } from 'vitest';
import type { CellResult, ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { cell, estimated } from '../fixtures/build.ts';
import { arrowheadsOf, axisOf, type Drawn, drawnOf, rounded, spans, tableOf, whiskersOf } from '../fixtures/drawn.ts';
import { resultWith, scenario, scenarioOf, summaryOf, untoldSummary } from '../fixtures/variants.ts';
import cpuPerRequest from './cpu-per-request.ts';

const drawn = (source: ScenarioSummary, of = summaryOf(source)) =>
  drawnOf(cpuPerRequest.draw({ scenario: source, summary: of }));

type Roles = Partial<CellResult['cpuByRole']>;

/** A result of so many milliseconds in all. */
function taking(ms: number, roles: Roles, interval: Partial<CellResult['cpuMsPerRequest']> = {}): CellResult {
  const total = { ...estimated([ms, ms * 0.98, ms * 1.02]), low: ms * 0.97, high: ms * 1.03, ...interval };
  const cpuByRole = { front: null, workers: null, helpers: null, generators: 0.02, services: null, ...roles };
  return resultWith({ cpuMsPerRequest: total, cpuByRole });
}

function of(...results: readonly CellResult[]): ScenarioSummary {
  return scenarioOf(...results.map((result, i) => cell('x', `model-${i}`, result)));
}

const ROLE = /^[\w-]+: (\w+) [\d.]+%/u;

/** By row, from where to where its bar reaches. */
function barsOf(image: Drawn): Record<string, readonly [number, number]> {
  const parts = Object.entries(spans(image, /^[\w-]+: (?:\w+ [\d.]+% of )?[\d.]+ [mµ]s.*$/u));
  const rows: Record<string, readonly [number, number]> = {};
  for (const [words, [from, to]] of parts) {
    const [row = ''] = words.split(':');
    rows[row] = [Math.min(from, rows[row]?.[0] ?? from), Math.max(to, rows[row]?.[1] ?? to)];
  }
  return rows;
}

test('figures and whiskers stand in the rows of their models', async () => {
  const image = await drawn(scenario('hello'));
  expect(tableOf(image)).toEqual({
    single: ['25.1', '25.1–25.1', '–', '22.6', '2.51'],
    cluster: ['30.4', '30.4–30.4', '0.400', '27.0', '3.00'],
    'fork-pool': ['98.2', '98.0–98.4', '64.1', '30.7', '3.41'],
    'worker-threads': ['61.1', '61.0–61.2', '40.8', '18.3', '2.03'],
  });
  const intervals = scenario('hello').cells.flatMap(({ model, result }) => {
    const { low, high } = result?.cpuMsPerRequest ?? { low: null, high: null };
    return low === null || high === null ? [] : [[model, { low: low * 1000, high: high * 1000 }] as const];
  });
  const whiskers = whiskersOf(image);
  expect(Object.keys(whiskers).toSorted()).toEqual(intervals.map(([model]) => model).toSorted());
  for (const [model, { low, high }] of intervals) {
    expect(whiskers[model]?.low).toBeCloseTo(low, 0);
    expect(whiskers[model]?.high).toBeCloseTo(high, 0);
  }
  expect(image.words.filter((word) => word.startsWith('beside it'))).toHaveLength(4);
});

test('the parts of a bar follow each other from zero, front first', async () => {
  const image = await drawn(of(taking(10, { front: 2, workers: 7, helpers: 1 })));
  const { svg, alt } = image;
  expect(Object.entries(spans(image, ROLE))).toEqual([
    ['front', [0, 2]],
    ['workers', [2, 9]],
    ['helpers', [9, 10]],
  ]);
  const strengths = image.marks.filter(({ words }) => words !== '').map(({ fillOpacity }) => fillOpacity);
  expect(strengths).toEqual([0.6, 1, 0.28]);
  expect(svg).toContain('aria-label="model-0: workers 70.0% of 10.0 ms of CPU time per request"');
  expect(alt).toContain('model-0 10.0, of which front 2.00, workers 7.00, helpers 1.00');
});

test('the parts of a bar add up to its total, however far from it the medians of its roles are', async () => {
  const image = await drawn(
    of(
      taking(44.8, { workers: 51, helpers: 0.3 }),
      taking(55.7, { front: 40.2, workers: 11.1, helpers: 3.9 }),
      taking(57.5, { front: 43.5, workers: 8.7, helpers: 1.8 }),
      taking(60, { workers: 0, helpers: 0 }),
      taking(61, { workers: null }),
    ),
  );
  expect(barsOf(image)).toEqual({
    'model-0': [0, 44.8],
    'model-1': [0, 55.7],
    'model-2': [0, 57.5],
    'model-3': [0, 60],
    'model-4': [0, 61],
  });
  expect(whiskersOf(image)['model-4']).toEqual({ low: rounded(61 * 0.97), high: rounded(61 * 1.03), goesOn: false });
  const { svg } = image;
  expect(svg).toContain('aria-label="model-0: workers 99.4% of 44.8 ms of CPU time per request"');
  expect(svg).not.toContain('>51.0<');
  const sums = Object.values(tableOf(image)).map(
    ([total, , ...parts]) => [Number(total), parts.reduce((sum, part) => sum + (Number(part) || 0), 0)] as const,
  );
  for (const [total, sum] of sums.filter(([, sum]) => sum > 0)) expect(sum).toBeCloseTo(total, 0);
});

test('a name that a whisker would cross out is left off', async () => {
  const roles = { workers: 6, helpers: 4 };
  const clear = await drawn(of(taking(10, roles, { low: 9, high: 11 })));
  expect(clear.svg.match(/>helpers</gu)).toHaveLength(2);
  const crossed = await drawn(of(taking(10, roles, { low: 7, high: 11 })));
  expect(crossed.svg.match(/>helpers</gu)).toHaveLength(1);
  expect(crossed.svg.match(/>workers</gu)).toHaveLength(2);
});

test('a part is named where there is room, and every role has its column', async () => {
  const { svg } = await drawn(of(taking(10, { workers: 9.9, helpers: 0.1 })));
  expect(svg.match(/>workers</gu)).toHaveLength(2);
  expect(svg.match(/>helpers</gu)).toHaveLength(1);
  expect(svg).not.toContain('>front<');
  expect(svg).toContain('The parts add up to the total');
});

test('below 1 ms figures are in microseconds', async () => {
  const { svg } = await drawn(scenario('hello'));
  expect(svg).toContain('>CPU time of the server per request in µs<');
  expect(svg).toContain('>64.1<');
});

test('one bar for all where threads are not told apart', async () => {
  const untold = untoldSummary();
  const [, source] = untold.scenarios;
  if (source === undefined) throw new Error('the fixture lacks a scenario');
  const { svg } = await drawn(source, untold);
  expect(svg).toContain('One bar for all where threads cannot be distinguished.');
  expect(svg).toContain('aria-label="single: 10.1 ms of CPU time per request"');
  expect(svg).not.toContain('>workers<');
});

test('what ran beside the server is told in words and cannot squeeze the bars', async () => {
  const image = await drawn(of(taking(1, { workers: 1, generators: 500, services: 9000 })));
  const { svg } = image;
  expect(svg).toContain('beside it: generators 500 ms, services 9,000 ms');
  expect(axisOf(image).valueAt(image.width)).toBeLessThan(4);
});

test('the handler alone is a dashed line, with bars beyond it', async () => {
  const image = await drawn(scenario('cpu'));
  const { svg, alt, marks } = image;
  expect(svg).toContain('>handler 10.05 ms<');
  expect(svg).toContain('stroke-dasharray="6,4"');
  const [line] = marks.filter(({ dash }) => dash === '6,4');
  expect(axisOf(image).valueAt(line?.left ?? 0)).toBeCloseTo(10.05, 2);
  expect(Math.max(...Object.values(barsOf(image)).map(([, end]) => end))).toBe(10.3);
  expect(alt).toContain('handler 10.05 ms');
  expect((await drawn(scenario('io'))).svg).not.toContain('>handler ');
});

test('a handler far beyond the bars is told in words', async () => {
  const limit = { kind: 'cpu', requestsPerSec: 2, cpus: 2, kernelCpuMs: 900 } as const;
  const { svg } = await drawn({ ...scenario('cpu'), limit });
  expect(svg).toContain('handler 900 ms, beyond this axis →');
  expect(svg).not.toContain('stroke-dasharray="6,4"');
});

test('a wide interval is cut off, and an unsettled one is not drawn', async () => {
  const wide = await drawn(of(taking(10, { workers: 10 }, { low: 2, high: 90 })));
  expect(whiskersOf(wide)).toEqual({ 'model-0': { low: 2, high: rounded(10 * 1.5 * 1.04), goesOn: true } });
  expect(arrowheadsOf(wide)).toBe(1);
  expect(wide.svg).toContain('Arrowhead: the interval goes on beyond this axis.');
  const unsettled = await drawn(of(taking(10, { workers: 10 }, { low: 0.2, high: 90 })));
  expect(whiskersOf(unsettled)).toEqual({});
  expect(arrowheadsOf(unsettled)).toBe(0);
  expect(unsettled.svg).not.toContain('Arrowhead');
  expect(unsettled.svg).toContain('Pale and dashed, unsettled: the trials disagree');
  expect(unsettled.marks.find(({ words }) => words.startsWith('model-0: workers'))?.dash).toBe('4,3');
});

test('an interval that ends on the axis has no arrowhead', async () => {
  const image = await drawn(of(taking(10, { workers: 10 }, { low: 8, high: 14.9 })));
  expect(arrowheadsOf(image)).toBe(0);
  expect(image.svg).not.toContain('Arrowhead');
});

test('a model without a valid trial keeps its row', async () => {
  expect((await drawn(scenario('io'))).svg).toContain('given up after 3 failed trials: 2 requests had no reply');
});

test.each([
  ['nothing used', [taking(0, { workers: 0, helpers: 0 }, { low: 0, high: 0, min: 0, max: 0 })]],
  ['one trial', [taking(3, { workers: 3 }, { low: null, high: null, trials: 1 })]],
  ['far apart', [taking(0.001, { workers: 0.001 }), taking(1000, { front: 999, workers: 0.5, helpers: 0.5 })]],
  ['eight models', Array.from({ length: 8 }, (_, i) => taking(i + 1, { front: i, workers: 1, helpers: 0 }))],
])('can be drawn: %s', async (_, results) => {
  expect((await drawn(of(...results))).svg).toMatch(/^<svg/u);
});
