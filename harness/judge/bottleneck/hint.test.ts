import { describe, expect, test } from 'vitest';
import { cell, result } from '../../../reports/fixtures/build.ts';
import { isolated, shared } from '../../fixtures/run.ts';
import type { Placement } from '../../store/schema.ts';
import type { CellSummary, LimitedBy } from '../schema/summary.ts';
import { hintFor } from './hint.ts';

const LABELS = ['generator', 'machine', 'connections', 'upstream', 'unclear'] as const;
const cpus = (count: number) => ({ count, capacity: count, host: count, decidedBy: 'host' }) as const;

function held(by: LimitedBy['by'], busy: { workers: number; front?: number } = { workers: 0.6 }): CellSummary {
  const one = result({ rate: [1, 1, 1], by, latency: [1, null, null, null, 2], cpu: 1, mib: 1 });
  return cell('cpu', 'cluster', { ...one, utilisation: { workers: busy.workers, front: busy.front ?? null } });
}
const hint = (by: LimitedBy['by'], placement: Placement = shared, count = 4): string | null =>
  hintFor({ ...held(by), placement }, [held(by)], cpus(count));

describe('whatever held the cell back, the hint is one line that names a flag or a command', () => {
  const placements: readonly Placement[] = [
    shared,
    { ...shared, generators: 4 },
    { kind: 'shared', generators: 1, why: 'no-taskset' },
    { kind: 'shared', generators: 1, why: 'few-cpus' },
    isolated,
    { ...isolated, generators: 3 },
  ];
  const cases = LABELS.flatMap((by) =>
    placements.flatMap((placement) => [1, 2, 4, 64].map((count) => [by, placement, count] as const)),
  );

  test.each(cases)('%s, %j, %d CPUs', (by, placement, count) => {
    expect(hint(by, placement, count)).toMatch(
      /^[^\n]*(?:--(?:connections|generators|isolate|preset|retries|workers)|fourways doctor)[^\n]*$/,
    );
  });
});

test('a cell that the server limited, or that has no result, has nothing to mend', () => {
  expect([hint('workers'), hint('front')]).toEqual([null, null]);
  expect(hintFor(cell('cpu', 'cluster', null), [], cpus(4))).toBeNull();
});

describe('a generator at its end', () => {
  test('gets company', () => {
    expect(hint('generator')).toBe('give --generators 2');
    expect(hint('generator', { ...shared, generators: 3 })).toBe('give --generators 4');
  });

  test('gets a CPU for it too, where generators have their own', () => {
    expect(hint('generator', isolated)).toBe('give --generators 2 --isolate 2');
  });

  test('keeps the CPUs that it has', () => {
    const one = { kind: 'isolated', generators: 1, why: 'asked', serverCpus: [0], generatorCpus: [1, 2, 3] } as const;
    expect(hint('generator', one)).toBe('give --generators 2 --isolate 3');
    expect(hint('generator', { ...one, generators: 3 }, 5)).toBe('give --generators 4 --isolate 4');
    // Of four CPUs the server needs one.
    expect(hint('generator', { ...one, generators: 3 }, 4)).toMatch(/more CPUs.*--isolate/);
  });
});

describe('a machine at its end', () => {
  test('with CPUs enough: reserve one', () => {
    expect(hint('machine', shared, 4)).toContain('--isolate 1');
  });

  test('with too few: a larger machine, or more work for each request', () => {
    expect(hint('machine', shared, 3)).toMatch(/4 CPUs or more.*more work/);
  });

  test('with CPUs reserved already it is somebody else', () => {
    expect(hint('machine', isolated, 4)).toBe('stop other programs; fourways doctor shows how much CPU time they take');
  });
});

describe('too few connections', () => {
  const connections = (busy: { workers: number; front?: number }, changes: Partial<CellSummary> = {}): number => {
    const one = { ...held('connections', busy), ...changes };
    const text = hintFor(one, [one], cpus(4)) ?? '';
    return Number(/^give --connections (\d+) to keep the server busy$/.exec(text)?.[1]);
  };

  test.each([
    ['half busy: three times as many', { workers: 0.5 }, 192],
    ['nearly busy: twice as many all the same', { workers: 0.94 }, 128],
    ['hardly busy: sixteen times as many, and no more', { workers: 0.001 }, 1024],
    ['not busy at all', { workers: 0 }, 1024],
    ['the busiest loop decides', { workers: 0.1, front: 0.5 }, 192],
  ])('%s', (_, busy, expected) => {
    expect(connections(busy)).toBe(expected);
  });

  test('all cells get as many as the one that needs most; those limited by something else are not asked', () => {
    const [few, many] = [held('connections', { workers: 0.5 }), held('connections', { workers: 0.1 })];
    const other = held('machine', { workers: 0.001 });
    for (const one of [few, many]) {
      expect(hintFor(one, [few, other, many], cpus(4))).toContain('--connections 960 ');
    }
  });

  test('the workers can share them evenly', () => {
    expect(connections({ workers: 0.5 }, { connections: 64, workers: 5 })).toBe(195);
  });
});
