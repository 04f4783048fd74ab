/** Several runs as one summary: whose a figure is can always be told, and nothing of one run is said of another. */
import { describe, expect, test } from 'vitest';
import type { ScenarioSummary, Summary } from '../../harness/judge/schema/summary.ts';
import type { Timeline } from '../../harness/judge/traces/traces.ts';
import { latencySummary } from '../fixtures/latency-summary.ts';
import { summary } from '../fixtures/summary.ts';
import { tracesFor } from '../fixtures/traces.ts';
import { AFTER, BEFORE, LATENCY_AFTER, LATENCY_BEFORE, laterSummary } from '../fixtures/two-runs.ts';
import { HOSTILE, hostileSummary } from '../fixtures/variants.ts';
import { markdownReport } from '../markdown.ts';
import { environmentSection } from '../page/environment.ts';
import { methodSection } from '../page/method.ts';
import { sloTitle, sustainedName } from '../tables/slo.ts';
import { textReport } from '../terminal/report.ts';
import { cellNames, conditions, machineLine, machineLines } from '../words/cells.ts';
import { comparisonCaption } from '../words/comparisons.ts';
import { cellsAt, offeredLine, rateNotices, rateTitle } from '../words/rates.ts';
import { incompleteText } from '../words/runs.ts';
import { type LabelledRun, sideBySide } from './summary.ts';

const both = sideBySide([BEFORE, AFTER]).summary;

function scenarioIn(all: Summary, name: string): ScenarioSummary {
  const found = all.scenarios.find((scenario) => scenario.name === name);
  if (found === undefined) throw new Error(`no scenario ${name}`);
  return found;
}

/** The fixture with one scenario changed. */
function changed(source: Summary, change: (scenario: ScenarioSummary) => ScenarioSummary): Summary {
  return { ...source, scenarios: source.scenarios.map(change) };
}

function text(runs: readonly LabelledRun[]): string {
  return textReport(sideBySide(runs).summary, { colour: false });
}

