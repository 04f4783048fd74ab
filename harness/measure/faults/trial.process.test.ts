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

function lostIn({ trace }: FaultRecord): Record<string, number> {
  const counts = trace.lost.map(({ kind, status, bins }) => [
    status ?? kind,
    bins.reduce((sum, count, i) => sum + (i % 2 === 1 ? count : 0), 0),
  ]);
  return Object.fromEntries(counts);
}

function longestMs({ trace }: FaultRecord): number {
  return Math.max(...trace.latencies.flatMap(unpackedBands).map(({ band }) => bandStartMs(band)));
}
