import { expect, test } from 'vitest';
import { models } from '../../servers/index.ts';
import latencyAgainstLoad from '../charts/latency-against-load.ts';
import latencyPercentiles from '../charts/latency-percentiles.ts';
import { cell } from '../fixtures/build.ts';
import { summary } from '../fixtures/summary.ts';
import { tracesFor } from '../fixtures/traces.ts';
import { LATENCY_AFTER, LATENCY_BEFORE } from '../fixtures/two-runs.ts';
import { scenario, scenarioOf, summaryOf } from '../fixtures/variants.ts';
import { sideBySide } from '../side-by-side/summary.ts';
import { modelColours, settingShapes } from './theme.ts';

test('a known model has the same colour in every summary', () => {
  const other = summaryOf(scenarioOf(cell('x', 'cluster', null), cell('x', 'my-model', null)));
  expect(modelColours(other)('cluster')).toBe(modelColours(summary)('cluster'));
});

test('unknown models have colours of their own that do not depend on their order', () => {
  const names = ['zeta', 'alpha', 'my-model', ...'abcde'];
  const forward = modelColours(summaryOf(scenarioOf(...names.map((name) => cell('x', name, null)))));
  const backward = modelColours(summaryOf(scenarioOf(...names.toReversed().map((name) => cell('x', name, null)))));
  const all = [...names, ...Object.keys(models)];
  expect(new Set(all.map(forward)).size).toBe(all.length);
  expect(names.map(forward)).toEqual(names.map(backward));
});

test('every colour stands out from paper by at least 3 to 1', () => {
  const names = [...Object.keys(models), ...'abcdefgh'];
  const colours = modelColours(summaryOf(scenarioOf(...names.map((name) => cell('x', name, null)))));
  for (const name of names) expect(contrastToWhite(colours(name))).toBeGreaterThanOrEqual(3);
});

function contrastToWhite(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}

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
