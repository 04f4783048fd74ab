import { createColors } from 'picocolors';
import { expect, test } from 'vitest';
import { cell, comparison } from '../fixtures/build.ts';
import { mixed } from '../fixtures/mixed.ts';
import { HOSTILE, resultWith, scenario, scenarioOf } from '../fixtures/variants.ts';
import { comparisonBlock } from './comparisons.ts';

const plain = createColors(false);

function drawn(source: Parameters<typeof comparisonBlock>[0]): string {
  return comparisonBlock(source, plain).join('\n');
}

test('a line per pair, and the words stand one below the other', () => {
  const lines = drawn(scenario('cpu')).split('\n');
  expect(lines).toHaveLength(3 + 6);
  expect(lines[7]).toMatch(
    /^worker-threads vs cluster +1\.01× \[.*\] +equivalent +0\.990× equivalent +0\.794× better$/u,
  );
  const places = lines.slice(3).map((line) => line.lastIndexOf('× '));
  expect(new Set(places).size).toBe(1);
});

test('the rounds that would settle a pair have a column where a pair is not settled', () => {
  expect(drawn(scenario('cpu'))).not.toContain('settle');
  expect(drawn(mixed)).toMatch(/inconclusive +\d+ /u);
  expect(drawn(mixed)).toMatch(/give --rounds, or a longer\n--budget$/u);
});

test('pairs with long names take two lines', () => {
  expect(drawn(mixed)).toMatch(/^cluster · per request .*\nvs worker-threads$/mu);
  expect(drawn(scenario('cpu'))).not.toMatch(/^vs /mu);
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
  expect(comparisonBlock({ ...mixed, comparisons: [] }, plain)).toEqual([]);
});
