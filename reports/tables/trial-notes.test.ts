import { expect, test } from 'vitest';
import { cell } from '../fixtures/build.ts';
import { resultWith, scenario, scenarioOf, summaryOf } from '../fixtures/variants.ts';
import { markdownReport } from '../markdown.ts';
import { tablesSection } from '../page/tables.ts';
import { textReport } from '../terminal/report.ts';
import { resultTable } from './results.ts';
import { trialNotes } from './trial-notes.ts';

test('an outlier is named with its round and its figure', () => {
  expect(trialNotes(scenario('cpu'))).toEqual(['single: round 3 is an outlier (81.2/s) and is down-weighted']);
});

test('several of one cell share a line', () => {
  const { trials } = resultWith({});
  const far = trials.map((trial, i) =>
    i === 0 || i === 3 ? { ...trial, requestsPerSec: 50 + i, outlier: true } : trial,
  );
  expect(trialNotes(scenarioOf(cell('a', 'cluster', resultWith({ trials: far }))))).toEqual([
    'cluster: rounds 1 and 4 are outliers (50.0/s, 53.0/s) and are down-weighted',
  ]);
});

test('the mark of what was not warm is explained, and stands beside the figure in every kind of report', () => {
  const { trials } = resultWith({});
  const cold = trials.map((trial, i) => (i === 0 ? { ...trial, steady: false } : trial));
  const one = scenarioOf(cell('a', 'cluster', resultWith({ trials: cold })), cell('a', 'single', resultWith({})));
  const [note = ''] = trialNotes(one);
  expect(note).toMatch(/^\* not warm: /u);
  const ofTable = resultTable(one).rows.map((row) => (row.kind === 'measured' ? row.values[0] : ''));
  expect(ofTable).toEqual(['196*', '196 ']);
  const reports = [
    textReport(summaryOf(one), { colour: false, detail: true }),
    markdownReport(summaryOf(one)),
    tablesSection({ summary: summaryOf(one) }),
  ];
  for (const report of reports) {
    expect(report.replace(/\s+/gu, ' ')).toContain('not warm: in at least one trial the measured window began before');
    expect(report).toMatch(/196\\?\*/u);
  }
});

test('a trial that does not count need not be warm', () => {
  const trials = resultWith({}).trials.map((trial, i) =>
    i === 0 ? { ...trial, steady: false, counted: false } : trial,
  );
  const one = scenarioOf(cell('a', 'cluster', resultWith({ trials })));
  expect(trialNotes(one).join()).not.toContain('not warm');
});

test('without any there is nothing to say, nor of a cell without a result', () => {
  expect(trialNotes(scenarioOf(cell('a', 'cluster', resultWith({})), cell('a', 'single', null)))).toEqual([]);
});
