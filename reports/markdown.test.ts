import { expect, test } from 'vitest';
import { cell } from './fixtures/build.ts';
import { hostileLatencySummary, latencySummary } from './fixtures/latency-summary.ts';
import { summary } from './fixtures/summary.ts';
import { AFTER, BEFORE } from './fixtures/two-runs.ts';
import { hostileSummary, scenarioOf, summaryOf } from './fixtures/variants.ts';
import { markdownReport } from './markdown.ts';
import { sideBySide } from './side-by-side/summary.ts';

test('the report of the fixture', async () => {
  await expect(markdownReport(summary)).toMatchFileSnapshot('fixtures/report.md.txt');
});

test('begins with the answer, of several runs with that of each', () => {
  expect(markdownReport(summary)).toMatch(
    /^\*\*hello → not decided · cpu → worker-threads · io → not decided\*\*\n\n/u,
  );
  expect(markdownReport(sideBySide([BEFORE, AFTER]).summary)).toMatch(
    /^\*\*before: hello → .*\n\n\*\*after: hello → /u,
  );
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

test('has what it cost and every pair of models, and hints for what is not compared once before them', () => {
  const report = markdownReport(summary);
  expect(report.match(/^#### What it cost$/gmu)).toHaveLength(3);
  expect(report).toContain("| cluster vs single | not the server's limit: generator | +20% to +22% |");
  expect(report).toContain('| fork-pool vs single | **−64% to −60%** | +289% to +294% |');
  expect(report.match(/^\*\*Model against model:\*\* How much more or less/gmu)).toHaveLength(1);
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
