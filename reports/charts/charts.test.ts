import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { capital } from '../../harness/judge/words.ts';
import { estimateOf } from '../../harness/stats/estimate.ts';
import { DARK, INK, modelColours } from '../drawing/theme.ts';
import { cell, estimated, result } from '../fixtures/build.ts';
import { coloursOf, drawnOf } from '../fixtures/drawn.ts';
import { hostileLatencySummary, latencySummary } from '../fixtures/latency-summary.ts';
import { percentiles } from '../fixtures/percentiles.ts';
import { summary } from '../fixtures/summary.ts';
import { tracesFor } from '../fixtures/traces.ts';
import { hostileSummary, resultWith, scenarioOf, summaryOf } from '../fixtures/variants.ts';
import { renderSvg } from '../images/render.ts';
import { themed } from '../images/themes.ts';
import { allCharts, charts } from './index.ts';

const NOT_CHARTS = new Set(['index']);
const all = await Promise.all(
  Object.entries(charts).map(async ([name, load]) => ({ name, chart: (await load()).default })),
);

/** What they show is told by colour, and models by name alone. */
const COLOURED_BY_VALUE = new Set(['matrix']);

/** Charts of full load; those of latency at given rates have tests of their own. */
const atCapacity = all.filter(({ name }) => ['throughput', 'latency', 'requests-per-worker'].includes(name));

test('every chart is registered', async () => {
  const files = await readdir(import.meta.dirname);
  const names = files.filter((file) => /^[^.]+\.ts$/u.test(file)).map((file) => file.replace(/\.ts$/u, ''));
  const missing = names.filter((name) => !NOT_CHARTS.has(name) && !Object.hasOwn(allCharts, name));
  const lines = missing.map((name) => `  '${name}': () => import('./${name}.ts'),`);
  expect(lines, `add to reports/charts/index.ts:\n${lines.join('\n')}`).toEqual([]);
});

/** The title of each chart, what it measures, the title of its axis, and the headings of its columns, of a scenario that it is made for. */
const SHOWS: Readonly<
  Record<string, readonly [scenario: string, title: string, measure: string, axis: string, heads: string[]]>
> = {
  throughput: [
    'hello',
    'Requests per second by model',
    'requests per second, more is better',
    'requests per second',
    ['requests/s', 'implied', '95% interval'],
  ],
  ratio: [
    'cpu',
    'cluster and both pools serve',
    'requests per second as a multiple of those of single, more is better',
    'requests per second ÷ those of single (logarithmic scale)',
    ['difference'],
  ],
  latency: [
    'hello',
    'p50 is 1.52 ms with single, 4.11 ms with fork-pool',
    'latency in ms at full load, less is better',
    'latency in ms',
    ['p50', 'p90', 'p99', 'p99.9'],
  ],
  'latency-percentiles': [
    'hello',
    'Curves part at p50: 1.52 ms with single, 4.11 ms with fork-pool',
    'latency in ms by share of the requests, less is better',
    'share of the requests answered within this latency',
    ['latency in ms (logarithmic scale)', 'at full load'],
  ],
  'requests-per-worker': [
    'hello',
    'cluster gives one worker 56.1% of the requests, an even share would be 50.0%',
    'share of the requests by worker, even is better',
    'requests in %, one part per worker, largest first',
    ['largest', 'smallest', 'even share'],
  ],
  'cpu-per-request': [
    'hello',
    'single needs the least CPU per request, the others 1.2 to 4.0× as much',
    'µs of CPU time of the server per request, less is better',
    'CPU time of the server per request in µs',
    ['total µs', '95% interval', 'front', 'workers', 'helpers'],
  ],
  memory: [
    'hello',
    'single takes the least memory, the others 1.5 to 2.2× as much',
    'MiB of memory at its peak, less is better',
    'memory of all server processes in MiB (PSS)',
    ['idle MiB', 'peak MiB', '95% interval'],
  ],
  'latency-at-rate': [
    'mixed',
    'p50 of all requests is 1.24 ms with worker-threads, 31.4 ms with single',
    'latency of all requests at 128/s in ms, less is better',
    'latency in ms (logarithmic scale)',
    ['p50', 'p90', 'p99', 'p99.9'],
  ],
  'latency-against-load': [
    'cpu',
    'p99 is within 100 ms up to 157/s with fork-pool, up to 69/s with single',
    'p99 in ms against the offered rate, less is better',
    'offered requests per second',
    ['p99 in ms (logarithmic scale)', 'SLO: p99 within 100 ms'],
  ],
  'sustained-rate': [
    'cpu',
    'fork-pool sustains ≥176/s within p99 ≤ 100 ms, cluster · per request not even 18.6/s',
    'offered requests per second within p99 ≤ 100 ms, more is better',
    'offered requests per second',
    ['requests/s', 'interval', 'broke at'],
  ],
  timeline: [
    'hello',
    'Throughput is steady in every trial',
    'requests per second over time, a line per trial',
    'seconds since the load began',
    ['requests per second'],
  ],
};

