/** What is judged beside the metrics: how it comes about, and what is shown of it, has rules of its own. */
import type { Judged, LatencyFigure } from './metric.ts';

export const THROUGHPUT = {
  name: 'throughput',
  title: 'throughput',
  short: 'throughput',
  good: 'more',
  words: { verb: 'serves', less: 'fewer', more: 'more', what: 'requests per second' },
  models: true,
  runs: 'capacity',
  margin: 0,
  weight: 2,
  figure: { kind: 'trial', key: 'requestsPerSec', unit: 'requests/s', read: ({ requestsPerSec }) => requestsPerSec },
  atLimit: true,
  withWork: 'shrinks',
  machine: 'same',
  required: ['throughput', 'rps'],
} as const satisfies Judged;

export const LATENCIES = [
  latency('latency-p50', 'p50 latency', 'p50', { kind: 'percentile', perMille: 500 }, 0.1),
  latency('latency-p99', 'p99 latency', 'p99', { kind: 'percentile', perMille: 990 }, 0.25),
  latency('latency-slowest', 'latency of the slowest 1%', 'slowest 1%', { kind: 'beyond', perMille: 990 }, 0.5),
] as const;

function latency<const Name extends string>(
  name: Name,
  title: string,
  short: string,
  figure: LatencyFigure,
  margin: number,
) {
  return {
    name,
    title,
    short,
    good: 'less',
    words: { verb: 'has a', less: 'lower', more: 'higher', what: title },
    models: false,
    runs: 'rate',
    margin,
    weight: 1,
    figure,
    // It does not grow in step with the work.
    withWork: 'apart',
    machine: 'queue',
    required: [],
  } as const satisfies Judged;
}
