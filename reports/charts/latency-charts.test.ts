import { describe, expect, test } from 'vitest';
import type { RateResult } from '../../harness/judge/schema/rate.ts';
import type { ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import type { Chart } from '../drawing/input.ts';
import { modelColours } from '../drawing/theme.ts';
import { axisOf, drawnOf, rounded, scaleOf, spans, tableOf, whiskersOf } from '../fixtures/drawn.ts';
import { latencySummary, withLatency } from '../fixtures/latency-summary.ts';
import { mixed } from '../fixtures/mixed.ts';
import { rateCell, rateResult } from '../fixtures/rate-build.ts';
import { sweep } from '../fixtures/sweep.ts';
import { scenario } from '../fixtures/variants.ts';
import { renderSvg } from '../images/render.ts';
import latencyAgainstLoad from './latency-against-load.ts';
import latencyAtRate from './latency-at-rate.ts';
import sustainedRate from './sustained-rate.ts';

function drawn(chart: Chart, source: ScenarioSummary, summary = latencySummary) {
  const drawing = chart.draw({ scenario: source, summary });
  if (drawing.kind === 'omitted') throw new Error(drawing.reason);
  return drawing;
}

function reason(chart: Chart, source: ScenarioSummary): string | null {
  const drawing = chart.draw({ scenario: source, summary: latencySummary });
  return drawing.kind === 'omitted' ? drawing.reason : null;
}

/** The scenario with these results of one model, at 1, 2, 3 requests per second, all of them common rates. */
function withResults(...results: readonly RateResult[]): ScenarioSummary {
  const cells = results.map((result, i) => rateCell('cpu', 'single', { offered: i + 1 }, result));
  const common = cells.map(({ id, offeredPerSec }) => ({ offeredPerSec, share: null, sentence: '', cells: [id] }));
  return withLatency(sweep, { basis: null, common, cells });
}

/** Of a scenario the percentiles of each model at a rate, as a chart says them. */
function latencyOf(source: ScenarioSummary, model: string, offered: number): RateResult {
  const found = (source.latency?.cells ?? []).find(
    (one) => one.model === model && one.offeredPerSec === offered && one.connectionMode === 'keep-alive',
  );
  if (found?.result == null) throw new Error('the fixture has no such result');
  return found.result;
}

describe.each([
  ['latency-at-rate', latencyAtRate],
  ['latency-against-load', latencyAgainstLoad],
  ['sustained-rate', sustainedRate],
])('%s', (_, chart) => {
  test('is left out without latency at given rates', () => {
    expect(reason(chart, scenario('cpu'))).toBe('no latency was measured at given rates');
  });

  test.each([
    ['zero', [0, 0, 0, 0, 0]],
    ['no tail', [5, 6, null, null, 9]],
    ['far apart', [0.02, 1, 9000, 20_000, 30_000]],
  ] as const)('can be drawn, or says why not: %s', async (_case, latency) => {
    const results = [1, 2, 3].map((offered) => rateResult({ offered, latency, keptUp: offered < 3 }));
    const drawing = chart.draw({ scenario: withResults(...results), summary: latencySummary });
    if (drawing.kind === 'omitted') expect(drawing.reason).toMatch(/^[a-z]/u);
    else await expect(renderSvg(drawing.spec)).resolves.toMatch(/^<svg/u);
  });
});

describe('latency at a rate', () => {
  test('each dot is where its percentile is', async () => {
    const image = await drawnOf(drawn(latencyAtRate, sweep));
    const [common] = sweep.latency?.common ?? [];
    if (common === undefined) throw new Error('the fixture has no common rate');
    const { p50, p90, p99 } = latencyOf(sweep, 'fork-pool', common.offeredPerSec).latency;
    const at = (ms = 0) => [rounded(ms), rounded(ms)];
    expect(spans(image, /^fork-pool: (p\d\d) /u)).toEqual({ p50: at(p50?.ms), p90: at(p90?.ms), p99: at(p99?.ms) });
  });

  test('the figures of a row stand level with its name, and its dots do too', async () => {
    const { texts, marks } = await drawnOf(drawn(latencyAtRate, mixed));
    const isLevel = (a: { top: number; bottom: number }, b: typeof a) =>
      Math.abs(a.top + a.bottom - b.top - b.bottom) < 6;
    const [name] = texts.filter(({ text }) => text === 'worker-threads');
    if (name === undefined) throw new Error('there is no row of worker-threads');
    const figures = texts.filter((one) => one.size === 14 && one.left > name.right && isLevel(one, name));
    expect(figures.map(({ text }) => text)).toEqual(['1.24', '53.4', '92.3', '151']);
    const own = marks.filter((mark) => isLevel(mark, { ...name, top: name.top + 1, bottom: name.bottom + 1 }));
    expect(own.filter(({ words }) => words !== '').map(({ words }) => words.slice(0, 20))).toEqual([
      'worker-threads: p99.',
      'worker-threads: p99 ',
      'worker-threads: p90 ',
      'worker-threads: p50 ',
    ]);
  });

  test('all requests at the highest steady rate come first, each class and rate has an image of its own', async () => {
    const input = { scenario: mixed, summary: latencySummary };
    const first = (await drawnOf(drawn(latencyAtRate, mixed))).words.join(' ');
    expect(first).toContain('At 128 requests/s (80% of what single serves). Open loop');
    expect(first).toContain('≥1,630');
    expect(first).toContain('≥ and arrow: it lies among requests without a reply');
    expect(first).toContain('3 of 6,400 without a reply');
    expect(first).toContain('limited by the generator, not ranked');
    const parts = latencyAtRate.parts?.(input) ?? [];
    expect(parts.map(({ of }) => of)).toEqual([
      'light requests at 128/s',
      'heavy requests at 128/s',
      'all requests at 80/s',
      'light requests at 80/s',
      'heavy requests at 80/s',
    ]);
    const images = await Promise.all(parts.map(async ({ drawing }) => (await drawnOf(drawing)).words.join(' ')));
    for (const [i, { of }] of parts.entries()) expect(images[i]).toContain(`latency of ${of} in ms`);
    expect(images[2]).toContain('given up after 3 failed trials');
  });

  test('the fastest is on top, and what is not to be ranked below', async () => {
    const rows = Object.keys(tableOf(await drawnOf(drawn(latencyAtRate, mixed))));
    expect(rows).toEqual(['worker-threads', 'fork-pool', 'cluster', 'single', 'cluster · per request']);
  });

  test('a server that fell behind is marked', async () => {
    const figures = { offered: 1, latency: [1, 2, 3, 4, 5] } as const;
    const behind = rateResult({ ...figures, keptUp: false, by: 'workers', requests: 52_000, unfinished: 1041 });
    const svg = await renderSvg(drawn(latencyAtRate, withResults(behind)).spec);
    expect(svg).toContain('fell behind: not a steady figure; 1,041 of 52,000 without a reply');
    expect(svg).toContain('so its latency grows with the length of the window');
  });

  test('is left out when no rate was offered to every model', () => {
    expect(reason(latencyAtRate, withLatency(sweep, { common: [] }))).toBe('no rate was offered to every model');
  });
});

describe('latency against load', () => {
  test('each point is where its rate and its p99 are, with a line to the next', async () => {
    const image = await drawnOf(drawn(latencyAgainstLoad, sweep));
    const figures = image.texts.filter(({ text, size }) => size === 13 && /^[\d,]+$/u.test(text));
    const below = Math.max(...figures.map(({ top }) => top));
    const x = scaleOf(
      figures.filter(({ top }) => Math.abs(top - below) < 2),
      'x',
    );
    const y = scaleOf(
      figures.filter(({ top }) => below - top > 2),
      'y',
      { isLog: true },
    );
    const points = image.marks.filter(({ words }) => words.startsWith('worker-threads: p99'));
    const cells = (sweep.latency?.cells ?? []).filter(({ model }) => model === 'worker-threads');
    const expected = cells.map(({ offeredPerSec, result }) => [offeredPerSec, result?.latency.p99?.ms ?? 0] as const);
    expect(points).toHaveLength(new Set(expected.map(([rate]) => rate)).size);
    for (const [i, [rate, ms]] of expected.toSorted(([a], [b]) => a - b).entries()) {
      const point = points[i];
      expect(x(point?.left ?? 0)).toBeCloseTo(rate, 0);
      expect(y(point?.top ?? 0) / ms).toBeCloseTo(1, 1);
    }
    const colour = modelColours(latencySummary)('worker-threads');
    const lines = image.marks.filter(({ stroke, strokeWidth }) => stroke === colour && strokeWidth === 2.2);
    expect(lines).toHaveLength(points.length - 1);
    const [limit] = image.marks.filter(({ dash }) => dash === '6,4');
    expect(y(limit?.top ?? 0) / 100).toBeCloseTo(1, 1);
    const capacity = image.marks.filter(({ stroke, dash }) => stroke === colour && dash === '2,4');
    expect(x(capacity[0]?.left ?? 0)).toBeCloseTo(196, 0);
  });

  test('each line has its name in its colour, and settings of one model other shapes', async () => {
    const { texts, marks } = await drawnOf(drawn(latencyAgainstLoad, sweep));
    const colourOf = modelColours(latencySummary);
    const named = texts.filter(({ size, isBold }) => size === 14 && isBold);
    expect(Object.fromEntries(named.map(({ text, fill }) => [text, fill]))).toEqual({
      ...Object.fromEntries(['single', 'cluster', 'fork-pool', 'worker-threads'].map((one) => [one, colourOf(one)])),
      'cluster · per request': colourOf('cluster'),
    });
    const shapeOf = (name: string) => marks.find(({ words }) => words.startsWith(`${name}: `))?.shape;
    expect(shapeOf('cluster')).toContain('A');
    expect(shapeOf('cluster · per request')).not.toContain('A');
  });

  test('what is unclear is not said to be held back by something other than the server', async () => {
    const unclear = { by: 'unclear', evidence: 'nothing was busy' } as const;
    const rates = (sweep.latency?.cells ?? []).map((one) =>
      one.result === null ? one : { ...one, result: { ...one.result, limitedBy: unclear } },
    );
    const cells = sweep.cells.map((one) =>
      one.result === null ? one : { ...one, result: { ...one.result, limitedBy: unclear } },
    );
    const svg = await renderSvg(drawn(latencyAgainstLoad, withLatency({ ...sweep, cells }, { cells: rates })).spec);
    expect(svg).toContain('Cross: not shown to be limited by the server, not ranked.');
    expect(svg).toContain('Hollow triangle: full load was not shown to be limited by the server');
    expect(svg).not.toContain('held back by something other');
  });

  test('points at which the server fell behind are hollow, with a dashed line to them', async () => {
    const svg = await renderSvg(drawn(latencyAgainstLoad, sweep).spec);
    expect(svg.match(/stroke-dasharray="4,3"/gu)).toHaveLength(5);
    expect(svg).toContain('Hollow and dashed: the server fell behind');
    expect(svg).toContain('Arrowhead above a point: it lies among requests without a reply');
    const steady = withLatency(sweep, {
      cells: (sweep.latency?.cells ?? []).filter(({ result }) => result?.keptUp === true),
    });
    expect(await renderSvg(drawn(latencyAgainstLoad, steady).spec)).not.toContain('Hollow and dashed');
  });

  test('the SLO is drawn where it is about what is drawn', async () => {
    expect(await renderSvg(drawn(latencyAgainstLoad, sweep).spec)).toContain('SLO: p99 within 100 ms');
    const limits = [{ requestClass: 'light', percentile: 'p99', limitMs: 100 }] as const;
    const slo = { asked: { text: 'light:p99=100ms', limits, errors: 0 }, sentence: '', models: [] };
    const other = withLatency(sweep, { slo });
    expect(await renderSvg(drawn(latencyAgainstLoad, other).spec)).not.toContain('SLO:');
  });

  test('the first class is drawn where there are several, and the title says so', async () => {
    const classes = {
      light: { requests: 9, latency: [1, 2, 3, 4, 5] },
      heavy: { requests: 1, latency: [6, 7, 8, 9, 9] },
    } as const;
    const results = [1, 2, 3].map((offered) => rateResult({ offered, latency: [5, 6, 7, 8, 9], classes }));
    const { spec, alt } = drawn(latencyAgainstLoad, withResults(...results));
    expect(await renderSvg(spec)).toContain('p99 of light requests in ms against the offered rate');
    expect(alt).toContain('single 3.00 ms at 1/s');
  });

  test('the name of a class moves neither the title nor the plot', async () => {
    const placeOf = async (name: string) => {
      const classes = { [name]: { requests: 9, latency: [1, 2, 3, 4, 5] } } as const;
      const results = [1, 2, 3].map((offered) => rateResult({ offered, latency: [5, 6, 7, 8, 9], classes }));
      const svg = await renderSvg(drawn(latencyAgainstLoad, withResults(...results)).spec);
      return /role-title"><g transform="([^"]*)"/u.exec(svg)?.[1];
    };
    expect(await placeOf('light')).toBe(await placeOf('light-with-a-longer-name'));
  });

  test('is left out with fewer than three rates', () => {
    expect(reason(latencyAgainstLoad, mixed)).toBe('no model has a p99 at 3 different rates');
  });
});

describe('sustained rate', () => {
  test('bars, whiskers, crosses and figures stand in the rows of their models', async () => {
    const image = await drawnOf(drawn(sustainedRate, sweep));
    expect(spans(image, /^(.*): ≥?\d+ requests\/s sustained/u)).toEqual({
      single: [0, 77],
      cluster: [0, 143],
      'fork-pool': [0, 176],
    });
    expect(whiskersOf(image)).toEqual({
      single: { low: 74, high: 80, goesOn: false },
      cluster: { low: 131, high: 149, goesOn: false },
    });
    expect(tableOf(image)).toEqual({
      single: ['77', '74–80', '80.4'],
      cluster: ['143', '131–149', '150'],
      'fork-pool': ['≥176', '–', '–'],
      'worker-threads': ['≥79', '–', '–'],
      'cluster · per request': ['–', '–', '18.6'],
    });
    const { valueAt } = axisOf(image);
    const crosses = image.texts.filter(({ text }) => text === '×');
    expect(crosses.map(({ left, right }) => rounded(valueAt((left + right) / 2)))).toEqual([150, 80.4, 18.6]);
  });

  test('every outcome has words, and an open end its sign', async () => {
    const svg = await renderSvg(drawn(sustainedRate, sweep).spec);
    for (const text of [
      'broken at 80.4/s: p99 131 ms instead of 100 ms',
      '≥176',
      'met at the highest rate tried',
      '2 of 3 trials at 98 requests/s failed',
      'none: broken at 18.6/s, the lowest rate tried',
      'Arrow: met at the highest rate that was tried',
    ]) {
      expect(svg).toContain(text);
    }
  });

  test('is left out without an SLO, and where nothing can be told', () => {
    expect(reason(sustainedRate, mixed)).toBe('no SLO was asked for');
    const slo = sweep.latency?.slo ?? null;
    if (slo === null) throw new Error('the fixture has no SLO');
    const models = slo.models.map((one) => ({
      ...one,
      outcome: { kind: 'untold', metPerSec: null, why: 'no trial' } as const,
    }));
    expect(reason(sustainedRate, withLatency(sweep, { slo: { ...slo, models } }))).toContain('of no model can be told');
  });
});
