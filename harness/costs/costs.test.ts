/** What launches come to, and figures that cannot be true. */
import { expect, test } from 'vitest';
import { costsOf, type Launched } from './costs.ts';
import { type Launch, OPERATIONS, type Operation } from './operations.ts';

const LAUNCH: Launch = { wallUs: 30, cpuUs: 40, samples: 100, elapsedUs: 5000 };
const json = { group: 'messages', of: 'ipc-json', bytes: 1024 } as const;
const call = { group: 'messages', of: 'call', bytes: 1024 } as const;

function launched(operation: Operation, ...changes: readonly Partial<Launch>[]): readonly Launched[] {
  return changes.map((change) => ({ operation, launch: { ...LAUNCH, ...change } }));
}

test('each operation gets its own launches, and an interval over them', () => {
  const costs = costsOf(
    [json, call],
    [...launched(call, { wallUs: 1 }, { wallUs: 1.1 }, { wallUs: 1.05 }), ...launched(json, {}, { wallUs: 33 }, {})],
    2,
  );
  expect(costs.map(({ wallUs }) => Math.round(wallUs.point))).toEqual([31, 1]);
  expect(costs.map(({ samples }) => samples)).toEqual([300, 300]);
  for (const { wallUs, impossible } of costs) {
    expect(wallUs.low).toBeLessThan(wallUs.point);
    expect(impossible).toBeNull();
  }
});

test('a message that is quicker than the copies of its bytes cannot be true', () => {
  // Two copies take 20 µs, and IPC makes four.
  const all = [...launched(call, { wallUs: 20 }, { wallUs: 22 }), ...launched(json, { wallUs: 30 }, { wallUs: 38 })];
  expect(costsOf([json, call], all, 2).map(({ impossible }) => impossible)).toEqual([
    '4 copies of its bytes take 40.0 µs',
    null,
  ]);
});

test('nor can more CPU time than the CPUs have', () => {
  const [cost] = costsOf([json], launched(json, { cpuUs: 60 }, { cpuUs: 120 }), 2);
  expect(cost?.impossible).toBe('more CPU time than 2 CPUs have');
});

test('every operation is different', () => {
  expect(new Set(OPERATIONS.map((one) => JSON.stringify(one))).size).toBe(OPERATIONS.length);
});
