import { expect, test } from 'vitest';
import type { CellResult, ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { arrowheadsIn } from '../fixtures/arrowheads.ts';
import { cell, estimated } from '../fixtures/build.ts';
import { summary } from '../fixtures/summary.ts';
import { hostileSummary, resultWith, scenario, scenarioOf, summaryOf, untoldSummary } from '../fixtures/variants.ts';
import { renderSvg } from '../images/render.ts';
import cpuPerRequest from './cpu-per-request.ts';

async function drawn(source: ScenarioSummary, of = summaryOf(source)) {
  const drawing = cpuPerRequest.draw({ scenario: source, summary: of });
  if (drawing.kind === 'omitted') throw new Error(drawing.reason);
  return { ...drawing, json: JSON.stringify(drawing.spec), svg: await renderSvg(drawing.spec) };
}

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

/** The right end of the axis. */
function endOf(json: string): number {
  return Number(/"domain":\[0,([\d.]+)\]/u.exec(json)?.[1]);
}

test.each(['cpu', 'hello', 'io'])('specification for %s', (name) => {
  expect(cpuPerRequest.draw({ scenario: scenario(name), summary })).toMatchSnapshot();
});

test('the parts of a bar follow each other from zero, front first', async () => {
  const { json, svg, alt } = await drawn(of(taking(10, { front: 2, workers: 7, helpers: 1 })));
  const parts = [...json.matchAll(/"name":"(\w+)","opacity":[\d.]+,"from":([\d.]+),"to":([\d.]+)/gu)];
  expect(parts.slice(0, 3).map(([, ...part]) => part)).toEqual([
    ['front', '0', '2'],
    ['workers', '2', '9'],
    ['helpers', '9', '10'],
  ]);
  expect(svg).toContain('aria-label="model-0: workers 70.0% of 10.0 ms of CPU time per request"');
  expect(alt).toContain(
    'model-0 10.0 (9.70–10.3): front 2.00, workers 7.00, helpers 1.00; beside it generators 0.0200 ms',
  );
});

test('each bar ends at its total, however far from it the medians of its roles are', async () => {
  const { json, svg } = await drawn(
    of(
      taking(44.8, { workers: 51, helpers: 0.3 }),
      taking(55.7, { front: 40.2, workers: 11.1, helpers: 3.9 }),
      taking(57.5, { front: 43.5, workers: 8.7, helpers: 1.8 }),
      taking(60, { workers: 0, helpers: 0 }),
      taking(61, { workers: null }),
    ),
  );
  const ends = new Map(
    [...json.matchAll(/"label":"(model-\d)"[^{}]*?"from":[\d.]+,"to":([\d.]+)/gu)].map(([, row, to]) => [
      row,
      Number(to),
    ]),
  );
  expect(Object.fromEntries(ends)).toEqual({
    'model-0': 44.8,
    'model-1': 55.7,
    'model-2': 57.5,
    'model-3': 60,
    'model-4': 61,
  });
  expect(endOf(json)).toBeCloseTo(61 * 1.03 * 1.04, 5);
  expect(svg).toContain('aria-label="model-0: workers 99.4% of 44.8 ms of CPU time per request"');
  expect(svg).toContain('>51.0<');
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
  expect(svg).toContain('Parts: the shares of the roles, from medians over trials.');
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
  expect(svg).toContain('One bar for all where threads are not told apart.');
  expect(svg).toContain('aria-label="single: 10.1 ms of CPU time per request"');
  expect(svg).not.toContain('>workers<');
});

test('what ran beside the server is told in words and cannot squeeze the bars', async () => {
  const { json, svg } = await drawn(of(taking(1, { workers: 1, generators: 500, services: 9000 })));
  expect(svg).toContain('beside it: generators 500 ms, services 9,000 ms');
  expect(endOf(json)).toBeLessThan(2);
});

test('the handler alone is a dashed line, with bars beyond it', async () => {
  const { svg, json, alt } = await drawn(scenario('cpu'));
  expect(svg).toContain('>handler 10.05 ms<');
  expect(svg).toContain('stroke-dasharray="6,4"');
  expect(endOf(json)).toBeGreaterThan(10.3);
  expect(alt).toContain('Without a server: handler 10.05 ms.');
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
  expect(endOf(wide.json)).toBeCloseTo(10 * 1.5 * 1.04, 5);
  expect(wide.json).toContain('"cap":null');
  expect(arrowheadsIn(wide.svg)).toBe(1);
  expect(wide.svg).toContain('Arrowhead: the interval goes on beyond this axis.');
  const unsettled = await drawn(of(taking(10, { workers: 10 }, { low: 0.2, high: 90 })));
  expect(endOf(unsettled.json)).toBeCloseTo(10 * 1.04, 5);
  expect(unsettled.json).not.toContain('"cap"');
  expect(arrowheadsIn(unsettled.svg)).toBe(0);
  expect(unsettled.svg).not.toContain('Arrowhead');
  expect(unsettled.svg).toContain('Unsettled: the trials disagree');
});

test('an interval that ends on the axis has no arrowhead', async () => {
  const { svg } = await drawn(of(taking(10, { workers: 10 }, { low: 8, high: 14.9 })));
  expect(arrowheadsIn(svg)).toBe(0);
  expect(svg).not.toContain('Arrowhead');
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

test('hostile text is drawn as text', async () => {
  const hostile = hostileSummary();
  const [only] = hostile.scenarios;
  if (only === undefined) throw new Error('the fixture has no scenario');
  const { svg } = await drawn(only, hostile);
  expect(svg).not.toMatch(/<(?:img|script|\/script)/u);
  expect(svg).not.toContain('\u001b');
});
