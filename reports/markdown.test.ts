import { expect, test } from 'vitest';
import { summary } from './fixtures/summary.ts';
import { hostileSummary } from './fixtures/variants.ts';
import { markdownReport } from './markdown.ts';

test('the report of the fixture', async () => {
  await expect(markdownReport(summary)).toMatchFileSnapshot('fixtures/report.md.txt');
});

test('every table has the same number of cells in each row, whatever the names are', () => {
  for (const report of [summary, hostileSummary()]) {
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
  expect(markdownReport(hostileSummary())).not.toMatch(/<(?:img|\/script)/u);
});
