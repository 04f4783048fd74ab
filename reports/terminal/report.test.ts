import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { cell, comparison, estimated, givenUpCell } from '../fixtures/build.ts';
import { hostileLatencySummary, latencySummary, withLatency } from '../fixtures/latency-summary.ts';
import { summary } from '../fixtures/summary.ts';
import { sweep } from '../fixtures/sweep.ts';
import { AFTER, BEFORE } from '../fixtures/two-runs.ts';
import {
  hostileSummary,
  isolatedSummary,
  resultWith,
  scenario,
  scenarioOf,
  summaryOf,
  untoldSummary,
} from '../fixtures/variants.ts';
import { sideBySide } from '../side-by-side/summary.ts';
import { textReport } from './report.ts';

const ESCAPE = '\u001b';

function longest(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length));
}

test('the report of the fixture', async () => {
  await expect(textReport(summary, { colour: false })).toMatchFileSnapshot('../fixtures/report.txt');
});

test('the answer comes first, in bold, and of several runs that of each', () => {
  const [first = ''] = textReport(summary, { colour: true }).split('\n');
  expect(first).toBe(`${ESCAPE}[1mhello → not decided · cpu → worker-threads · io → not decided${ESCAPE}[22m`);
  const runs = textReport(sideBySide([BEFORE, AFTER]).summary, { colour: false });
  expect(runs.split('\n').slice(0, 3)).toEqual([
    'before: hello → not decided · cpu → worker-threads · io → not decided',
    'after: hello → not decided · cpu → worker-threads · io → not decided',
    '',
  ]);
});

test('the answer goes on in a new line between scenarios, which are told apart', () => {
  const cpus = [1, 2, 5, 10].map((ms) => ({ ...scenario('cpu'), id: `cpu:ms=${ms}`, parameters: { ms } }));
  const [first, second] = textReport(summaryOf(...cpus), { colour: false }).split('\n');
  expect(first).toBe('cpu ms=1 → worker-threads · cpu ms=2 → worker-threads · cpu ms=5 → worker-threads');
  expect(second).toBe('cpu ms=10 → worker-threads');
});

test('no line is wider than 100 columns', () => {
  const shares = [0.25, 0.25, 0.25, 0.25];
  const requestsPerSec = estimated([1_263_412, 1_163_412, 1_363_412]);
  const wide = resultWith({
    workerShares: shares,
    requestsPerSec,
    limitedBy: { by: 'connections', evidence: '' },
    impliedCapacity: { requestsPerSec, boundBy: 'cpus' },
    shareOfLimit: 0.98,
  });
  const many = { ...cell('a', 'a-model-with-quite-a-long-name', wide), trialsOk: 10, trialsFailed: 10 };
  const lost = givenUpCell('a', 'cluster', 'reason '.repeat(40));
  const comparisons = [comparison('a', ['x', 'y'], ['invalid', null], { hint: 'hint '.repeat(40) })];
  const long = { ...scenarioOf(many, lost), comparisons, sentence: 'word '.repeat(60), name: 'n'.repeat(130) };
  for (const report of [summary, hostileSummary(), isolatedSummary(), untoldSummary(), summaryOf(long)]) {
    expect(longest(textReport(report, { colour: false, pairs: true }))).toBeLessThanOrEqual(100);
  }
});

test('colour only when asked, and then with the same text', () => {
  const plain = textReport(summary, { colour: false, pairs: true });
  const coloured = textReport(summary, { colour: true, pairs: true });
  expect(plain).not.toContain(ESCAPE);
  expect(coloured).toContain(ESCAPE);
  const trimmed = stripVTControlCharacters(coloured).replace(/ +$/gmu, '');
  expect(trimmed).toBe(plain);
});

test('what is derived is dimmed beside what was measured', () => {
  const coloured = textReport(summary, { colour: true });
  expect(coloured).toContain(`${ESCAPE}[2m≈40,600${ESCAPE}[22m`);
  expect(coloured).not.toContain(`${ESCAPE}[2m40,180`);
});

test('a run file cannot command the terminal', () => {
  expect(textReport(hostileSummary(), { colour: false, pairs: true })).not.toContain(ESCAPE);
});

test('an incomplete run says so', () => {
  expect(textReport({ ...summary, complete: false }, { colour: false })).toContain('not complete');
});

test('a scenario without any valid trial still has its table', () => {
  const cells = scenario('cpu').cells.map(({ model }) => cell('cpu', model, null));
  const text = textReport(summaryOf(scenarioOf(...cells)), { colour: false });
  expect(text.match(/failed \(5 of 5 trials\)/gu)).toHaveLength(4);
});

