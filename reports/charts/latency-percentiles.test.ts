import { describe, expect, test } from 'vitest';
import type { ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import type { Curve } from '../../harness/judge/traces/curves.ts';
import type { Traces } from '../../harness/judge/traces/traces.ts';
import { modelColours } from '../drawing/theme.ts';
import { cell } from '../fixtures/build.ts';
import { drawnOf, illegible, rounded, scaleOf } from '../fixtures/drawn.ts';
import { hostileLatencySummary, latencySummary, withLatency } from '../fixtures/latency-summary.ts';
import { mixed } from '../fixtures/mixed.ts';
import { percentiles } from '../fixtures/percentiles.ts';
import { sweep } from '../fixtures/sweep.ts';
import { curveOf, tracesFor } from '../fixtures/traces.ts';
import { HOSTILE, resultWith, scenario, scenarioOf, summaryOf } from '../fixtures/variants.ts';
import { renderSvg } from '../images/render.ts';
import latencyPercentiles from './latency-percentiles.ts';

function drawn(source: ScenarioSummary, traces: Traces = tracesFor(source)) {
  const drawing = latencyPercentiles.draw({ scenario: source, summary: summaryOf(source), traces });
  if (drawing.kind === 'omitted') throw new Error(drawing.reason);
  return drawing;
}

/** The image, in which no texts lie on each other or leave it. */
async function legible(source: ScenarioSummary, traces?: Traces): Promise<string> {
  const image = await drawnOf(drawn(source, traces));
  expect(illegible(image)).toEqual([]);
  return image.svg;
}

/** The scenario in which one model fell behind at these common rates. */
function behindAt(...rates: readonly number[]): ScenarioSummary {
  const cells = (mixed.latency?.cells ?? []).map((one) =>
    one.result === null || one.model !== 'single' || !rates.includes(one.offeredPerSec)
      ? one
      : { ...one, result: { ...one.result, keptUp: false } },
  );
  return withLatency(mixed, { cells });
}

function withPoints(source: ScenarioSummary, points: (curve: Curve) => Curve['points']): Traces {
  const traces = tracesFor(source);
  return { ...traces, curves: traces.curves.map((curve) => ({ ...curve, points: points(curve) })) };
}

/** Of the places that a path goes through, in pixels from the top of the plot. */
function heightsOf(shape: string): number[] {
  return [...shape.matchAll(/[ML]-?[\d.]+,(-?[\d.]+)/gu)].map(([, y]) => Number(y));
}

describe('of hello at full load', () => {
  const source = scenario('hello');
  const of = async () => {
    const image = await drawnOf(drawn(source));
    const figures = image.texts.filter(({ size }) => size === 13);
    const y = scaleOf(
      figures.filter(({ text }) => /^[\d.]+$/u.test(text)),
      'y',
      { isLog: true },
    );
    const nines = figures.filter(({ text }) => text.endsWith('%'));
    const at = (share: string) => {
      const tick = nines.find(({ text }) => text === share);
      return ((tick?.left ?? 0) + (tick?.right ?? 0)) / 2;
    };
    return { image, y, at };
  };

  test('each point is at its percentile and its latency', async () => {
    const { image, y, at } = await of();
    for (const { model, result } of source.cells) {
      const { p50, p90, p99, p999 } = result?.latencyMs ?? {};
      for (const [name, share, figure] of [
        ['p50', '50%', p50],
        ['p90', '90%', p90],
        ['p99', '99%', p99],
        ['p99.9', '99.9%', p999],
      ] as const) {
        const [point] = image.marks.filter(({ words }) => words.startsWith(`${model}: ${name} `));
        expect(point?.left).toBeCloseTo(at(share), 0);
        expect(y(point?.top ?? 0) / (figure?.ms ?? 0)).toBeCloseTo(1, 1);
      }
    }
  });

  test('each curve goes from the quickest request through its points, in the colour of its model', async () => {
    const { image, y, at } = await of();
    const colourOf = modelColours(summaryOf(source));
    const { curves } = tracesFor(source);
    for (const { id, model } of source.cells) {
      const points = curves.find((one) => one.cell === id)?.points ?? [];
      const [curve] = image.marks.filter(
        ({ stroke, strokeWidth }) => stroke === colourOf(model) && strokeWidth === 2.4,
      );
      expect(curve?.left).toBeCloseTo(at('0%'), 0);
      expect(y(curve?.bottom ?? 0) / (points[0]?.ms ?? 0)).toBeCloseTo(1, 1);
      expect(y(curve?.top ?? 0) / (points.at(-1)?.ms ?? 0)).toBeCloseTo(1, 1);
      const heights = heightsOf(curve?.shape ?? '');
      expect(heights).toHaveLength(points.length);
      // From left to right a curve only rises.
      expect(heights).toEqual(heights.toSorted((one, other) => other - one));
    }
  });

  test('each name stands at the end of its curve, in its colour; one that is not ranked is pale', async () => {
    const { image } = await of();
    const colourOf = modelColours(summaryOf(source));
    const names = image.texts.filter(({ size, isBold }) => size === 14 && isBold);
    expect(Object.fromEntries(names.map(({ text, fill }) => [text, fill]))).toEqual({
      ...Object.fromEntries(['single', 'fork-pool', 'worker-threads'].map((one) => [one, colourOf(one)])),
      'cluster (not ranked)': colourOf('cluster'),
    });
    const strengths = image.marks.filter(({ strokeWidth }) => strokeWidth === 2.4).map((mark) => mark.strokeOpacity);
    expect(strengths.map(rounded).toSorted()).toEqual([0.4, 1, 1, 1]);
  });
});

describe('is left out with a reason', () => {
  test('without the trials', () => {
    expect(latencyPercentiles.draw({ scenario: mixed, summary: latencySummary })).toEqual({
      kind: 'omitted',
      reason: 'the trials are not at hand, only their summary',
    });
  });

  test('with too few requests for any curve', () => {
    const traces = withPoints(mixed, ({ points }) => points.slice(0, 1));
    expect(latencyPercentiles.draw({ scenario: mixed, summary: latencySummary, traces })).toEqual({
      kind: 'omitted',
      reason: 'no model has requests enough for a curve',
    });
  });
});

describe('the rate', () => {
  test('is the highest that every ranked model kept up with', () => {
    expect(drawn(mixed).alt).toContain('at 128 requests/s');
    expect(drawn(behindAt(128)).alt).toContain('at 80 requests/s');
  });

  test('is the lowest where a model fell behind at every rate, and that is said at the line', async () => {
    const svg = await legible(behindAt(80, 128));
    expect(svg).toContain('at 80 requests/s');
    expect(svg).toContain('single (fell behind)');
    expect(svg).toContain('Fell behind: the server served less than was offered');
  });

  test('may be one that only a model which is not ranked fell behind at', () => {
    const cells = (mixed.latency?.cells ?? []).map((one) =>
      one.result?.limitedBy.by === 'generator' ? { ...one, result: { ...one.result, keptUp: false } } : one,
    );
    expect(drawn(withLatency(mixed, { cells })).alt).toContain('at 128 requests/s');
  });

  test('is full load where no common rate was measured, and the note says what that means', async () => {
    const svg = await legible(withLatency(sweep, { common: [] }));
    expect(svg).toContain('at full load');
    expect(svg).toContain('every connection waits for all the others');
  });
});

test('light and heavy requests have a panel each, with names at the lines', async () => {
  const svg = await legible(mixed);
  expect(svg.indexOf('light requests, at 128')).toBeGreaterThan(-1);
  expect(svg.indexOf('light requests, at 128')).toBeLessThan(svg.indexOf('heavy requests, at 128'));
  expect(svg.split('>worker-threads<').length).toBeGreaterThan(2);
  expect(svg).toContain('cluster · per request (not ranked)');
  expect(svg).toContain('Pale: not shown to be limited by the server, not ranked.');
});

test('a model that gave up is told in words', () => {
  expect(JSON.stringify(drawn(behindAt(128)).spec)).toContain('fork-pool: given up after 3 failed trials');
});

test('a model with too few requests of one class is told in words', () => {
  const traces = withPoints(mixed, ({ cell: id, requestClass, points }) =>
    id.startsWith('mixed/single/') && requestClass === 'heavy' ? [] : points,
  );
  expect(JSON.stringify(drawn(mixed, traces).spec)).toContain('single: too few heavy requests for a curve.');
});

test('what lies among requests without a reply is dashed and explained', async () => {
  expect(await legible(mixed)).toContain('Dashed: among requests without a reply');
  expect(await legible(sweep)).not.toContain('Dashed');
});

test('the limit of an SLO is drawn only for the requests that it is asked for', async () => {
  expect(await legible(sweep)).toContain('SLO: p99 within 100 ms');
  const limits = [{ requestClass: 'light', percentile: 'p90', limitMs: 40 }] as const;
  const slo = { asked: { text: 'light:p90=40ms', limits, errors: 0 }, sentence: '', models: [] };
  const svg = await legible(withLatency(mixed, { slo }));
  // Twice in one panel: the words and the halo below them.
  expect(svg.split('SLO: p90 within 40 ms')).toHaveLength(3);
});

test('points at the percentiles carry their figures', async () => {
  expect(await legible(sweep)).toContain('aria-label="single: p99 108 (98.6–121) ms"');
});

test('settings of one model have points of different shapes', async () => {
  const { marks } = await drawnOf(drawn(sweep));
  const shapeOf = (name: string) => marks.find(({ words }) => words.startsWith(`${name}: p50`))?.shape;
  expect(shapeOf('cluster · per request')).not.toContain('A');
  expect(shapeOf('cluster')).toContain('A');
});

describe('the axis of latency', () => {
  test('is linear from zero where that is readable, whatever the quickest requests took', () => {
    const points = withPoints(scenario('cpu'), (curve) => [
      { share: 0, ms: 0.1, atLeast: false },
      ...curve.points.slice(1),
    ]);
    expect(JSON.stringify(drawn(scenario('cpu'), points).spec)).not.toContain('logarithmic');
    expect(JSON.stringify(drawn(mixed).spec)).toContain('logarithmic');
  });

  test('leaves out zero where it is logarithmic, and says so', async () => {
    const traces = withPoints(mixed, ({ points }) => points.map((point, i) => (i < 2 ? { ...point, ms: 0 } : point)));
    const svg = await legible(mixed, traces);
    expect(svg).toContain('Latencies of zero');
    expect(svg).not.toMatch(/NaN|Infinity/u);
  });
});

describe('can be drawn', () => {
  const figures = (p: Parameters<typeof percentiles>[0]) => resultWith({ latencyMs: percentiles(p) });

  test.each([
    ['latency zero', [figures([0, 0, 0, 0, 0])]],
    ['one percentile', [figures([5, null, null, null, 9])]],
    ['far apart', [figures([0.02, 1, 9000, 20_000, 30_000])]],
    ['12 cells', Array.from({ length: 12 }, (_, i) => figures([20 + i, 25 + i, 30 + 2 * i, 31 + 3 * i, 40 + 3 * i]))],
    ['12 equal cells', Array.from({ length: 12 }, () => figures([20, 25, 30, 31, 40]))],
  ])('%s', async (_, results) => {
    const svg = await legible(scenarioOf(...results.map((result, i) => cell('x', `model-${i}`, result))));
    expect(svg).not.toMatch(/NaN|Infinity/u);
  });

  test('many nines', async () => {
    const source = scenarioOf(cell('x', 'single', figures([1, 2, 3, 4, 50])));
    const traces = withPoints(source, ({ points }) => [...points, { share: 0.9999999, ms: 45, atLeast: false }]);
    expect(await legible(source, traces)).toContain('99.9999%');
  });
});

test('hostile text is drawn as text', async () => {
  const [only] = hostileLatencySummary().scenarios;
  if (only === undefined) throw new Error('the fixture has no scenario');
  const part = { requests: 5, unfinished: 0, latency: percentiles([1, 2, 3, 4, 5]) };
  const curves = (only.latency?.cells ?? []).flatMap(({ id }) =>
    [HOSTILE, `${HOSTILE}2`].map((name) => curveOf(id, name, part, 0.5)),
  );
  const svg = await renderSvg(drawn(only, { timelines: [], latencies: [], curves }).spec);
  expect(svg).not.toMatch(/<(?:img|script|\/script)/u);
  expect(svg).not.toContain('\u001b');
});
