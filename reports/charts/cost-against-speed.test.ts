import { describe, expect, test } from 'vitest';
import type { ScenarioSummary, Summary } from '../../harness/judge/schema/summary.ts';
import { INK } from '../drawing/theme.ts';
import { cell, estimated } from '../fixtures/build.ts';
import { drawnOf, illegible } from '../fixtures/drawn.ts';
import { latencySummary } from '../fixtures/latency-summary.ts';
import { percentiles } from '../fixtures/percentiles.ts';
import { resultWith, scenario, scenarioOf, summaryOf } from '../fixtures/variants.ts';
import chart from './cost-against-speed.ts';

const SIZES = [320, 600, undefined] as const;

function drawingOf(source: ScenarioSummary, summary: Summary = summaryOf(source), px?: number) {
  const canvas = px === undefined ? undefined : ({ size: { kind: 'width', px }, title: null, subtitle: null } as const);
  return chart.draw({ scenario: source, summary, canvas });
}

/** Models with these CPU times in ms and p99 in ms. */
function modelsWith(...figures: readonly (readonly [name: string, cpuMs: number, p99: number | null])[]) {
  return scenarioOf(
    ...figures.map(([name, cpuMs, p99]) =>
      cell('x', name, {
        ...resultWith({ latencyMs: percentiles([1, 2, p99, null, 900]) }),
        cpuMsPerRequest: estimated([cpuMs, cpuMs * 0.98, cpuMs * 1.02]),
      }),
    ),
  );
}

async function marksOf(source: ScenarioSummary, summary?: Summary) {
  const { marks } = await drawnOf(drawingOf(source, summary));
  return marks.filter(({ words }) => words !== '');
}

describe('a mark', () => {
  test('is farther right the less CPU time a request takes, and lower the shorter its p99 is', async () => {
    const [dear, cheap] = await marksOf(modelsWith(['single', 0.2, 40], ['cluster', 0.1, 20]));
    expect(dear?.words).toMatch(/^single: 5,000 requests per CPU-second \(.*\), p99 40\.0 ms/u);
    expect(cheap?.words).toMatch(/^cluster: 10,000 requests per CPU-second \(.*\), p99 20\.0 ms/u);
    expect(cheap?.left).toBeGreaterThan(dear?.left ?? 0);
    expect(cheap?.top).toBeGreaterThan(dear?.top ?? 0);
  });

  test('has the interval of its CPU time as a whisker, which is not where the mark of another is', async () => {
    const image = await drawnOf(drawingOf(modelsWith(['single', 0.2, 40], ['cluster', 0.1, 20])));
    for (const mark of image.marks.filter(({ words }) => words !== '')) {
      const whiskers = image.marks.filter(
        ({ kind, stroke, left, right, top }) =>
          kind === 'line' && stroke === mark.stroke && right - left > 12 && Math.abs(top - mark.top) < 1,
      );
      expect(whiskers).toHaveLength(1);
      expect(whiskers[0]?.left).toBeLessThan(mark.left);
      expect(whiskers[0]?.right).toBeGreaterThan(mark.left);
    }
  });

  test('of a model that is not ranked is hollow and says so', async () => {
    const image = await drawnOf(drawingOf(scenario('hello'), latencySummary));
    const cluster = image.marks.find(({ words }) => words.startsWith('cluster:'));
    expect(cluster).toMatchObject({ fill: INK.paper, words: expect.stringContaining('not ranked') });
    expect(image.words).toContain('cluster (not ranked)');
  });
});

describe('where latency was measured', () => {
  test('at common rates, it is of the highest that all kept up with, and of the class that is named first', async () => {
    const mixed = latencySummary.scenarios.find(({ name }) => name === 'mixed');
    if (mixed === undefined) throw new Error('no scenario mixed');
    const { words, alt } = await drawnOf(drawingOf(mixed, latencySummary));
    expect(words.join(' ')).toMatch(/against p99 of light requests \(less is better\), at [\d.]+ requests\/s/u);
    expect(alt).toMatch(/^Scatter plot of .* \(single [\d.,]+ requests per CPU-second/u);
    expect(words.join(' ')).toContain('Open loop');
  });

  test('at full load only, it says so', async () => {
    const { words } = await drawnOf(drawingOf(scenario('cpu')));
    expect(words.join(' ')).toMatch(/against p99 \(less is better\), at full load/u);
  });
});

test('a model without a p99 has no mark and is named', async () => {
  const image = await drawnOf(
    drawingOf(modelsWith(['single', 0.2, 40], ['cluster', 0.1, 20], ['fork-pool', 0.1, null])),
  );
  expect(image.marks.some(({ words }) => words.startsWith('fork-pool'))).toBe(false);
  expect(image.words.join(' ')).toContain('no p99 or no CPU time: fork-pool');
});

test('one model alone is against nothing', () => {
  expect(drawingOf(modelsWith(['single', 0.2, 40], ['cluster', 0.1, null]))).toMatchObject({ kind: 'omitted' });
});

test.each(SIZES)('names do not lie on each other when all marks are in one place, %s px wide', async (px) => {
  const names = ['single', 'cluster', 'fork-pool', 'worker-threads', 'a-model-of-the-user'];
  const source = modelsWith(...names.map((name) => [name, 0.1, 20] as const));
  const image = await drawnOf(drawingOf(source, undefined, px));
  expect(image.words).toEqual(expect.arrayContaining(names));
  expect(illegible(image)).toEqual([]);
});

test('the good corner is named at the lower right', async () => {
  const { texts, width } = await drawnOf(drawingOf(scenario('cpu')));
  const corner = texts.find(({ text }) => text === 'least CPU, shortest p99');
  expect(corner?.right).toBeGreaterThan(width - 60);
});
