import { describe, expect, test } from 'vitest';
import type { RateResult } from '../../harness/judge/schema/rate.ts';
import type { ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { hostileLatencySummary, latencySummary, withLatency } from '../fixtures/latency-summary.ts';
import { mixed } from '../fixtures/mixed.ts';
import { rateCell, rateResult } from '../fixtures/rate-build.ts';
import { sweep } from '../fixtures/sweep.ts';
import { scenario } from '../fixtures/variants.ts';
import { renderSvg } from '../images/render.ts';
import type { Chart } from './chart.ts';
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

test.each([
  ['latency-at-rate', latencyAtRate, mixed],
  ['latency-at-rate', latencyAtRate, sweep],
  ['latency-against-load', latencyAgainstLoad, sweep],
  ['sustained-rate', sustainedRate, sweep],
])('specification of %s', (_, chart, source) => {
  expect(drawn(chart, source)).toMatchSnapshot();
});

describe.each([
  ['latency-at-rate', latencyAtRate],
  ['latency-against-load', latencyAgainstLoad],
  ['sustained-rate', sustainedRate],
])('%s', (_, chart) => {
  test('is left out without latency at given rates', () => {
    expect(reason(chart, scenario('cpu'))).toBe('no latency was measured at given rates');
  });

  test('hostile text is drawn as text', async () => {
    const hostile = hostileLatencySummary();
    const [only] = hostile.scenarios;
    if (only === undefined) throw new Error('the fixture has no scenario');
    const svg = await renderSvg(drawn(chart, only, hostile).spec);
    expect(svg).not.toMatch(/<(?:img|script|\/script)/u);
    expect(svg).not.toContain('\u001b');
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
  test('light and heavy requests have groups of their own, light first', async () => {
    const svg = await renderSvg(drawn(latencyAtRate, mixed).spec);
    const heading = 'requests, at 128 requests/s in all (80% of what single serves)';
    expect(svg).toContain(`light ${heading}`);
    expect(svg.indexOf(`light ${heading}`)).toBeLessThan(svg.indexOf(`heavy ${heading}`));
    expect(svg).toContain('≥1,412');
    expect(svg).toContain('3 of 5,760 without a reply');
    expect(svg).toContain('limited by the generator, not ranked');
    expect(svg).toContain('given up after 3 failed trials');
  });

  test('says so in words', () => {
    expect(drawn(latencyAtRate, mixed).alt).toContain(
      'light requests, at 128 requests/s in all (80% of what single serves): single p50 24.6 (24.1–25.2) ms',
    );
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
    expect(await renderSvg(spec)).toContain('p99 of light requests against load');
    expect(alt).toContain('single 3.00 (2.73–3.35) ms at 1/s');
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
  test('every outcome has words, and an open end its sign', async () => {
    const svg = await renderSvg(drawn(sustainedRate, sweep).spec);
    for (const text of [
      'broken at 80.4/s: p99 131 ms instead of 100 ms',
      '≥176',
      'met at the highest rate tried',
      'cannot be told: 2 of 3 trials at 98 requests/s failed',
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
    const models = slo.models.map((one) => ({ ...one, outcome: { kind: 'untold', why: 'no trial' } as const }));
    expect(reason(sustainedRate, withLatency(sweep, { slo: { ...slo, models } }))).toContain('of no model can be told');
  });
});