describe('cells', () => {
  test('stand model by model, and within a model run by run', () => {
    expect([...cellNames(scenarioIn(both, 'cpu')).values()].slice(0, 4)).toEqual([
      'single · before',
      'single · after',
      'cluster · before',
      'cluster · after',
    ]);
  });

  test('are told apart by the run alone where only runs differ in their settings, which the conditions tell', () => {
    const wide = changed(laterSummary(), (scenario) => ({
      ...scenario,
      cells: scenario.cells.map((cell) => ({ ...cell, workers: cell.style === 'alone' ? 1 : 4 })),
    }));
    const cpu = scenarioIn(sideBySide([BEFORE, { label: 'after', summary: wide }]).summary, 'cpu');
    expect([...cellNames(cpu).values()]).toContain('cluster · after');
    expect(conditions(cpu)).toContain('2 workers (before), 4 workers (after)');
    expect(conditions(cpu)).toContain('64 connections');
  });

  test('have distinct ids, which pairs, failures and traces use as well', () => {
    const timeline: Timeline = {
      ...{ cell: 'cpu/single', round: 0, attempt: 0, binMs: 100 },
      ...{ perSec: [1], windowStartMs: 0, windowMs: 100 },
    };
    const traces = { ...tracesFor(), timelines: [timeline] };
    const merged = sideBySide([
      { ...BEFORE, traces },
      { ...AFTER, traces },
    ]);
    const ids = merged.summary.scenarios.flatMap(({ cells }) => cells.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    const used = [
      ...merged.summary.scenarios.flatMap((one) => one.comparisons.flatMap((pair) => [pair.candidate, pair.baseline])),
      ...merged.summary.failures.map(({ cell }) => cell),
      ...merged.traces.timelines.map(({ cell }) => cell),
    ];
    expect(used.filter((id) => !ids.includes(id) && !id.endsWith('cpu/single'))).toEqual([]);
    expect(merged.traces.timelines.map(({ cell }) => cell)).toEqual(['before: cpu/single', 'after: cpu/single']);
  });

  test('a scenario of one run says which run that is', () => {
    const less = { ...AFTER.summary, scenarios: AFTER.summary.scenarios.filter(({ name }) => name !== 'io') };
    const merged = sideBySide([BEFORE, { label: 'after', summary: less }]).summary;
    expect(merged.scenarios.map(({ name }) => name)).toEqual(['hello', 'cpu', 'io']);
    expect(conditions(scenarioIn(merged, 'io'))).toContain('before only');
    expect(conditions(scenarioIn(merged, 'cpu'))).not.toContain('before only');
  });
});

test('pairs stay within their run, and it says what tells runs apart', () => {
  const { comparisons } = scenarioIn(both, 'cpu');
  const runOf = (id: string) => id.slice(0, id.indexOf(':'));
  expect(comparisons).toHaveLength(2 * scenarioIn(summary, 'cpu').comparisons.length);
  expect(comparisons.filter(({ candidate, baseline }) => runOf(candidate) !== runOf(baseline))).toEqual([]);
  expect(comparisonCaption(both)).toContain('use fourways compare');
  expect(comparisonCaption(summary)).not.toContain('fourways compare');
});

test('margins that differ are told of each run', () => {
  const strict = { ...laterSummary(), margin: 0.01 };
  const merged = sideBySide([BEFORE, { label: 'after', summary: strict }]).summary;
  expect(comparisonCaption(merged)).toContain('Up to ±3% (before), ±1% (after) makes no difference');
});

describe('the physical limit', () => {
  test('is no line across rows of which it is not the limit, and both are told', () => {
    const cpu = scenarioIn(both, 'cpu');
    expect(cpu.limit).toBeNull();
    expect(conditions(cpu)).toContain('physical limit 199/s (before), 205.1/s (after)');
    expect(cpu.cells.map(({ result }) => result?.shareOfLimit)).not.toContain(null);
  });

  test('stays where the runs have the same', () => {
    const io = scenarioIn(both, 'io');
    expect(io.limit).toEqual(scenarioIn(summary, 'io').limit);
    expect(conditions(io).join(' ')).not.toContain('physical limit');
  });

  test('of a run that has none is not that of the other', () => {
    const none = changed(laterSummary(), (scenario) => ({ ...scenario, limit: null }));
    const cpu = scenarioIn(sideBySide([BEFORE, { label: 'after', summary: none }]).summary, 'cpu');
    expect(conditions(cpu)).toContain('physical limit 199/s (before), unknown (after)');
  });
});

describe('the machine', () => {
  test('is said once as far as the runs agree, and of each as far as they do not', () => {
    expect(machineLines(both)).toEqual([
      'AMD EPYC 7B13 · 4 of 8 CPUs (affinity) · generator on the same CPUs · linux x64',
      'before: Node 22.12.0',
      'after: Node 24.1.0',
    ]);
  });

  test('is one line where they agree in everything', () => {
    const same = sideBySide([BEFORE, { label: 'again', summary }]).summary;
    expect(machineLines(same)).toEqual([machineLine(summary)]);
  });

  test('is told on the page run by run, with how each was measured', () => {
    const environment = environmentSection(both);
    expect(environment).toMatch(/<h3>Every run<\/h3>[\s\S]*<dt>CPU<\/dt>[\s\S]*<h3>before<\/h3>[\s\S]*v22\.12\.0/u);
    expect(environment).toMatch(/<h3>after<\/h3>\n<dl>\n<dt>Node\.js<\/dt><dd>v24\.1\.0/u);
    expect(environment.match(/<dt>CPU<\/dt>/gu)).toHaveLength(1);
    expect(methodSection({ summary: both })).toMatch(
      /<h3>before<\/h3>[\s\S]*seed 42[\s\S]*<h3>after<\/h3>[\s\S]*seed 43/u,
    );
  });
});

test('sentences and warnings say whose they are', () => {
  expect(scenarioIn(both, 'cpu').sentence).toMatch(/^before: .+ after: /u);
  const own = { code: 'drift', message: 'it drifted', nextStep: 'wait' } as const;
  const later = { ...laterSummary(), warnings: [...summary.warnings, own] };
  const messages = sideBySide([BEFORE, { label: 'after', summary: later }]).summary.warnings.map((one) => one.message);
  expect(messages).toEqual([
    ...summary.warnings.map(({ message }) => `before, after: ${message}`),
    'after: it drifted',
  ]);
});

test('a run that is not complete is named', () => {
  const cut = { ...laterSummary(), complete: false };
  expect(incompleteText(both)).toBeNull();
  expect(incompleteText(sideBySide([BEFORE, { label: 'after', summary: cut }]).summary)).toBe(
    'Run after is not complete',
  );
  expect(incompleteText(cut)).toBe('The run is not complete');
});

test('what was required of one run is not said of all', () => {
  const required = { ...summary, requirements: [] };
  expect(sideBySide([{ label: 'before', summary: required }, AFTER]).summary.requirements).toBeUndefined();
});

describe('latency at given rates', () => {
  const merged = sideBySide([LATENCY_BEFORE, LATENCY_AFTER]).summary;
  const mixed = scenarioIn(merged, 'mixed');

  /** The later run, with something changed in the latency of `mixed`. */
  function later(change: (latency: NonNullable<ScenarioSummary['latency']>) => ScenarioSummary['latency']): Summary {
    return changed(laterSummary(latencySummary), (scenario) =>
      scenario.name === 'mixed' && scenario.latency !== null
        ? { ...scenario, latency: change(scenario.latency) }
        : scenario,
    );
  }

  function beside(second: Summary): NonNullable<ScenarioSummary['latency']> {
    const { latency } = scenarioIn(sideBySide([LATENCY_BEFORE, { label: 'after', summary: second }]).summary, 'mixed');
    if (latency === null) throw new Error('mixed has latency');
    return latency;
  }

  test('a rate that was offered in both alike is one, with the cells of both', () => {
    const own = scenarioIn(latencySummary, 'mixed').latency?.common ?? [];
    const common = mixed.latency?.common ?? [];
    expect(common).toHaveLength(own.length);
    for (const [i, rate] of common.entries()) {
      const cells = mixed.latency === null ? [] : cellsAt(rate, mixed.latency);
      expect(cells).toHaveLength(2 * (own[i]?.cells.length ?? 0));
      expect(rateTitle(rate)).not.toContain('(');
      expect(rate.sentence).toMatch(/^before: .+ after: /u);
    }
  });

  test('rates that differ stay apart, and their headings say whose they are', () => {
    const latency = beside(
      later((one) => ({
        ...one,
        common: one.common.map((rate) => ({ ...rate, offeredPerSec: rate.offeredPerSec + 1 })),
      })),
    );
    expect(latency.common).toHaveLength(2 * (scenarioIn(latencySummary, 'mixed').latency?.common.length ?? 0));
    expect(latency.common.map(rateTitle).slice(0, 2)).toEqual([
      expect.stringMatching(/requests\/s \(before\)$/u),
      expect.stringMatching(/requests\/s \(after\)$/u),
    ]);
  });

  test('equal shares of what different models serve are not the same rate, and each says of what it is a share', () => {
    const latency = beside(
      later((one) => ({ ...one, basis: one.basis === null ? null : { ...one.basis, model: 'fork-pool' } })),
    );
    const lines = latency.common.map((rate) => offeredLine(rate, latency));
    expect(lines[0]).toContain('of what single serves');
    expect(lines[1]).toContain('of what fork-pool serves');
    expect(latency.basis).toBeNull();
  });

  test('arrivals, lowered rates and SLOs that differ are told of each run', () => {
    const latency = beside(
      later((one) => ({
        ...one,
        arrivals: 'constant',
        cappedAt: 77,
        slo: one.slo && { ...one.slo, asked: { ...one.slo.asked, text: 'p99=9ms', limits: [] } },
      })),
    );
    expect(rateNotices(latency)).toEqual([
      'after: Higher rates were lowered to 77 requests/s, the most that the generators can offer.',
    ]);
    const { slo } = latency;
    if (slo !== null) expect(sloTitle(slo)).toMatch(/^Highest rate within .+ \(before\), p99=9ms \(after\)$/u);
    expect(latency.common.map((rate) => offeredLine(rate, latency)).join('\n')).toMatch(/evenly spaced arrivals/u);
  });

  test('outcomes of an SLO name the run', () => {
    const named = merged.scenarios.flatMap((scenario) => {
      const names = cellNames(scenario);
      return (scenario.latency?.slo?.models ?? []).map((one) => sustainedName(one, names));
    });
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !/ · (?:before|after)$/u.test(name))).toEqual([]);
  });
});

