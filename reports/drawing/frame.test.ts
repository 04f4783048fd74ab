import { describe, expect, test } from 'vitest';
import { summary } from '../fixtures/summary.ts';
import { BEFORE, LATENCY_AFTER } from '../fixtures/two-runs.ts';
import { sideBySide } from '../side-by-side/summary.ts';
import { alone, caption, layoutOf, sourceText, stretched } from './frame.ts';

describe('stretched', () => {
  const content = { rowLabels: ['single'], rowHeight: 200, columnsWidth: 90, headHeight: 30 };
  const place = layoutOf(content, { title: ['title'], subtitle: ['question'], foot: ['a', 'b', 'c', 'd'] }, 960);

  test.each([
    [0, true],
    [60, true],
    [400, true],
    [60, false],
  ])('%i more pixels are all used, growing: %s', (spare, canGrow) => {
    const { padding, plotHeight, height, footTop } = stretched(place, spare, canGrow);
    expect(height).toBe(place.height + spare);
    expect(padding.top + plotHeight + padding.bottom).toBe(height);
    // The foot stays as far from the lower edge as it was.
    expect(padding.top + footTop - height).toBe(place.padding.top + place.footTop - place.height);
  });

  test('rows grow by half at most, and only where they can', () => {
    expect(stretched(place, 60, true).plotHeight).toBe(260);
    expect(stretched(place, 400, true).plotHeight).toBe(300);
    expect(stretched(place, 400, false).plotHeight).toBe(200);
  });
});

test('the caption of a scenario that only one of several runs has tells nothing of the others', () => {
  const { summary: both } = sideBySide([BEFORE, { ...LATENCY_AFTER, label: 'elsewhere' }]);
  const captionOf = (name: string) => {
    const scenario = both.scenarios.find((one) => one.name === name);
    return scenario === undefined ? '' : caption({ scenario, summary: both }).join('\n');
  };
  expect(captionOf('hello')).toMatch(/^Node 22\.12\.0 .*\n.* · before only · /u);
  expect(captionOf('hello')).not.toContain('24.1.0');
  expect(captionOf('mixed')).toMatch(/^Node 24\.1\.0 .*\n.* · elsewhere only · /u);
  expect(captionOf('mixed')).not.toContain('22.12.0');
});

test('a plain image tells nothing of how other scenarios were placed', () => {
  const [scenario, other] = summary.scenarios;
  if (scenario === undefined || other === undefined) throw new Error('two scenarios are needed');
  const both = { ...summary, scenarios: [scenario, { ...other, pinned: true }] };
  expect(sourceText({ summary: both })).toContain(`, but for ${other.name}`);
  expect(sourceText(alone({ summary: both, scenario }))).not.toContain('but for');
});
