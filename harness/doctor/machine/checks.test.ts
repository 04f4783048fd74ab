import { describe, expect, test } from 'vitest';
import { busyFacts, quietFacts } from '../../fixtures/fake-examining.ts';
import { UNTOLD } from '../finding.ts';
import { type BusyFacts, machineFindings, type QuietFacts } from './checks.ts';

const cpus = (capacity: number, decidedBy: 'host' | 'affinity' | 'quota', host = 4): Partial<QuietFacts> => ({
  availableCpus: { count: Math.max(1, Math.floor(capacity)), capacity, host, decidedBy },
});

function finding(name: string, quiet: Partial<QuietFacts>, busy: Partial<BusyFacts> = {}) {
  const all = machineFindings({ ...quietFacts, ...quiet }, { ...busyFacts, ...busy });
  const found = all.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no check '${name}'`);
  return found;
}

test('a quiet machine has nothing to be told', () => {
  const all = machineFindings(quietFacts, busyFacts);
  expect(all.filter(({ level, nextStep }) => level !== 'ok' || nextStep !== null)).toEqual([]);
});

test.each<[string, Partial<QuietFacts>, Partial<BusyFacts>, 'ok' | 'caution' | 'unfit', string]>([
  ['free CPU', { usedByOthers: 0.05 }, {}, 'ok', '95.0% free, others use 5.0%'],
  ['free CPU', { usedByOthers: 0.06 }, {}, 'caution', '94.0% free, others use 6.0%'],
  ['free CPU', { usedByOthers: 0.16 }, {}, 'unfit', '84.0% free, others use 16.0%'],
  ['load average', { loadAverage: 2.8 }, {}, 'ok', '2.80 over the last minute, on 4 CPUs'],
  ['load average', { loadAverage: 3 }, {}, 'caution', '3.00 over the last minute, on 4 CPUs'],
  ['load average', { loadAverage: 8.1 }, {}, 'unfit', '8.10 over the last minute, on 4 CPUs'],
  ['steal', {}, { steal: 0.02 }, 'ok', '2.0% of the CPU time wanted'],
  ['steal', {}, { steal: 0.03 }, 'caution', '3.0% of the CPU time wanted'],
  ['steal', {}, { steal: 0.11 }, 'unfit', '11.0% of the CPU time wanted'],
  ['CPU quota', cpus(4, 'host'), {}, 'ok', 'none, 4 CPUs'],
  ['CPU quota', cpus(2, 'affinity'), {}, 'ok', 'none, 4 CPUs, affinity leaves 2'],
  ['CPU quota', cpus(1, 'affinity'), {}, 'caution', 'none, 4 CPUs, affinity leaves 1'],
  ['CPU quota', cpus(1, 'host', 1), {}, 'caution', 'none, 1 CPU'],
  ['CPU quota', cpus(1.5, 'quota'), {}, 'caution', '1.5 of 4 CPUs'],
  ['CPU quota', cpus(0.5, 'quota'), {}, 'unfit', '0.5 of 4 CPUs'],
  ['CPU governor', { governors: ['performance'] }, {}, 'ok', 'performance'],
  ['CPU governor', { governors: ['performance', 'powersave'] }, {}, 'caution', 'performance, powersave'],
  ['open files', { openFiles: null }, {}, 'ok', 'no limit, or the system does not tell'],
  ['open files', { openFiles: 1024 }, {}, 'ok', '1,024 for a process'],
  ['open files', { openFiles: 256 }, {}, 'caution', '256 for a process'],
  ['open files', { openFiles: 64 }, {}, 'unfit', '64 for a process'],
  ['clock step', { clockStepUs: 10 }, {}, 'ok', '10 µs'],
  ['clock step', { clockStepUs: 100 }, {}, 'caution', '100 µs'],
  ['clock step', { clockStepUs: 15_600 }, {}, 'unfit', '15600 µs'],
  ['clock source', { clockSource: 'kvm-clock' }, {}, 'ok', 'kvm-clock'],
  ['clock source', { clockSource: 'hpet' }, {}, 'caution', 'hpet'],
  ['clock drift', {}, { clockDriftMs: -40 }, 'ok', '40 ms apart after 50 s'],
  ['clock drift', {}, { clockDriftMs: -400 }, 'caution', '400 ms apart after 50 s'],
  ['clock drift', {}, { clockDriftMs: 3_600_000 }, 'unfit', '3600000 ms apart after 50 s'],
  [
    'left processes',
    { processMark: 'environment' },
    {},
    'caution',
    'what a handler starts, detached and without its environment, outlives its trial',
  ],
  ['left processes', { processMark: 'none' }, {}, 'caution', 'what a handler starts and detaches outlives its trial'],
])('%s: %j %j is %s', (name, quiet, busy, level, value) => {
  const found = finding(name, quiet, busy);
  expect(found).toMatchObject({ level, value });
  expect(found.nextStep === null).toBe(level === 'ok');
});

describe('what the system does not tell is said, and does no harm', () => {
  test.each<[string, Partial<QuietFacts>, Partial<BusyFacts>]>([
    ['free CPU', { usedByOthers: null }, {}],
    ['load average', { loadAverage: null }, {}],
    ['steal', {}, { steal: null }],
    ['CPU governor', { governors: null }, {}],
    ['clock source', { clockSource: null }, {}],
  ])('%s', (name, quiet, busy) => {
    expect(finding(name, quiet, busy)).toMatchObject({ level: 'ok', value: UNTOLD, nextStep: null });
  });
});
