import { createColors } from 'picocolors';
import { expect, test } from 'vitest';
import { cell, comparison } from '../fixtures/build.ts';
import { mixed } from '../fixtures/mixed.ts';
import { HOSTILE, resultWith, scenario, scenarioOf } from '../fixtures/variants.ts';
import { comparisonBlock } from './comparisons.ts';

const plain = createColors(false);

function drawn(source: Parameters<typeof comparisonBlock>[0]): string {
  return comparisonBlock(source, '±3%', 100, plain).join('\n');
}

test('a line per pair', () => {
  const lines = drawn(scenario('cpu')).split('\n');
  expect(lines).toHaveLength(3 + 6);
  expect(lines[7]).toMatch(
    /^worker-threads vs cluster {4}−0\.4% to \+1\.6% +−1\.5% to −0\.5% +−23% to −18% +−23% to −18%$/u,
  );
});

test('what would settle the open ones is said once below them', () => {
  expect(drawn(scenario('cpu'))).not.toContain('settle');
  expect(drawn(mixed)).toMatch(/settled by about 7 to \d+ more\nrounds; give --rounds, or a longer --budget\.$/u);
});

test('why a pair is not compared takes as many lines as it needs, and names only then two', () => {
  expect(drawn(scenario('hello'))).toMatch(/^cluster vs single +not the server's +\+20% .*\n +limit: generator$/mu);
  expect(drawn(mixed)).not.toMatch(/^vs /mu);
  const wide = [
    comparison('mixed', ['worker-threads', 'cluster/per-request'], ['invalid', null], { reason: 'word '.repeat(20) }),
  ];
  const costs = ['cpu-per-request', 'start-up', 'peak-memory'] as const;
  const dear = costs.map((metric) =>
    comparison('mixed', ['worker-threads', 'cluster/per-request'], ['worse', 21], { metric }),
  );
  expect(drawn({ ...mixed, comparisons: [...wide, ...dear] })).toMatch(
    /^worker-threads +word word word word +\+1,958% .*\nvs cluster +word word/mu,
  );
});

test('is never wider than it may be, nor does it command the terminal', () => {
  const one = scenarioOf(cell('x', HOSTILE.repeat(3), resultWith({})), cell('x', 'y'.repeat(90), resultWith({})));
  const pair = [HOSTILE.repeat(3), 'y'.repeat(90)] as const;
  const comparisons = [
    comparison('x', pair, ['inconclusive', 1.234e6], { reason: HOSTILE.repeat(9) }),
    comparison('x', pair, ['worse', 1.234e6], { metric: 'cpu-per-request' }),
  ];
  for (const source of [{ ...one, comparisons }, mixed, scenario('io')]) {
    const text = drawn(source);
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
    expect(text).not.toContain('\u001b');
  }
});

test('without pairs there is nothing', () => {
  expect(comparisonBlock({ ...mixed, comparisons: [] }, '±3%', 100, plain)).toEqual([]);
});
