import { scenarioTitle } from '../../harness/judge/words.ts';
import { expect, test } from 'vitest';
import { cell, givenUpCell } from '../fixtures/build.ts';
import { summary } from '../fixtures/summary.ts';
import { isolatedSummary, resultWith, scenario, scenarioOf } from '../fixtures/variants.ts';
import { cellNames, conditions, failedText, limitLine, machineLine, notRanked } from './cells.ts';

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
  ['connections', 'limited by the connections, not ranked'],
  ['upstream', 'limited by the upstream, not ranked'],
  ['workers', null],
  ['front', null],
  ['unclear', 'no bottleneck was found, not ranked'],
] as const)('a result limited by %s: %s', (by, note) => {
  expect(notRanked(cell('a', 'cluster', resultWith({ limitedBy: { by, evidence: '' } })))).toBe(note);
});

test('a cell without a valid trial says so', () => {
  expect(failedText(cell('a', 'cluster', null))).toBe('failed (5 of 5 trials)');
  expect(failedText({ ...cell('a', 'cluster', null), trialsFailed: 0 })).toBe('not measured');
});

test('a cell that was given up says after how many failures and why', () => {
  expect(failedText(givenUpCell('a', 'cluster', 'no reply within 10 s'))).toBe(
    'given up after 3 failed trials: no reply within 10 s',
  );
});

test('the machine line shows a share of the host, and where the load came from', () => {
  expect(machineLine(summary)).toBe(
    'Node 22.12.0 · AMD EPYC 7B13 · 4 of 8 CPUs (affinity) · generator on the same CPUs · linux x64',
  );
  expect(machineLine(isolatedSummary())).toContain(' · server on 2, generators on 2 · ');
});

test('connection modes tell cells apart where both occur, and are a condition where they are not the ordinary one', () => {
  const kept = cell('a', 'cluster', resultWith({}));
  const fresh = { ...kept, id: 'fresh', connectionMode: 'per-request' } as const;
  expect([...cellNames(scenarioOf(kept, fresh)).values()]).toEqual(['cluster', 'cluster · per request']);
  expect([...cellNames(scenarioOf(fresh)).values()]).toEqual(['cluster']);
  expect(conditions(scenarioOf(fresh))).toContain('a connection per request');
  expect(conditions(scenarioOf(kept, fresh))).toContain('kept alive, and a connection per request');
  expect(conditions(scenarioOf(kept))).toHaveLength(3);
});