describe('reports', () => {
  const longest = (report: string) => Math.max(...report.split('\n').map((line) => line.length));
  const named = (label: string, run: LabelledRun): LabelledRun => ({ ...run, label });

  test('on a terminal', async () => {
    await expect(text([BEFORE, AFTER])).toMatchFileSnapshot('../fixtures/side-by-side.txt');
  });

  test('fit 100 columns with long labels, which are not cut off', () => {
    const labels = ['feature-long-name-01', 'feature-long-name-02'] as const;
    const reports = [
      text([named(labels[0], BEFORE), named(labels[1], AFTER)]),
      text([named(labels[0], LATENCY_BEFORE), named(labels[1], LATENCY_AFTER)]),
    ];
    for (const report of reports) {
      expect(longest(report)).toBeLessThanOrEqual(100);
      for (const label of labels) expect(report).toMatch(new RegExp(`· ${label}\\b`, 'u'));
    }
  });

  test('in markdown name the run of every figure and pair', () => {
    const report = markdownReport(both);
    expect(report).toContain('| cluster · before |');
    expect(report).toContain('| cluster · after vs single · after |');
    expect(report).toContain('\nafter: ');
    expect(report).toContain('2026-01-15 (before), 2026-01-22 (after) · fourways 0.1.0');
  });

  test('show labels and texts of others without obeying them', () => {
    const merged = sideBySide([
      { label: HOSTILE, summary: hostileSummary() },
      { label: 'after', summary: { ...hostileSummary(), seed: 1, complete: false } },
    ]).summary;
    expect(textReport(merged, { colour: false })).not.toContain('\u001b');
    for (const page of [environmentSection(merged), methodSection({ summary: merged }), markdownReport(merged)]) {
      expect(page).not.toMatch(/<(?:img|script|\/script)/u);
    }
  });
});
