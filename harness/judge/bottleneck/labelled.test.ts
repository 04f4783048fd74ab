import { describe, expect, test } from 'vitest';
import { generatorOf, measurementOf, serverOf, workerOf } from '../../fixtures/measurement.ts';
import { environment, shared } from '../../fixtures/run.ts';
import type { Measurement } from '../../store/schema.ts';
import { labelled } from './limited-by.ts';

const available = { ...environment.availableCpus, count: 2, capacity: 2 };
const circumstances = { limit: null, connections: 64, available, placement: shared, isDuet: false };

/** A second on two CPUs, of which the server had so much, the generator a little, and others or nobody the rest. */
function trial(serverMs: number, idle: number, steal = 0): Measurement {
  return measurementOf({
    server: serverOf({ cpuMs: serverMs, workers: [workerOf(1000, 0.99, { cpuMs: serverMs / 2 })] }),
    generators: generatorOf(40, 0.04),
    machine: { cpus: 2, idle, steal },
  });
}

/** Both workers on a CPU for all of the time. */
const good = trial(1950, 0.005);
/** No CPU was idle, and others had more than a third of them. */
const disturbed = trial(1200, 0);
/** The hypervisor took a fifth. */
const stolen = trial(1200, 0, 0.2);
/** Most of the time nobody did anything, and nobody knows why. */
const unclear = measurementOf({
  server: serverOf({ cpuMs: 400, workers: [workerOf(1000, 0.2)] }),
  machine: { cpus: 2, idle: 0.7, steal: 0 },
});

const label = (...measurements: readonly Measurement[]) => labelled(measurements, circumstances);

describe('trials that others disturbed', () => {
  test('are told from those that nobody did', () => {
    const { labels, disturbed: told } = label(good, disturbed, stolen, unclear);
    expect(labels.map(({ by }) => by)).toEqual(['workers', 'machine', 'machine', 'unclear']);
    expect(told).toEqual([false, true, true, false]);
  });

  test('do not decide what limits a cell, and do not count in it, while there are three others and half of all', () => {
    const found = label(good, disturbed, good, disturbed, good, disturbed);
    expect(found.label.by).toBe('workers');
    expect(found.counted).toEqual([true, false, true, false, true, false]);
  });

  test.each([
    ['two others', [good, good, disturbed]],
    ['less than half', [good, good, good, disturbed, disturbed, disturbed, disturbed]],
  ])('decide with the others where there are %s', (_, trials) => {
    const { label: by, counted } = label(...trials);
    expect(by.by).toBe('machine');
    expect(counted.every(Boolean)).toBe(true);
  });

  test('are none in a duet, where the other side has its share', () => {
    expect(labelled([good, disturbed], { ...circumstances, isDuet: true }).disturbed).toEqual([false, false]);
  });
});

test('one odd trial in five does not count; two in eight are too many', () => {
  const four = [good, good, good, good];
  expect(label(...four, unclear)).toMatchObject({ label: { by: 'workers' }, counted: [true, true, true, true, false] });
  expect(label(...four, good, good, unclear, unclear).label.by).toBe('unclear');
});
