import { expect, test } from 'vitest';
import { cellNames, conditions, failedText, limitLine, machineLine, notRanked, scenarioTitle } from './cells.ts';
import { cell } from './fixtures/build.ts';
import { summary } from './fixtures/summary.ts';
import { resultWith, scenario, scenarioOf } from './fixtures/variants.ts';

test('a cell is named after its model', () => {
  expect([...cellNames(scenario('cpu')).values()]).toEqual(['single', 'cluster', 'fork-pool', 'worker-threads']);
});

test('several cells of one model are told apart by what varies', () => {
  const two = cell('a', 'cluster', resultWith({}));
  const four = { ...two, id: 'four', workers: 4, connections: 128 };
  expect([...cellNames(scenarioOf(two, four)).values()]).toEqual(['cluster · 2 w · 64 c', 'cluster · 4 w · 128 c']);
});

test('a scenario is named with its parameters', () => {
  expect([scenarioTitle(scenario('cpu')), scenarioTitle(scenario('hello'))]).toEqual(['cpu ms=10', 'hello']);
});

test('conditions do not count the one worker of a single process', () => {
  expect(conditions(scenario('cpu'))).toEqual(['2 workers', '64 connections', '5 trials per model']);
});

test('a limit says where it comes from', () => {
  expect(limitLine({ kind: 'cpu', requestsPerSec: 199, cpus: 2, kernelCpuMs: 10.05 })).toBe(
    'physical limit 199/s: 2 CPUs ÷ 10.05 ms',
  );
  expect(limitLine({ kind: 'waiting', requestsPerSec: 3200, connections: 64, waitingMs: 20 })).toBe(
    'physical limit 3,200/s: 64 connections ÷ 20 ms',
  );
});

test.each([
  ['generator', 'limited by the generator, not ranked'],
  ['machine', 'limited by the machine, not ranked'],
  ['front', null],
  ['unclear', 'unclear what held it back, not ranked'],
] as const)('a result limited by %s: %s', (by, note) => {
  expect(notRanked(cell('a', 'cluster', resultWith({ limitedBy: { by, evidence: '' } })))).toBe(note);
});

test('a cell without a valid trial says so', () => {
  expect(failedText(cell('a', 'cluster', null))).toBe('failed (5 of 5 trials)');
  expect(failedText({ ...cell('a', 'cluster', null), trialsFailed: 0 })).toBe('not measured');
});

test('the machine line shows a share of the host', () => {
  expect(machineLine(summary)).toBe('Node 22.12.0 · AMD EPYC 7B13 · 4 of 8 CPUs (affinity) · linux x64');
});
