import { expect, test } from 'vitest';
import { cell } from '../../fixtures/build.ts';
import { timelineOf } from '../../fixtures/traces.ts';
import { resultWith, scenarioOf, summaryOf } from '../../fixtures/variants.ts';
import { trialPanels } from './panels.ts';

/** Whether each of some cells has lines, by how many trials each has. */
function haveLines(...counts: readonly number[]): boolean[] {
  const scenario = scenarioOf(...counts.map((_, i) => cell('x', `model-${i}`, resultWith({}))));
  const timelines = scenario.cells.flatMap(({ id }, i) =>
    Array.from({ length: counts[i] ?? 0 }, (_, round) =>
      timelineOf(id, round, 100, { windowStartMs: 1000, windowMs: 8000, seed: i }),
    ),
  );
  const panels = trialPanels({ scenario, summary: summaryOf(scenario) }, { timelines, curves: [], latencies: [] });
  return panels.map(({ hasLines }) => hasLines);
}

test('a cell with few trials keeps its lines where there is no room for those of all', () => {
  expect(haveLines(5, 24, 24, 24)).toEqual([true, false, false, false]);
  expect(haveLines(24, 5)).toEqual([true, true]);
});

test('cells with as many trials are drawn alike', () => {
  expect(haveLines(24, 24, 24, 24)).toEqual([false, false, false, false]);
});
