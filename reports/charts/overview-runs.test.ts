import { describe, expect, test } from 'vitest';
import type { Summary } from '../../harness/judge/schema/summary.ts';
import { drawnOf, illegible } from '../fixtures/drawn.ts';
import { summary } from '../fixtures/summary.ts';
import { AFTER, BEFORE, laterSummary } from '../fixtures/two-runs.ts';
import { scenario, summaryOf } from '../fixtures/variants.ts';
import { renderSvg } from '../images/render.ts';
import { type LabelledRun, sideBySide } from '../side-by-side/summary.ts';
import overview from './overview.ts';

/** As they stand below each other: by what they serve. */
const MODELS = ['worker-threads', 'fork-pool', 'cluster', 'single'];

function drawn(...runs: readonly LabelledRun[]) {
  const drawing = overview.draw({ summary: sideBySide(runs).summary });
  if (drawing.kind === 'omitted') throw new Error(drawing.reason);
  return drawing;
}

/** The words of an image in their order. */
async function wordsOf(...runs: readonly LabelledRun[]): Promise<string[]> {
  return [...(await drawnOf(drawn(...runs))).words];
}

/** A later run in which another model is to be taken in `cpu`. */
function changed(take: string): LabelledRun {
  const later = laterSummary();
  const scenarios = later.scenarios.map((one) =>
    one.name === 'cpu' && one.decision !== null
      ? { ...one, decision: { ...one.decision, take: `cpu/${take}`, among: [`cpu/${take}`] } }
      : one,
  );
  return { label: 'after', summary: { ...later, scenarios } };
}

const of = (label: string, own: Summary = summary): LabelledRun => ({ label, summary: own });
const four = summaryOf(...summary.scenarios, {
  ...scenario('cpu'),
  id: 'again',
  name: 'again',
  inWords: 'the same again',
});

test.each<[string, readonly LabelledRun[]]>([
  ['two runs', [BEFORE, AFTER]],
  ['four scenarios, long labels', [of('release candidate 1', four), of('release candidate 2', laterSummary(four))]],
])('a card of %s is legible, and its bars are as long as their figures', async (_, runs) => {
  const image = await drawnOf(drawn(...runs));
  expect([image.width, image.height]).toEqual([1200, 630]);
  expect(illegible(image)).toEqual([]);
  const bars = image.marks.filter(
    ({ words, kind }) => words.startsWith('10 ms of CPU per request, ') && kind === 'path',
  );
  const perSec = bars.map(({ words }) => Number(/: ([\d.]+) requests/u.exec(words)?.[1]));
  expect(bars).toHaveLength(MODELS.length * runs.length);
  const unit = (bars[0]?.right ?? 0) - (bars[0]?.left ?? 0);
  for (const [i, { left, right }] of bars.entries()) {
    expect(left).toBe(bars[0]?.left);
    expect((right - left) / unit).toBeCloseTo((perSec[i] ?? 0) / (perSec[0] ?? 1), 1);
  }
});

test('each cell is behind the best of its own run', async () => {
  const words = await wordsOf(BEFORE, AFTER);
  expect(words.filter((word) => word === '≤ 1.3% behind').length).toBeGreaterThanOrEqual(2);
  expect(words.join(' ')).toContain('Behind: how far below the best of its run; ≤: at most.');
});

test('models are named once, and the runs of each one below the other', async () => {
  const words = await wordsOf(BEFORE, AFTER);
  expect(words.filter((word) => MODELS.includes(word))).toEqual(MODELS);
  expect(words.filter((word) => ['before', 'after'].includes(word))).toEqual(MODELS.flatMap(() => ['before', 'after']));
});

test('bars of the second run are lighter and have an edge', async () => {
  const { marks } = await drawnOf(drawn(BEFORE, AFTER));
  const lighter = marks.filter(({ fillOpacity }) => fillOpacity === 0.45);
  expect(lighter.map(({ words }) => words)).toContain(
    '10 ms of CPU per request, cluster · after: 195 requests/s (195–196), ≤ 1.3% behind',
  );
  expect(lighter.filter(({ words, fill, stroke }) => words.includes('· before') || stroke !== fill)).toEqual([]);
});

describe('the words', () => {
  test('say of all runs what all of them answer', async () => {
    expect(await wordsOf(BEFORE, AFTER)).toEqual(
      expect.arrayContaining(['take worker-threads; fork-pool and cluster are as good']),
    );
    expect(await wordsOf(BEFORE, changed('worker-threads'))).toContain('take worker-threads');
  });

  test('say that the answers differ where they do', async () => {
    expect(await wordsOf(BEFORE, changed('cluster'))).toContain('the answers of the runs differ');
  });

  test('tell what differs between the runs', async () => {
    const words = (await wordsOf(BEFORE, AFTER)).join(' ');
    expect(words).toContain('linux x64 / before: Node 22.12.0 / after: Node 24.1.0');
    expect(words).toContain('3–5 trials per model · 2026-01-15 (before), 2026-01-22 (after) · fourways\u00a00.1.0');
  });

  test('give the range of limits that differ', async () => {
    expect(await wordsOf(BEFORE, AFTER)).toContain('limit 199–205/s');
  });

  test('say which runs and models there was no room for', async () => {
    const words = await wordsOf(...['a', 'b', 'c', 'd', 'e'].map((label) => of(label)));
    expect(words.join(' ')).toContain('And 1 more run and 2 more models in the report.');
    expect(words.filter((word) => word === 'd')).toHaveLength(2);
    expect(words).not.toContain('e');
  });

  test('tell labels apart that begin alike', async () => {
    const words = await wordsOf(of('feature/workers-before'), of('feature/workers-after'));
    const labels = new Set(words.filter((word) => /^…|…$/u.test(word)));
    expect([...labels]).toEqual(['…kers-before', '…orkers-after']);
  });
});

test('a model that only one of the runs has keeps its place', async () => {
  const without = laterSummary().scenarios.map((one) => ({
    ...one,
    cells: one.cells.filter(({ model }) => model !== 'cluster'),
  }));
  const words = await wordsOf(of('before'), of('after', { ...summary, scenarios: without }));
  expect(words.filter((word) => MODELS.includes(word))).toEqual(MODELS);
  expect(words.filter((word) => word === 'after')).toHaveLength(3);
});

test('machines that have nothing in common leave room for the bars', async () => {
  const runs = ['Frankfurt', 'Helsinki', 'Oregon'].map((label, i) => {
    const environment = {
      ...summary.environment,
      node: `v2${i}.0.0`,
      cpuModel: `a machine of no common name ${label}`,
    };
    return of(label, { ...summary, startedAt: `2026-01-1${i}T00:00:00Z`, environment });
  });
  const svg = await renderSvg(drawn(...runs).spec);
  const labels = [...svg.matchAll(/<text[^>]*translate\([\d.]+,([\d.]+)\)[^>]*>(?:Frankfurt|Helsinki|Oregon)</gu)];
  const heights = labels.map(([, y], i) => Number(y) - Number(labels[i - 1]?.[1] ?? 0));
  expect(heights).toHaveLength(9);
  // Of the letters, 20, and of a bar, 6.
  expect(Math.min(...heights)).toBeGreaterThan(27);
});

test('nothing is too small for a card that is shown at half its size', async () => {
  const svg = await renderSvg(drawn(BEFORE, AFTER).spec);
  const sizes = [...svg.matchAll(/<text[^>]*font-size="([\d.]+)px"/gu)].map(([, size]) => Number(size));
  expect(Math.min(...sizes.filter((size) => size !== 16))).toBeGreaterThanOrEqual(18);
});
