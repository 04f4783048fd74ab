import { expect, test } from 'vitest';
import type { Summary } from '../../harness/judge/schema/summary.ts';
import type { Canvas } from '../drawing/canvas.ts';
import { cell, estimated } from '../fixtures/build.ts';
import { arrowheadsOf, drawnOf } from '../fixtures/drawn.ts';
import { resultWith, scenario, scenarioOf, summaryOf } from '../fixtures/variants.ts';
import { sideBySide } from '../side-by-side/summary.ts';
import overview from './overview.ts';

async function drawn(input: Summary, canvas?: Canvas) {
  const image = await drawnOf(overview.draw({ summary: input, canvas }));
  return { arrowheads: arrowheadsOf(image), words: image.words.join(' ') };
}

const RATES = estimated([196, 190, 200]);

/** Two models, of which one has an interval up to so many requests per second. */
function upTo(high: number, trials = 5) {
  return scenarioOf(
    cell('x', 'single', resultWith({ requestsPerSec: { ...RATES, low: 150, high, trials } })),
    cell('x', 'cluster', resultWith({ requestsPerSec: RATES })),
  );
}

test('an interval that goes on beyond the axis has an arrowhead, which the foot explains', async () => {
  const { arrowheads, words } = await drawn(summaryOf(upTo(900)));
  expect(arrowheads).toBe(1);
  expect(words).toContain('Arrowhead: the interval goes on beyond this axis.');
});

test.each([
  ['that ends on the axis', upTo(299)],
  ['of one trial', upTo(900, 1)],
])('one %s has none', async (_, one) => {
  const { arrowheads, words } = await drawn(summaryOf(one));
  expect(arrowheads).toBe(0);
  expect(words).not.toContain('Arrowhead');
});

test('an arrowhead stays without words rather than cut off what else the foot says', async () => {
  const [wide] = upTo(900).cells;
  const twice = cell('x', 'my-pool', resultWith({ requestsPerSec: estimated([196, 190, 200], 2) }));
  const others = ['cluster', 'seventh', 'eighth', 'ninth'].map((model) => cell('x', model, resultWith({})));
  const odd = {
    ...scenarioOf(...(wide === undefined ? [] : [{ ...wide, model: 'worker-threads' }]), twice, ...others),
    decision: scenario('cpu').decision,
  };
  const generator = { by: 'generator', evidence: 'it was busy' } as const;
  const unranked = odd.cells.map((own) =>
    own.model === 'my-pool' && own.result !== null ? { ...own, result: { ...own.result, limitedBy: generator } } : own,
  );
  const odds = Array.from({ length: 10 }, (_, i) => ({
    ...odd,
    ...(i === 0 ? { cells: unranked } : {}),
    id: `odd ${i}`,
  }));
  const one = summaryOf(scenario('cpu'), scenario('hello'), ...odds);
  const crowded = sideBySide(['a', 'b', 'c', 'd', 'e'].map((label) => ({ label, summary: one }))).summary;
  const canvas: Canvas = { size: { kind: 'slide' }, title: null, subtitle: 'Berlin' };
  const { arrowheads, words } = await drawn(crowded, canvas);
  expect(arrowheads).toBeGreaterThan(0);
  expect(words).toContain('in the report.');
  expect(words).not.toContain('Arrowhead');
});
