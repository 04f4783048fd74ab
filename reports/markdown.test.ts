import { expect, test } from 'vitest';
import { cell } from './fixtures/build.ts';
import { hostileLatencySummary, latencySummary } from './fixtures/latency-summary.ts';
import { summary } from './fixtures/summary.ts';
import { hostileSummary, scenarioOf, summaryOf } from './fixtures/variants.ts';
import { markdownReport } from './markdown.ts';

test('the report of the fixture', async () => {
  await expect(markdownReport(summary)).toMatchFileSnapshot('fixtures/report.md.txt');
});

test('every table has the same number of cells in each row, whatever the names are', () => {
  for (const report of [summary, hostileSummary(), latencySummary, hostileLatencySummary()]) {
    const tables = markdownReport(report)
      .split('\n\n')
      .filter((block) => block.startsWith('|'));
    for (const table of tables) {
      const widths = table.split('\n').map((line) => line.split(/(?<!\\)\|/u).length);
      expect(new Set(widths).size).toBe(1);
    }
  }
});

test('hostile text does not become markup', () => {
  for (const report of [hostileSummary(), hostileLatencySummary()]) {
    expect(markdownReport(report)).not.toMatch(/<(?:img|\/script)/u);
  }
});

test('has what it cost and every pair of models, and hints of invalid pairs once before them', () => {
  const report = markdownReport(summary);
  expect(report.match(/^#### What it cost$/gmu)).toHaveLength(3);
  expect(report).toContain('| cluster vs single | ≈3.29× \\[3.09–3.50\\] | invalid (≈ better) | 1.21× worse |');
  expect(report).toContain(
    '| cluster: limited by the generator; ≈: the whole interval is beyond the margin of 50%; give',
  );
  expect(report.match(/^\*\*Model against model:\*\* First ÷ second/gmu)).toHaveLength(1);
  expect(report.match(/^hint: give --generators 2$/gmu)).toHaveLength(1);
});

test('an outlier is named', () => {
  expect(markdownReport(summary)).toContain('\n\nsingle: round 3 is an outlier (81.2/s) and is down-weighted\n\n');
});

test('explains every column, folded away', () => {
  const [, folded = ''] = markdownReport(summary).split('<details>');
  expect(folded).toContain('- implied: ');
  expect(folded).toContain('- fairness: ');
});

test('without results and pairs there is nothing about cost or models', () => {
  const failed = summaryOf({ ...scenarioOf(cell('x', 'single', null)), comparisons: [] });
  expect(markdownReport(failed)).not.toMatch(/What it cost|Model against model/u);
});

test('the report with latency at given rates', async () => {
  await expect(markdownReport(latencySummary)).toMatchFileSnapshot('fixtures/latency.md.txt');
});

test('what may not be ranked says so in the table', () => {
  expect(markdownReport(summary)).toContain('| generator, not ranked |');
  expect(markdownReport(latencySummary)).toContain('| generator, not ranked |');
});
