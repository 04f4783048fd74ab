/** What the open-loop generator promises of itself, on a CPU of its own: how late it sends, and what it takes. */
import { cpusToPlace } from '../measure/host/facts.ts';
import type { ProcessRegistry } from '../measure/processes/registry.ts';
import { placementFor } from '../plan/options/placement.ts';
import { mergeLatencies } from '../stats/latency.ts';
import { median } from '../stats/spread.ts';
import type { Measurement } from '../store/schema.ts';
import { below, type Claim } from './claim.ts';
import { benchmark } from './measure.ts';

const ROUNDS = 5;
const MEASURE_MS = 4000;
const CONNECTIONS = 64;

export async function openLoop(registry: ProcessRegistry): Promise<readonly Claim[]> {
  const placement = placementFor({ isolate: 1 }, CONNECTIONS, cpusToPlace());
  const at = async (requestsPerSec: number): Promise<readonly Measurement[]> => {
    const load = {
      kind: 'rate',
      requestsPerSec,
      arrivals: 'constant',
      measureMs: MEASURE_MS,
      mostConnections: 1000,
      countErrors: false,
    } as const;
    const what = { scenario: 'hello', servers: ['single'], connections: CONNECTIONS, rounds: ROUNDS };
    const outcome = await benchmark(registry, { ...what, measureMs: MEASURE_MS, load, placement });
    const measurements = outcome.measurements.get('single') ?? [];
    process.stderr.write(`${requestsPerSec}/s: ${measurements.map(text).join('; ')}\n`);
    return measurements;
  };
  const slow = await at(1000);
  const fast = await at(10_000);
  return [
    below('constant 10,000 requests/s on one CPU: p99 of the send delay', median(fast.map(delayP99)), 1, 'ms'),
    below('constant 1,000 requests/s: generator, of a CPU', median(slow.map(cpuShare)), 0.2, 'CPU'),
  ];
}

function delayP99({ open }: Measurement): number {
  return mergeLatencies([open?.sendDelayHistogram ?? ''])?.p99 ?? Number.NaN;
}

function cpuShare({ generators, windowMs }: Measurement): number {
  return generators.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / windowMs;
}

function text(measurement: Measurement): string {
  const latency = mergeLatencies([measurement.latencyHistogram]);
  const figures = [latency?.p50, latency?.p99, delayP99(measurement)].map((ms) => ms?.toFixed(2) ?? '-');
  return `${figures.join(' / ')} ms, ${cpuShare(measurement).toFixed(3)} CPU`;
}