describe.each(all)('$name', ({ name, chart }) => {
  const [source = 'hello', title = '', measure = '', axis = '', heads = []] = SHOWS[name] ?? [];
  const of = latencySummary.scenarios.some((one) => one.name === source) ? latencySummary : summary;
  const one = of.scenarios.find((candidate) => candidate.name === source);
  const drawing = () => {
    if (one === undefined) throw new Error(`there is no scenario ${source}`);
    return chart.draw({ scenario: one, summary: of, traces: tracesFor(one) });
  };

  test.runIf(Object.hasOwn(SHOWS, name))(
    'has what was found, what was measured, the title of its axis, its headings and the conditions',
    async () => {
      const { words, alt } = await drawnOf(drawing());
      const subject = capital(one?.inWords ?? '');
      expect(words.join(' ')).toContain(title);
      expect(words).toEqual(expect.arrayContaining([`${subject} · ${measure}`, axis, ...heads]));
      expect(words).toContain(
        'Node 22.12.0 · AMD EPYC 7B13 · 4 of 8 CPUs (affinity) · generator on the same CPUs · linux x64',
      );
      expect(words.join(' ')).toMatch(/2 workers · .*5 trials per model.* · 2026-01-15 · fourways\u00a00\.1\.0/u);
      expect(alt).toMatch(new RegExp(`^[A-Z][a-z]+ [a-z]+ of ${one?.inWords}: .*[)][.]$`, 'u'));
    },
  );

  test.skipIf(COLOURED_BY_VALUE.has(name))('draws each model in its colour and in no other', async () => {
    const colourOf = modelColours(of);
    const { marks } = await drawnOf(drawing());
    const told = marks.filter(({ words }) => words !== '');
    expect(told.length).toBeGreaterThan(2);
    const names = ['single', 'cluster', 'fork-pool', 'worker-threads'];
    const others = new Set(names.map(colourOf));
    for (const { words, fill, stroke } of told) {
      const model = names.find((candidate) => words.startsWith(`${candidate}:`) || words.startsWith(`${candidate} `));
      const used = [fill, stroke].filter((colour) => colour !== null && others.has(colour));
      // A dot of a trial is ink on paper.
      const isInk = [fill, stroke].includes(INK.strong);
      expect(new Set(used), words).toEqual(new Set(isInk ? [] : [colourOf(model ?? '')]));
    }
  });

  test('on dark paper has no light colour left, and the same marks', async () => {
    const light = drawing();
    if (light.kind === 'omitted') throw new Error(light.reason);
    const dark = await drawnOf({ ...light, spec: themed(light.spec, 'dark') });
    expect([...coloursOf(await drawnOf(light))].filter((colour) => !DARK.has(colour))).toEqual([]);
    expect([...coloursOf(dark)].filter((colour) => ![...DARK.values()].includes(colour))).toEqual([]);
    expect(dark.words).toEqual((await drawnOf(light)).words);
  });

  test('draws hostile text as text', async () => {
    for (const hostile of [hostileSummary(), hostileLatencySummary()]) {
      for (const each of hostile.scenarios) {
        const drawn = chart.draw({ scenario: each, summary: hostile, traces: tracesFor(each) });
        if (drawn.kind === 'omitted') continue;
        const { svg } = await drawnOf(drawn);
        expect(svg).not.toMatch(/<(?:img|script|\/script)/u);
        expect(svg).not.toContain('\u001b');
      }
    }
  });

  test('says in one line what it shows', () => {
    expect(chart.summary).toMatch(/^[^\n]{10,100}$/u);
  });

  test('is left out with a reason when nothing was measured', () => {
    const failed = scenarioOf(cell('x', 'single', null), cell('x', 'cluster', null));
    const drawing = chart.draw({ scenario: failed, summary: summaryOf(failed) });
    expect(drawing.kind).toBe('omitted');
  });
});

