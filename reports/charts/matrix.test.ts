import { describe, expect, test } from 'vitest';
import type { Comparison, ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { DIVERGING, INK } from '../drawing/theme.ts';
import { comparison } from '../fixtures/build.ts';
import { type Drawn, drawnOf } from '../fixtures/drawn.ts';
import { among } from '../fixtures/ratios.ts';
import { scenario, summaryOf } from '../fixtures/variants.ts';
import matrix from './matrix.ts';

function drawingOf(source: ScenarioSummary, px?: number) {
  const canvas = px === undefined ? undefined : ({ size: { kind: 'width', px }, title: null, subtitle: null } as const);
  return matrix.draw({ scenario: source, summary: summaryOf(source), canvas });
}

function pair(candidate: string, baseline: string, of: Comparison['verdict'], ratio: number): Comparison {
  return comparison('x', [candidate, baseline], [of, ratio]);
}

/** The cell that speaks of a model of its row and one of its column. */
function cellOf(image: Drawn, row: string, column: string) {
  const [found] = image.marks.filter(({ words }) => words.startsWith(`${row}: `) && words.includes(` of ${column},`));
  if (found === undefined) throw new Error(`no cell of ${row} and ${column}`);
  return found;
}

const THREE = among(
  ['cluster', 'fork-pool'],
  pair('cluster', 'single', 'better', 2),
  pair('fork-pool', 'single', 'inconclusive', 1.02),
  pair('fork-pool', 'cluster', 'worse', 0.5),
);

describe('each cell is row ÷ column', () => {
  test('and the one across the diagonal is its reciprocal, in the other colour', async () => {
    const image = await drawnOf(drawingOf(THREE));
    expect(cellOf(image, 'cluster', 'single')).toMatchObject({ fill: DIVERGING.more, dash: null });
    expect(cellOf(image, 'cluster', 'single').words).toMatch(/^cluster: 2\.00× \(/u);
    expect(cellOf(image, 'single', 'cluster')).toMatchObject({ fill: DIVERGING.less, dash: null });
    expect(cellOf(image, 'single', 'cluster').words).toMatch(/^single: 0\.50× \(/u);
  });

  test('with what is open unfilled and dashed, and with what is within the margin grey', async () => {
    const open = cellOf(await drawnOf(drawingOf(THREE)), 'fork-pool', 'single');
    expect(open).toMatchObject({ fill: INK.paper });
    expect(open.dash).not.toBeNull();
    const level = among(
      ['cluster', 'fork-pool'],
      pair('cluster', 'single', 'equivalent', 1),
      pair('fork-pool', 'single', 'equivalent', 1),
      pair('fork-pool', 'cluster', 'equivalent', 1),
    );
    const image = await drawnOf(drawingOf(level));
    expect(cellOf(image, 'cluster', 'single')).toMatchObject({ fill: INK.grid, dash: null });
    expect(image.alt).toContain('serve the same within ±3%');
  });

  test('farther from 1 is stronger', async () => {
    const image = await drawnOf(drawingOf(scenario('hello')));
    const strengths = image.marks
      .filter(({ words, fill }) => words !== '' && fill === DIVERGING.more)
      .map(({ words, fillOpacity }) => ({ ratio: Number(/: ([\d.]+)×/u.exec(words)?.[1]), fillOpacity }))
      .toSorted((a, b) => a.ratio - b.ratio)
      .map(({ fillOpacity }) => fillOpacity);
    expect(strengths.length).toBeGreaterThan(1);
    expect(strengths).toEqual(strengths.toSorted());
  });
});

test('an end of an interval is rounded outwards, and one that says nothing is left out', async () => {
  const wide = (verdict: Comparison['verdict'], low: number, high: number): Comparison => ({
    ...pair('cluster', 'single', verdict, Math.sqrt(low * high)),
    ratio: { point: Math.sqrt(low * high), low, high, level: 0.95, trials: 3 },
  });
  const of = async (one: Comparison) =>
    cellOf(
      await drawnOf(drawingOf({ ...THREE, comparisons: [one, ...THREE.comparisons.slice(1)] })),
      'cluster',
      'single',
    ).words;
  expect(await of(wide('better', 1.0399, 1.1201))).toContain('(1.03–1.13)');
  expect(await of(wide('better', 1.239, 500))).toContain('at least (1.23×)');
  expect(await of(wide('inconclusive', 0.01, 50))).toContain('unsettled');
});

test('the title is who serves how much more than whom, by the least of the intervals', () => {
  const cpu = scenario('cpu');
  const lows = cpu.comparisons.flatMap(({ metric, ratio, baseline }) =>
    metric === 'throughput' && baseline.endsWith('/single') && ratio !== null ? [ratio.low] : [],
  );
  const drawing = drawingOf(cpu);
  if (drawing.kind === 'omitted') throw new Error(drawing.reason);
  const [, least] = /serve at least ([\d.]+)× what single does/u.exec(drawing.alt) ?? [];
  expect(Number(least)).toBeLessThanOrEqual(Math.min(...lows));
  expect(Number(least)).toBeGreaterThan(Math.min(...lows) - 0.011);
});

test.each([
  ['two models', among(['cluster'], pair('cluster', 'single', 'better', 2)), 'fewer than three models'],
  [
    'nothing but what the chart of ratios has',
    among(['cluster', 'fork-pool'], pair('cluster', 'single', 'better', 2), pair('fork-pool', 'single', 'better', 2)),
    'the chart of ratios has every pair',
  ],
  [
    'nothing that is told apart',
    among(
      ['cluster', 'fork-pool'],
      pair('cluster', 'single', 'inconclusive', 1.02),
      pair('fork-pool', 'single', 'inconclusive', 1.02),
      pair('fork-pool', 'cluster', 'inconclusive', 1.02),
    ),
    'no two models are told apart',
  ],
])('with %s there is none', (_, source, reason) => {
  expect(drawingOf(source)).toMatchObject({ kind: 'omitted', reason: expect.stringContaining(reason) });
});

test('in a narrow image names stand above their cells', async () => {
  const image = await drawnOf(drawingOf(THREE, 360));
  const name = image.texts.find(({ text, isBold }) => text === 'cluster' && isBold);
  const cell = cellOf(image, 'cluster', 'single');
  expect(name?.left).toBeLessThan(20);
  expect(name?.bottom).toBeLessThanOrEqual(cell.top);
});
