import type { TopLevelSpec } from 'vega-lite';
import { describe, expect, test } from 'vitest';
import throughput from '../charts/throughput.ts';
import { summary } from '../fixtures/summary.ts';
import { HOSTILE, hostileSummary, scenario } from '../fixtures/variants.ts';
import { renderSvg } from './render.ts';

function specOf(name: string): TopLevelSpec {
  const drawing = throughput.draw({ scenario: scenario(name), summary });
  if (drawing.kind === 'omitted') throw new Error(drawing.reason);
  return drawing.spec;
}

test('draws the text and the colours of the chart', async () => {
  const svg = await renderSvg(specOf('cpu'));
  for (const text of [
    'cluster and both pools serve 2.0× a single process',
    'worker-threads',
    'physical limit 199/s: 2 CPUs ÷ 10.05 ms',
  ]) {
    expect(svg).toContain(text);
  }
  for (const colour of ['#5c6670', '#0072b2', '#d55e00', '#009e73']) expect(svg).toContain(colour);
});

test('the same specification gives the same bytes, also after other charts', async () => {
  const first = await renderSvg(specOf('cpu'));
  await renderSvg(specOf('io'));
  expect(await renderSvg(specOf('cpu'))).toBe(first);
});

test('hostile text is drawn as text', async () => {
  const hostile = hostileSummary();
  const [only] = hostile.scenarios;
  if (only === undefined) throw new Error('the fixture has no scenario');
  const drawing = throughput.draw({ scenario: only, summary: hostile });
  if (drawing.kind === 'omitted') throw new Error(drawing.reason);
  const svg = await renderSvg(drawing.spec);
  expect(svg).not.toMatch(/<(?:img|script|\/script)/u);
  expect(svg).not.toContain('\u001b');
  expect(svg).toContain('&lt;/script&gt;');
  expect(JSON.stringify(drawing.spec)).toContain(JSON.stringify(HOSTILE.slice(0, 9)).slice(1, -1));
});

describe('refuses', () => {
  const mark = 'point' as const;

  test('to load data', async () => {
    await expect(renderSvg({ data: { url: 'file:///etc/hostname' }, mark })).rejects.toThrow('may not load');
  });

  test('to draw what Vega warns about', async () => {
    const x = { field: 'a', type: 'quantitative' as const, scale: { type: 'log' as const, domain: [0, 1] } };
    await expect(renderSvg({ data: { values: [{ a: 1 }] }, mark, encoding: { x } })).rejects.toThrow(
      'could not be drawn',
    );
  });
});
