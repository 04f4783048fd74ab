import { expect, test } from 'vitest';
import { models } from '../../servers/index.ts';
import { cell } from '../fixtures/build.ts';
import { summary } from '../fixtures/summary.ts';
import { scenarioOf, summaryOf } from '../fixtures/variants.ts';
import { modelColours } from './theme.ts';

test('a known model has the same colour in every summary', () => {
  const other = summaryOf(scenarioOf(cell('x', 'cluster', null), cell('x', 'my-model', null)));
  expect(modelColours(other)('cluster')).toBe(modelColours(summary)('cluster'));
});

test('unknown models have colours of their own that do not depend on their order', () => {
  const names = ['zeta', 'alpha', 'my-model'];
  const forward = modelColours(summaryOf(scenarioOf(...names.map((name) => cell('x', name, null)))));
  const backward = modelColours(summaryOf(scenarioOf(...names.toReversed().map((name) => cell('x', name, null)))));
  const all = [...names, ...Object.keys(models)];
  expect(new Set(all.map(forward)).size).toBe(all.length);
  expect(names.map(forward)).toEqual(names.map(backward));
});

test('every colour stands out from paper by at least 3 to 1', () => {
  const names = [...Object.keys(models), 'a', 'b', 'c', 'd', 'e', 'f'];
  const colours = modelColours(summaryOf(scenarioOf(...names.map((name) => cell('x', name, null)))));
  for (const name of names) expect(contrastToWhite(colours(name))).toBeGreaterThanOrEqual(3);
});

function contrastToWhite(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}
