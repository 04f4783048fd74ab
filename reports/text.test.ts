import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { cell } from './fixtures/build.ts';
import { summary } from './fixtures/summary.ts';
import { hostileSummary, resultWith, scenario, scenarioOf, summaryOf } from './fixtures/variants.ts';
import { textReport } from './text.ts';

const ESCAPE = '\u001b';

function longest(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length));
}

test('the report of the fixture', async () => {
  await expect(textReport(summary, { colour: false })).toMatchFileSnapshot('fixtures/report.txt');
});

test('no line is wider than 100 columns', () => {
  const shares = [0.25, 0.25, 0.25, 0.25];
  const requestsPerSec = { median: 1_263_412, min: 1_163_412, max: 1_363_412, trials: 5 };
  const wide = resultWith({
    workerShares: shares,
    requestsPerSec,
    limitedBy: { by: 'connections', evidence: '' },
    shareOfLimit: 0.98,
  });
  const many = { ...cell('a', 'a-model-with-quite-a-long-name', wide), trialsOk: 10, trialsFailed: 10 };
  const long = { ...scenarioOf(many), sentence: 'word '.repeat(60), name: 'n'.repeat(130) };
  for (const report of [summary, hostileSummary(), summaryOf(long)]) {
    expect(longest(textReport(report, { colour: false }))).toBeLessThanOrEqual(100);
  }
});

test('colour only when asked, and then with the same text', () => {
  const plain = textReport(summary, { colour: false });
  const coloured = textReport(summary, { colour: true });
  expect(plain).not.toContain(ESCAPE);
  expect(coloured).toContain(ESCAPE);
  const trimmed = stripVTControlCharacters(coloured).replace(/ +$/gmu, '');
  expect(trimmed).toBe(plain);
});

test('a run file cannot command the terminal', () => {
  expect(textReport(hostileSummary(), { colour: false })).not.toContain(ESCAPE);
});

test('an incomplete run says so', () => {
  expect(textReport({ ...summary, complete: false }, { colour: false })).toContain('not complete');
});

test('a scenario without any valid trial still has its table', () => {
  const cells = scenario('cpu').cells.map(({ model }) => cell('cpu', model, null));
  const text = textReport(summaryOf(scenarioOf(...cells)), { colour: false });
  expect(text.match(/failed \(5 of 5 trials\)/gu)).toHaveLength(4);
});

test('figures that do not fit are left out and named', () => {
  const requestsPerSec = { median: 1_263_412, min: 1_163_412, max: 1_363_412, trials: 10 };
  const measured = resultWith({ requestsPerSec, workerShares: [0.25, 0.25, 0.25, 0.25], shareOfLimit: 0.98 });
  const wide = { ...cell('a', 'worker-threads', measured), trialsOk: 10, trialsFailed: 10 };
  const other = cell('a', 'cluster', resultWith({ limitedBy: { by: 'connections', evidence: '' } }));
  const text = textReport(summaryOf(scenarioOf(wide, other)), { colour: false });
  expect(text).toContain('left out for lack of width: % by worker');
  expect(text).toContain('connections');
});
