import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { estimateOf } from '../../harness/stats/estimate.ts';
import { cell, estimated, result } from '../fixtures/build.ts';
import { percentiles } from '../fixtures/percentiles.ts';
import { summary } from '../fixtures/summary.ts';
import { resultWith, scenario, scenarioOf, summaryOf } from '../fixtures/variants.ts';
import { renderSvg } from '../images/render.ts';
import { charts, overviews } from './index.ts';

const NOT_CHARTS = new Set(['chart', 'index', 'theme']);
const all = await Promise.all(
  Object.entries(charts).map(async ([name, load]) => ({ name, chart: (await load()).default })),
);

/** Charts of full load; those of latency at given rates have tests of their own. */
const atCapacity = all.filter(({ name }) => ['throughput', 'latency', 'requests-per-worker'].includes(name));

test('every chart is registered', async () => {
  const files = await readdir(import.meta.dirname);
  const names = files.filter((file) => /^[^.]+\.ts$/u.test(file)).map((file) => file.replace(/\.ts$/u, ''));
  const missing = names.filter((name) => !NOT_CHARTS.has(name) && !Object.hasOwn({ ...charts, ...overviews }, name));
  const lines = missing.map((name) => `  '${name}': () => import('./${name}.ts'),`);
  expect(lines, `add to reports/charts/index.ts:\n${lines.join('\n')}`).toEqual([]);
});

describe.each(all)('$name', ({ chart }) => {
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
  test.each(['hello', 'io'])('specification for %s', (name) => {
    expect(chart.draw({ scenario: scenario(name), summary })).toMatchSnapshot();
  });

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
