import { expect, test } from 'vitest';
import latencyAgainstLoad from '../charts/latency-against-load.ts';
import latencyPercentiles from '../charts/latency-percentiles.ts';
import { tracesFor } from '../fixtures/traces.ts';
import { LATENCY_AFTER, LATENCY_BEFORE } from '../fixtures/two-runs.ts';
import { scenario } from '../fixtures/variants.ts';
import { sideBySide } from '../side-by-side/summary.ts';
import { settingShapes } from './setting-shapes.ts';

const { cells } = scenario('cpu');
const inRun = (run: string) => cells.map((cell) => ({ ...cell, run }));

function shapesOf(shown: readonly (typeof cells)[number][]) {
  const { shapeOf, notes } = settingShapes(shown, { ...scenario('cpu'), cells: [...shown] });
  return { shapes: shown.map((cell) => `${cell.model} ${shapeOf(cell)}`), notes };
}

test('the same run has the same shape in all models, also in one that the other run has not', () => {
  const { shapes, notes } = shapesOf([...inRun('before').slice(0, 1), ...inRun('after')]);
  expect(shapes.slice(0, 3)).toEqual(['single circle', 'single square', 'cluster square']);
  expect(notes).toEqual(['Circle: before. Square: after.']);
});

test('shapes that say nothing, or not one thing each, are not explained', () => {
  expect(shapesOf(cells).notes).toEqual([]);
  expect(shapesOf(['a', 'b', 'c', 'd', 'e'].flatMap(inRun)).notes).toEqual([]);
});

test('charts with a line per run say which shape each run has', () => {
  const { summary } = sideBySide([LATENCY_BEFORE, LATENCY_AFTER]);
  const drawn = [latencyPercentiles, latencyAgainstLoad].map(({ draw }) =>
    summary.scenarios.map((source) => JSON.stringify(draw({ scenario: source, summary, traces: tracesFor(source) }))),
  );
  for (const specs of drawn) expect(specs.join()).toContain('Circle: before. Square: after.');
});