test('figures that do not fit are left out and named, and what says whether to rank them stays', () => {
  const requestsPerSec = estimated([1_263_412, 1_163_412, 1_363_412], 10);
  const measured = resultWith({ requestsPerSec, workerShares: [0.4, 0.2, 0.2, 0.2], shareOfLimit: 0.98 });
  const wide = { ...cell('a', 'worker-threads', measured), trialsOk: 10, trialsFailed: 10 };
  const other = cell('a', 'cluster', resultWith({ limitedBy: { by: 'connections', evidence: '' } }));
  const text = textReport(summaryOf(scenarioOf(wide, other)), { colour: false });
  expect(text).toContain('columns that do not fit: CPU ms / request, PSS MiB, % by worker');
  expect(text).toContain('connections');
});

test('a reason is cut off where the figures of the other rows end', () => {
  const report = (...shown: ScenarioSummary['cells']) =>
    textReport(summaryOf({ ...scenarioOf(...shown), comparisons: [] }), { colour: false });
  const cells = [cell('a', 'single', resultWith({})), givenUpCell('a', 'cluster', 'reason '.repeat(40))];
  const lines = report(...cells).split('\n');
  const rule = lines.find((line) => line.startsWith('─')) ?? '';
  const row = lines.find((line) => line.startsWith('cluster')) ?? '';
  expect(row).toMatch(/^cluster +given up after 3 failed trials: reason .*…$/u);
  expect(row).toHaveLength(rule.length);
  const without = report(...cells.slice(0, 1)).split('\n');
  expect(rule.length - without.filter((line) => line.startsWith('─')).join('').length).toBe(1);
});

test('hints for what is not compared stand below the sentence, each once', () => {
  const text = textReport(summary, { colour: false });
  expect(text.match(/^hint: give --generators 2$/gmu)).toHaveLength(1);
  expect(text).toMatch(/the limit, not the server\.\nhint: give --generators 2\n/u);
  expect(text).not.toContain('hint: give --rounds');
});

test('pairs are shown where they are asked for, below the sentence, and how to read them is said once', () => {
  expect(textReport(summary, { colour: false })).not.toMatch(/Model against model| vs /u);
  const text = textReport(summary, { colour: false, pairs: true });
  expect(text.match(/^fork-pool vs cluster /gmu)).toHaveLength(3);
  expect(text.match(/^Model against model: /gmu)).toHaveLength(1);
  const alone = summaryOf({ ...scenario('cpu'), comparisons: [] });
  expect(textReport(alone, { colour: false, pairs: true })).not.toMatch(/Model against model| vs /u);
});

test('a range among intervals is explained, and only then', () => {
  const twice = cell('a', 'single', resultWith({ requestsPerSec: estimated([196, 195, 197], 2) }));
  const often = cell('a', 'cluster', resultWith({}));
  const report = (...cells: ScenarioSummary['cells']) => textReport(summaryOf(scenarioOf(...cells)), { colour: false });
  expect(report(twice, often)).toMatch(/ \(195–197\) [\s\S]*^In brackets: lowest to highest trial/mu);
  for (const cells of [[twice], [often]]) expect(report(...cells)).not.toContain('In brackets');
});

test('an outlier is named below the sentence', () => {
  expect(textReport(summary, { colour: false })).toMatch(
    /and is simpler\.\nsingle: round 3 is an outlier \(81\.2\/s\) and is down-weighted\n\nio /u,
  );
});

test('says what ≈ means, and only where it is shown', () => {
  const note = '≈ is derived, not measured';
  expect(textReport(summary, { colour: false })).toContain(note);
  const failed = summaryOf(scenarioOf(cell('cpu', 'single', null)));
  expect(textReport(failed, { colour: false })).not.toContain(note);
});

test('what it cost is left to the page', () => {
  expect(textReport(summary, { colour: false })).not.toMatch(/start-up|fairness/u);
});

test('the report with latency at given rates', async () => {
  await expect(textReport(latencySummary, { colour: false })).toMatchFileSnapshot('../fixtures/latency.txt');
});

test('latency is at most 100 columns wide and free of commands, in colour and not', () => {
  for (const report of [latencySummary, hostileLatencySummary()]) {
    const plain = textReport(report, { colour: false });
    expect(longest(plain)).toBeLessThanOrEqual(100);
    expect(plain).not.toContain(ESCAPE);
    const coloured = stripVTControlCharacters(textReport(report, { colour: true })).replace(/ +$/gmu, '');
    expect(coloured).toBe(plain);
  }
});

test('says what it means to fall behind, and only where that happened', () => {
  const cells = sweep.latency?.cells.filter(({ result }) => result?.keptUp === false) ?? [];
  const common = [{ offeredPerSec: 104, share: null, sentence: '', cells: cells.map(({ id }) => id) }];
  const text = (one: ScenarioSummary) => textReport(summaryOf(one), { colour: false });
  expect(text(withLatency(sweep, { common }))).toMatch(/fell behind[\s\S]*Fell behind: the server served less/u);
  expect(text(sweep)).not.toContain('Fell behind');
});

test('a name in two lines and every percentile fit beside each other', () => {
  const text = textReport(latencySummary, { colour: false });
  expect(text).not.toContain('columns that do not fit');
  expect(text).toMatch(/^· per request +4\.32–4\.52 .* not ranked$/mu);
});
