import { describe, expect, test } from 'vitest';
import type { ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { scenario, summaryOf } from '../fixtures/variants.ts';
import { markdownReport } from '../markdown.ts';
import { tablesSection } from '../page/tables.ts';
import { textReport } from '../terminal/report.ts';
import { machineLine, settings } from './cells.ts';
import { numbered, pinnedNote, placementBrief, placementText } from './placement.ts';

const isolated = {
  kind: 'isolated',
  generators: 2,
  why: 'automatic',
  serverCpus: [0, 1],
  generatorCpus: [2, 3],
} as const;

test('generators with CPUs of their own', () => {
  expect(placementText(isolated)).toBe('2 generators on CPUs 2–3, server on CPUs 0–1');
  expect(placementText({ ...isolated, generators: 1, generatorCpus: [3], why: 'asked' })).toBe(
    '1 generator on CPU 3, server on CPUs 0–1 (as asked)',
  );
  expect(placementBrief(isolated)).toBe('server on 2, generators on 2');
});

test.each([
  ['few-cpus', 'fewer than four CPUs'],
  ['asked', 'as asked'],
  ['no-taskset', 'no taskset to reserve CPUs with'],
] as const)('a generator on the CPUs of the server, because: %s', (why, words) => {
  expect(placementText({ kind: 'shared', generators: 1, why })).toBe(
    `1 generator, on the same CPUs as the server (${words})`,
  );
});

test('the brief form agrees with the number of generators', () => {
  const brief = (generators: number) => placementBrief({ kind: 'shared', generators, why: 'asked' });
  expect([1, 2].map(brief)).toEqual(['generator on the same CPUs', 'generators on the same CPUs']);
});

test('one CPU is not several', () => {
  expect([numbered([3]), numbered([0, 1, 2, 5])]).toEqual(['CPU 3', 'CPUs 0–2, 5']);
});

describe('a scenario that was given CPUs otherwise than its run', () => {
  const place = { kind: 'isolated', generators: 1, why: 'automatic', serverCpus: [0], generatorCpus: [1] } as const;
  const own = scenario('hello');
  const cells = own.cells.map((cell) => ({ ...cell, workers: 1, placement: place }));
  const pinned: ScenarioSummary = { ...own, cells, pinned: true };

  test('says so in its heading, with the number of connections', () => {
    expect(settings(pinned).slice(0, 3)).toEqual([
      '1 worker on 1 CPU',
      '64 connections',
      'load generator on its own CPU',
    ]);
    expect(settings(own)[0]).toBe('2 workers');
  });

  test('and why, once, in every kind of report', () => {
    const summary = summaryOf(pinned, scenario('cpu'));
    const note =
      'hello: the server ran on CPU 0 and the load generator on CPU 1, so its figures are of one CPU. On shared CPUs the generator would have been the bottleneck.';
    expect(pinnedNote(pinned)).toEqual([note]);
    expect(pinnedNote(scenario('cpu'))).toEqual([]);
    const reports = [
      textReport(summary, { colour: false, detail: true }),
      markdownReport(summary),
      tablesSection({ summary }),
    ];
    for (const report of reports) expect(report.replace(/\s+/gu, ' ').split(note)).toHaveLength(2);
  });

  test('the line about the machine is of the run, unless every scenario is like that', () => {
    expect(machineLine(summaryOf(pinned, scenario('cpu')))).toContain('generator on the same CPUs');
    expect(machineLine(summaryOf(pinned))).toContain('server on 1, generator on 1');
  });
});
