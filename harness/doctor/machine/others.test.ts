import { expect, test } from 'vitest';
import { generatorOf, measurementOf, serverOf } from '../../fixtures/measurement.ts';
import { environment } from '../../fixtures/run.ts';
import { UNTOLD } from '../finding.ts';
import { othersFinding } from './checks.ts';

/** Server and generator use one of four CPUs for the second of the window. */
const measured = (idle: number) =>
  measurementOf({
    windowMs: 1000,
    machine: { cpus: 4, idle, steal: 0 },
    server: serverOf({ cpuMs: 700 }),
    generators: generatorOf(300, 0.3),
  });
const { availableCpus } = environment;

test('what neither server nor generator used was used by others', () => {
  expect(othersFinding([measured(0.7)], availableCpus)).toMatchObject({ level: 'ok', value: 'others use up to 5%' });
  expect(othersFinding([measured(0.75), measured(0.25), measured(0.5)], availableCpus)).toMatchObject({
    level: 'caution',
    value: 'others use up to 50%, in 2 of 3 trials',
  });
});

test('it is not told without /proc/stat, or under a quota', () => {
  expect(othersFinding([], availableCpus).value).toBe(UNTOLD);
  expect(othersFinding([measurementOf({ machine: null })], availableCpus).value).toBe(UNTOLD);
  const part = { ...availableCpus, decidedBy: 'quota' } as const;
  expect(othersFinding([measured(0)], part)).toMatchObject({ level: 'ok', value: UNTOLD });
});