describe.each(atCapacity)('$name', ({ chart }) => {
  test.each([
    ['one trial', [resultWith({ requestsPerSec: estimated([5, 5, 5], 1) })]],
    ['no request answered', [resultWith({ requestsPerSec: estimateOf([0, 0, 0]) })]],
    ['a latency of zero', [resultWith({ latencyMs: percentiles([0, null, null, null, 0]) })]],
    [
      'figures far apart',
      [0.04, 3000].map((p50) => resultWith({ latencyMs: percentiles([p50, null, p50 * 2, null, 9000]) })),
    ],
    ['many workers', [resultWith({ workerShares: Array.from({ length: 64 }, () => 1 / 64) })]],
  ])('can be drawn: %s', async (_, results) => {
    const cells = results.map((measured, i) =>
      cell('x', `model-${i}`, { ...measured, workerShares: [...measured.workerShares, 0] }),
    );
    const drawing = chart.draw({ scenario: scenarioOf(...cells), summary: summaryOf(scenarioOf(...cells)) });
    if (drawing.kind === 'omitted') throw new Error(drawing.reason);
    await expect(renderSvg(drawing.spec)).resolves.toMatch(/^<svg/u);
  });
});

test('requests per worker are left out when there is nothing to spread', async () => {
  const { default: chart } = await charts['requests-per-worker']();
  const measured = result({ rate: [1, 1, 1], latency: [1, 1, 1, 1, 1], cpu: 1, mib: 1, by: 'workers' });
  const alone = scenarioOf(cell('x', 'single', measured));
  expect(chart.draw({ scenario: alone, summary: summaryOf(alone) })).toEqual({
    kind: 'omitted',
    reason: 'no model has more than one worker',
  });
});

test('requests per worker are left out when every worker has its even share', async () => {
  const { default: chart } = await charts['requests-per-worker']();
  const of = (workerShares: readonly number[]) => {
    const one = scenarioOf({ ...cell('x', 'cluster', resultWith({ workerShares })), workers: 2 });
    return chart.draw({ scenario: one, summary: summaryOf(one) });
  };
  expect(of([0.52, 0.48])).toMatchObject({ kind: 'omitted', reason: expect.stringContaining('even share') });
  expect(of([0.53, 0.47])).toMatchObject({ kind: 'spec' });
});

test('a worker without requests, whose part cannot be seen, is told in words', async () => {
  const { default: chart } = await charts['requests-per-worker']();
  const skewed = scenarioOf(
    { ...cell('x', 'cluster', resultWith({ workerShares: [0.5, 0.33, 0.17, 0] })), workers: 4 },
    { ...cell('x', 'fork-pool', resultWith({ workerShares: [0.3, 0.3, 0.2, 0.1, 0.1, 0, 0, 0] })), workers: 8 },
    { ...cell('x', 'worker-threads', resultWith({ workerShares: [0.25, 0.25, 0.25, 0.25] })), workers: 4 },
  );
  const drawing = chart.draw({ scenario: skewed, summary: summaryOf(skewed) });
  if (drawing.kind === 'omitted') throw new Error(drawing.reason);
  const svg = await renderSvg(drawing.spec);
  expect(svg).toContain('1 of 4 workers got no request');
  expect(svg).toContain('3 of 8 workers got no request');
});
