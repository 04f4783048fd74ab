import { expect, test } from 'vitest';
import { scenario, summaryOf } from '../fixtures/variants.ts';
import { renderSvg } from '../render.ts';
import throughput from './throughput.ts';

async function drawn(source: ReturnType<typeof scenario>) {
  const drawing = throughput.draw({ scenario: source, summary: summaryOf(source) });
  if (drawing.kind === 'omitted') throw new Error(drawing.reason);
  return { ...drawing, json: JSON.stringify(drawing.spec), svg: await renderSvg(drawing.spec) };
}

test('bars start at zero', async () => {
  const { json } = await drawn(scenario('io'));
  expect(json).toMatch(/"domain":\[0,/u);
});

test('a result held back by the generator is drawn apart and says so', async () => {
  const { svg, alt } = await drawn(scenario('hello'));
  expect(svg).toContain('limited by the generator, not ranked');
  expect(svg).toContain('stroke-dasharray="4,3"');
  expect(alt).toContain('cluster 63,412 (61,090–64,880; limited by the generator, not ranked)');
});

test('a model without a valid trial keeps its row', async () => {
  const { svg, alt } = await drawn(scenario('io'));
  expect(svg).toContain('failed (5 of 5 trials)');
  expect(alt).toContain('fork-pool failed (5 of 5 trials)');
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
