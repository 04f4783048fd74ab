/** What faults do to servers, as clients see it. */
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { ProcessRegistry } from '../../../dist/harness/measure/processes/registry.js';
import { bandStartMs, unpackedBands } from '../../judge/traces/latency-bands.ts';
import type { Fault } from '../../store/fault-schema.ts';
import type { FaultRecord } from '../../store/schema.ts';
import { faultTrialOf, recordOf } from '../fixtures/trials.ts';

const registry = new ProcessRegistry();
afterAll(() => registry.close());

async function faulted(model: string, kind: Fault['kind'], lastsMs: number | null = null): Promise<FaultRecord> {
  return recordOf(await faultTrialOf(registry, { scenario: 'hello', model, fault: { kind, lastsMs } }));
}

/** Every second number is a count. */
function total(sparse: readonly number[]): number {
  return sparse.reduce((sum, count, i) => sum + (i % 2 === 1 ? count : 0), 0);
}

function lostIn({ trace }: FaultRecord): Record<string, number> {
  return Object.fromEntries(trace.lost.map(({ kind, status, bins }) => [status ?? kind, total(bins)]));
}

function closedIdle({ trace }: FaultRecord): number {
  return total(trace.closedIdle);
}

function longestMs({ trace }: FaultRecord): number {
  return Math.max(...trace.latencies.flatMap(unpackedBands).map(({ band }) => bandStartMs(band)));
}

describe('a worker that is killed', () => {
  test('takes its connections with it under cluster, and another takes its place', async () => {
    const record = await faulted('cluster', 'kill');
    const { reset = 0, ...others } = lostIn(record);
    expect(others).toEqual({});
    expect(reset + closedIdle(record)).toBeGreaterThan(0);
    expect(record).toMatchObject({ workers: { lost: 1 }, isUp: true, end: null });
    expect(record.injected).toMatchObject([{ poison: null, overMs: null }]);
    expect(record.injected[0]?.atMs).toBeGreaterThanOrEqual(1000);
  });

  test('is missed by nobody whose connection is with the front end', async () => {
    const record = await faulted('fork-pool', 'kill');
    expect(closedIdle(record)).toBe(0);
    expect(record).toMatchObject({ workers: { lost: 1 }, isUp: true, end: null });
  });

  test('is the whole server where there is one only, and that is a result', async () => {
    const record = await faulted('single', 'kill');
    const { refused = 0, reset = 0, ...others } = lostIn(record);
    expect(others).toEqual({});
    // All that came after it.
    expect(refused).toBeGreaterThan(250);
    expect(reset).toBeLessThan(0.1 * refused);
    expect(record).toMatchObject({ workers: { lost: 1, replaced: 0 }, isUp: false, end: 'SIGKILL' });
  });
});

test('a crash takes the requests of its worker only, and the poison is none of them', async () => {
  const record = await faulted('cluster', 'crash');
  expect(record).toMatchObject({ workers: { lost: 1 }, isUp: true, end: null });
  expect(record.injected).toMatchObject([{ poison: 'reset' }]);
  expect(Object.keys(lostIn(record)).filter((kind) => kind !== 'reset')).toEqual([]);
});

test('an event loop that is blocked loses nothing, and is seen as latency', async () => {
  // A pool gives what comes to its other workers.
  const record = await faulted('cluster', 'block', 500);
  expect(lostIn(record)).toEqual({});
  expect(record).toMatchObject({ workers: { lost: 0, replaced: 0 }, isUp: true, end: null });
  expect(record.injected).toMatchObject([{ poison: 'answered' }]);
  expect(longestMs(record)).toBeGreaterThan(300);
});

describe('a reload', () => {
  test('of workers one by one loses nothing', async () => {
    const record = await faulted('cluster', 'reload');
    expect(lostIn(record)).toEqual({});
    // How many of them depends on how long a process takes to start here.
    expect(record).toMatchObject({ isUp: true, end: null });
    expect(record.workers?.lost).toBe(record.workers?.replaced);
    const [{ atMs = 0, overMs = null } = {}] = record.injected;
    if (overMs !== null) expect([overMs > atMs, record.workers?.lost]).toEqual([true, 2]);
  });

  test('of a single process is the time until it is there again', async () => {
    const record = await faulted('single', 'reload');
    expect(lostIn(record).refused).toBeGreaterThan(0);
    expect(record).toMatchObject({ workers: { lost: 1, replaced: 1 }, isUp: true, end: null });
  });
});

test('of a command that process is killed which handles the requests', async () => {
  const launch = {
    kind: 'command',
    name: 'theirs',
    ready: '/',
    line: `"${process.execPath}" "${fileURLToPath(new URL('../fixtures/clustered.js', import.meta.url))}"`,
  } as const;
  const fault = { kind: 'kill', lastsMs: null } as const;
  const record = recordOf(await faultTrialOf(registry, { scenario: 'hello', model: 'theirs', launch, fault }));
  expect(record).toMatchObject({ workers: { lost: 1 }, isUp: true, end: null });
  expect(lostIn(record).refused).toBeUndefined();
});
