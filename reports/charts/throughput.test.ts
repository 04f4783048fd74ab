import { expect, test } from 'vitest';
import { INK } from '../drawing/theme.ts';
import { arrowheadsIn } from '../fixtures/arrowheads.ts';
import { cell, estimated } from '../fixtures/build.ts';
import { resultWith, scenario, scenarioOf, summaryOf } from '../fixtures/variants.ts';
import { renderSvg } from '../images/render.ts';
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
  expect(alt).toContain('cluster 63,412 (60,949–65,974; limited by the generator, not ranked)');
});

test('whiskers are intervals, ranges where there are too few trials, and the note says which', async () => {
  const twice = cell('x', 'single', resultWith({ requestsPerSec: estimated([196, 190, 200], 2) }));
  const often = cell(
    'x',
    'cluster',
    resultWith({ requestsPerSec: { ...estimated([196, 190, 200]), low: 180, high: 210 } }),
  );
  const both = await drawn(scenarioOf(twice, often));
  expect(both.json).toContain('{"label":"single","low":190,"high":200,"cap":200}');
  expect(both.json).toContain('{"label":"cluster","low":180,"high":210,"cap":210}');
  expect(both.svg).toContain('interval over trials; in brackets: lowest to highest trial, where there are fewer than');
  expect(both.alt).toContain('single 196 ((190–200);');
  expect((await drawn(scenarioOf(twice))).svg).toContain('Whisker: lowest to highest trial.');
  expect((await drawn(scenarioOf(often))).svg).toContain('Whisker: 95% interval over trials.');
});

test('an interval far wider than its trials is cut off instead of squeezing the bars', async () => {
  const wide = { ...estimated([196, 190, 200], 3), low: 20, high: 2000 };
  const { json, svg } = await drawn(scenarioOf(cell('x', 'single', resultWith({ requestsPerSec: wide }))));
  const [, end = '0'] = /"domain":\[0,([\d.]+)\]/u.exec(json) ?? [];
  expect(Number(end)).toBeCloseTo(200 * 1.5 * 1.04, 5);
  expect(json).toContain(`"low":20,"high":${end},"cap":null`);
  expect(arrowheadsIn(svg)).toBe(1);
  expect(svg).toContain('Arrowhead: the interval goes on beyond this axis.');
});

test('an interval that ends on the axis has no arrowhead', async () => {
  const { svg } = await drawn(scenario('cpu'));
  expect(svg).toContain('Whisker');
  expect(arrowheadsIn(svg)).toBe(0);
  expect(svg).not.toContain('Arrowhead');
});

test('a model without a valid trial keeps its row', async () => {
  const { svg, alt } = await drawn(scenario('io'));
  expect(svg).toContain('given up after 3 failed trials: 2 requests had no reply wit…');
  expect(alt).toContain('fork-pool given up after 3 failed trials: 2 requests had no reply within 10 s');
});

/** The diamonds of the plot, without the one in the heading: their colours and distances from the left. */
function diamonds(svg: string) {
  const marks = svg.matchAll(/translate\(([\d.]+),[\d.]+\)" d="M-5[^"]*" fill="#ffffff" stroke="(#\w+)"/gu);
  return [...marks].map(([, left = '', colour = '']) => ({ left: Number(left), colour }));
}

test('implied capacity is a hollow diamond in the colour of the model, with its figure and its meaning', async () => {
  const { svg, alt } = await drawn(scenario('hello'));
  expect(diamonds(svg).map(({ colour }) => colour)).toEqual(['#5c6670', '#0072b2', '#d55e00', '#009e73']);
  expect(svg).toContain('>≈134,000<');
  expect(svg).toContain('>implied<');
  expect(svg).toContain(
    'Diamond: what the CPU time per request would allow with the load generator elsewhere (derived, not measured).',
  );
  expect(alt).toContain('not ranked), implied ≈134,000');
});

test('the axis holds the diamonds', async () => {
  const { svg, json } = await drawn(scenario('hello'));
  const [, end = '0'] = /"domain":\[0,([\d.]+)\]/u.exec(json) ?? [];
  expect(Number(end)).toBeCloseTo(133_912 * 1.04, 0);
  expect(Math.max(...diamonds(svg).map(({ left }) => left))).toBeGreaterThan(400);
});

test('a diamond far beyond everything else is left off, and the note says so', async () => {
  const note = 'Where there is no diamond, it lies far beyond this axis: see the column “implied”.';
  const { svg } = await drawn(scenario('io'));
  expect(diamonds(svg)).toHaveLength(1);
  expect(svg).toContain('>≈16,500<');
  expect(svg).toContain(note);
  expect((await drawn(scenario('hello'))).svg).not.toContain(note);
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

test('every trial is a dot that can be seen, an outlier a hollow one', async () => {
  const { svg } = await drawn(scenario('cpu'));
  const dots = [
    ...svg.matchAll(/<path aria-label="(\S+): round (\d+), [^"]*"[^>]*fill="(#\w+)"[^>]*stroke="(#\w+)"/gu),
  ];
  expect(dots).toHaveLength(4 * 5);
  for (const [, , , fill, stroke] of dots) expect(fill).not.toBe(stroke);
  const hollow = dots.filter(([, , , fill]) => fill === INK.paper).map(([, model, round]) => `${model} ${round}`);
  expect(hollow).toEqual(['single 3']);
  expect(svg).toContain('Dot: a trial, hollow where it lies far from the others and hardly counts.');
});
