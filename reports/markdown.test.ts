import { expect, test } from 'vitest';
import { overallAnswer, verdictLine } from '../harness/judge/answer/decision.ts';
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

test('begins with the answer, then a line per scenario, then the image of the whole run', () => {
  const overview = {
    kind: 'drawn',
    name: 'overview',
    scenario: null,
    svg: '',
    alt: 'o'.repeat(900),
    file: 'overview',
  } as const;
  const [answer, lines, image] = markdownReport(summary, [overview]).split('\n\n');
  expect(answer).toBe(`**${overallAnswer(summary)}**`);
  expect(lines?.split('\n')).toHaveLength(summary.scenarios.length);
  for (const scenario of summary.scenarios)
    expect(lines?.replaceAll('\\', '')).toContain(`:** ${verdictLine(scenario)}`);
  expect(image).toBe('![Overview of the whole run.](overview.svg)');
});

test('of several runs begins with the answer of each', () => {
  const [before, after, lines] = markdownReport(sideBySide([BEFORE, AFTER]).summary).split('\n\n');
  expect(before).toBe(`**before: ${overallAnswer(BEFORE.summary)}**`);
  expect(after).toBe(`**after: ${overallAnswer(AFTER.summary)}**`);
  expect(lines).toMatch(/^- \*\*.*:\*\* before: .*\n- \*\*.*:\*\* after: /u);
});

test('who does not see a chart is told what it found, and not every figure', () => {
  const { id } = summary.scenarios[0] ?? scenarioOf(cell('x', 'single', null));
  const alt = 'Memory of hello: single takes the least (single 61 MiB (60–62), cluster 118 MiB).';
  const chart = { kind: 'drawn', name: 'memory', scenario: id, svg: '', alt, file: 'memory-hello' } as const;
  expect(markdownReport(summary, [chart])).toContain('![Memory of hello: single takes the least.](memory-hello.svg)');
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

test('has what it cost and every pair of models folded away, and hints for what is not compared once before them', () => {
  const report = markdownReport(summary);
  expect(report.match(/^<summary>What it cost<\/summary>$/gmu)).toHaveLength(3);
  expect(report).toContain("| cluster vs single | not the server's limit: generator | +20% to +22% |");
  expect(report).toContain('| fork-pool vs single | **−64% to −60%** | +289% to +294% |');
  expect(report).toMatch(/<summary>Model against model<\/summary>\n\nHow much more or less/u);
  expect(report.match(/^hint: give --generators 2$/gmu)).toHaveLength(1);
});

test('an outlier is named', () => {
  expect(markdownReport(summary)).toContain('\n\nsingle: round 3 is an outlier (81.2/s) and is down-weighted\n\n');
});

test('explains every column, folded away', () => {
  const folded = markdownReport(summary).split('<details>').at(-1) ?? '';
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
