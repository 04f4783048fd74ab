/** The metrics, each declared once: schema, summary, tables, page, comparisons and requirements follow from this list. */
import { z } from 'zod';
import { estimateOf } from '../../stats/estimate.ts';
import { jainIndex, mean, median, medianOrNull } from '../../stats/spread.ts';
import type { Measurement } from '../../store/schema.ts';
import { type Estimate, estimateSchema, LEADING_WEIGHT, type MetricColumn, metric } from './metric.ts';

type Read<Figure> = (trial: Measurement) => Figure;

/** In the order of the fields in the result of a cell. */
export const METRICS = {
  cpuMsPerRequest: metric({
    schema: estimateSchema,
    over: (trials) => estimateOf(trials.map(({ server }) => server.cpuMsPerRequest)),
    atRates: true,
    columns: [{ table: 'results', head: ['CPU ms /', 'request'], format: 'figure', of: ({ point }) => point }],
    notes: {
      results: 'CPU ms / request: CPU time per request of all server processes, including the front end or primary.',
    },
    judged: {
      name: 'cpu-per-request',
      title: 'CPU per request',
      short: 'CPU',
      good: 'less',
      words: { verb: 'takes', less: 'less', more: 'more', what: 'CPU per request' },
      models: true,
      runs: 'capacity',
      margin: 0,
      weight: LEADING_WEIGHT,
      figure: { kind: 'trial', key: 'cpuMsPerRequest', unit: 'ms', read: ({ server }) => server.cpuMsPerRequest },
      withWork: 'grows',
      machine: 'same',
      required: ['cpu'],
    },
  }),
  /** Share of the requests whose session was lost. Descriptive, no interval. Null where no reply says so. */
  lostShare: metric({
    schema: z.number().nullable(),
    over: (trials) => medianOrNull(trials.map(({ lost, requests }) => lost && lost / requests)),
    atRates: true,
    columns: [
      { table: 'results', head: ['sessions', 'lost %'], format: 'percent', of: (share) => share, part: 'lost' },
    ],
    notes: { results: 'sessions lost: share of the requests that found what was to be kept for their client gone.' },
    judged: null,
  }),
  /** By who used it. It describes what `cpuMsPerRequest` is made of, has no interval and is not judged. */
  cpuByRole: metric({
    schema: z.object({
      /** The front of a pool or the primary of a cluster; null without one, or where threads are not told apart. */
      front: z.number().nullable(),
      /** The threads that run handler code; null where threads are not told apart. */
      workers: z.number().nullable(),
      /** The other threads of the server: garbage collection, compilation, the thread pool. Null where not told apart. */
      helpers: z.number().nullable(),
      generators: z.number(),
      /** What the scenario started beside the server; null when there is none, or where the system does not tell. */
      services: z.number().nullable(),
    }),
    over: (trials) => ({
      front: perRequest(trials, frontCpuMs),
      workers: perRequest(trials, workersCpuMs),
      helpers: perRequest(trials, helpersCpuMs),
      generators: median(trials.map((one) => sum(one.generators.map(({ cpuMs }) => cpuMs)) / one.requests)),
      services: perRequest(trials, ({ services }) =>
        services === null || services.length === 0 ? null : sum(services.map(({ cpuMs }) => cpuMs)),
      ),
    }),
    atRates: false,
    columns: [
      { table: 'costs', head: ['front', 'CPU'], format: 'cpu-ms', of: ({ front }) => front, part: 'front' },
      { table: 'costs', head: ['workers', 'CPU'], format: 'cpu-ms', of: ({ workers }) => workers },
      { table: 'costs', head: ['helpers', 'CPU'], format: 'cpu-ms', of: ({ helpers }) => helpers },
      { table: 'costs', head: ['generators', 'CPU'], format: 'cpu-ms', of: ({ generators }) => generators },
      { table: 'costs', head: ['services', 'CPU'], format: 'cpu-ms', of: ({ services }) => services, part: 'services' },
    ],
    notes: {
      costs:
        'CPU µs or ms: CPU time per request by role. Front: the front end of a pool, or the primary of a cluster. Workers: the threads that run handler code. Helpers: the other threads of the server, such as garbage collection, compilation and the thread pool. Generators: the load generators. Services: what the scenario started besides the server.',
    },
    judged: null,
  }),
  /** Null of a server that ran already. */
  startUpMs: metric({
    schema: estimateSchema.nullable(),
    over: (trials) => {
      const known = trials.flatMap(({ startUpMs }) => startUpMs ?? []);
      return known.length < trials.length ? null : estimateOf(known);
    },
    atRates: false,
    columns: [{ table: 'costs', head: ['start-up', 'ms'], format: 'figure', of: (of) => of?.point ?? null }],
    notes: { costs: 'start-up: from the start of the server process to its first correct reply.' },
    judged: {
      name: 'start-up',
      title: 'start-up time',
      short: 'start-up',
      good: 'less',
      words: { verb: 'has a', less: 'shorter', more: 'longer', what: 'start-up time' },
      models: true,
      runs: 'capacity',
      margin: 0.1,
      weight: 1,
      figure: { kind: 'trial', key: 'startUpMs', unit: 'ms', read: ({ startUpMs }) => startUpMs },
      withWork: 'apart',
      machine: 'same',
      required: [],
    },
  }),
  /** Of the process tree, before the load and at its highest under load. */
  memory: metric({
    schema: z.object({
      kind: z.enum(['pss', 'rss']),
      idleBytes: estimateSchema,
      peakBytes: estimateSchema,
      /**
       * What the process of the front has of both; medians over trials: descriptive, no interval. Null without such a process,
       * where it holds the workers too, or where a trial does not tell.
       */
      front: z.object({ idleBytes: z.number(), peakBytes: z.number() }).nullable(),
    }),
    over: (trials) => ({
      kind: trials.every(({ memory }) => memory.kind === 'pss') ? ('pss' as const) : ('rss' as const),
      idleBytes: estimateOf(trials.map(({ memory }) => memory.idleBytes)),
      peakBytes: estimateOf(trials.map(({ memory }) => memory.peakBytes)),
      front: allOrNull({
        idleBytes: medianOrNull(trials.map(({ memory }) => memory.front?.idleBytes ?? null)),
        peakBytes: medianOrNull(trials.map(({ memory }) => memory.front?.peakBytes ?? null)),
      }),
    }),
    atRates: false,
    // Different quantities, which must never share a column.
    columns: [...memoryColumns('pss', 'PSS'), ...memoryColumns('rss', 'RSS')],
    notes: {
      results:
        'PSS: peak memory of the process tree under load, with shared pages counted once. RSS: the same, but each process counts its shared pages.',
      costs: 'idle, peak: memory of the process tree before the load, and its maximum under load.',
    },
    judged: {
      name: 'peak-memory',
      title: 'peak memory',
      short: 'memory',
      good: 'less',
      words: { verb: 'has a', less: 'lower', more: 'higher', what: 'peak memory' },
      models: true,
      runs: 'capacity',
      margin: 0.1,
      weight: 1,
      figure: { kind: 'trial', key: 'peakBytes', unit: 'bytes', read: ({ memory }) => memory.peakBytes },
      withWork: 'apart',
      machine: 'apart',
      required: ['memory'],
      isAlike: (a, b) => a.kind === b.kind,
    },
  }),
  /** Shares of the window in which event loops were not waiting. Descriptive, no interval. Null where the inside is not known. */
  utilisation: metric({
    schema: z.object({ front: z.number().nullable(), workers: z.number().nullable() }),
    over: (trials) => ({
      front: medianOrNull(trials.map(({ server }) => server.front?.utilisation ?? null)),
      workers: medianOrNull(trials.map(overWorkers(({ utilisation }) => utilisation))),
    }),
    atRates: true,
    columns: [
      { table: 'costs', head: ['front', 'busy %'], format: 'percent', of: ({ front }) => front, part: 'front' },
      { table: 'costs', head: ['workers', 'busy %'], format: 'percent', of: ({ workers }) => workers },
    ],
    notes: { costs: 'busy: share of the measured window in which an event loop was not idle; mean over workers.' },
    judged: null,
  }),
  /** 99th percentile of how late timers were, in the worst worker of a trial. Descriptive, no interval. */
  loopDelayP99Ms: metric({
    schema: z.object({ front: z.number().nullable(), workers: z.number().nullable() }),
    over: (trials) => ({
      front: medianOrNull(trials.map(({ server }) => server.front?.loopDelayP99Ms ?? null)),
      workers: medianOrNull(
        trials.map(({ server }) => highest((server.workers ?? []).map((one) => one.loopDelayP99Ms))),
      ),
    }),
    atRates: false,
    columns: [
      { table: 'costs', head: ['front', 'delay ms'], format: 'figure', of: ({ front }) => front, part: 'front' },
      { table: 'costs', head: ['workers', 'delay ms'], format: 'figure', of: ({ workers }) => workers },
    ],
    notes: {
      costs: 'delay: event-loop delay, the 99th percentile of how late timers fired, in the worst worker of a trial.',
    },
    judged: null,
  }),
  /** Per request. Descriptive, no interval. Null where the system does not tell. */
  contextSwitches: metric({
    schema: z.object({ voluntary: z.number(), involuntary: z.number() }).nullable(),
    over: (trials) =>
      allOrNull({
        voluntary: perRequest(trials, ({ server }) => server.contextSwitches?.voluntary ?? null),
        involuntary: perRequest(trials, ({ server }) => server.contextSwitches?.involuntary ?? null),
      }),
    atRates: false,
    columns: [
      { table: 'costs', head: ['voluntary', 'switches'], format: 'figure', of: (of) => of?.voluntary ?? null },
      { table: 'costs', head: ['involuntary', 'switches'], format: 'figure', of: (of) => of?.involuntary ?? null },
    ],
    notes: {
      costs: 'switches: context switches per request. Voluntary: to wait for something. Involuntary: preempted.',
    },
    judged: null,
  }),
  /** Share of the window in which garbage collection held a worker, mean over workers. Descriptive, no interval. Null where the inside is not known. */
  gcShare: metric({
    schema: z.number().nullable(),
    over: (trials) => medianOrNull(trials.map((one) => overWorkers(({ gcMs }) => gcMs / one.windowMs)(one))),
    atRates: false,
    columns: [{ table: 'costs', head: ['GC', '%'], format: 'percent', of: (share) => share }],
    notes: { costs: 'GC: share of the measured window that a worker spent in garbage collection; mean over workers.' },
    judged: null,
  }),
  /** Shares of the requests by worker, largest first, mean over trials; they sum to 1. None where the inside is not known. */
  workerShares: metric({
    schema: z.array(z.number()),
    over: meanShares,
    atRates: true,
    columns: [],
    notes: {},
    judged: null,
  }),
  /** Jain's index of the requests by worker, mean over trials: 1 is even, 1/n is all on one of n. */
  fairness: metric({
    schema: z.number().nullable(),
    over: (trials) => {
      const known = trials.flatMap(({ server: { workers } }) => (workers === null ? [] : [workers]));
      return known.length === 0 ? null : mean(known.map((each) => jainIndex(each.map(({ requests }) => requests))));
    },
    atRates: true,
    columns: [{ table: 'costs', head: ['fairness', 'index'], format: 'index', of: (index) => index }],
    notes: {
      costs:
        'fairness: Jain’s index of the requests by worker; 1 means evenly distributed, 1/n that one of n workers answered all.',
    },
    judged: null,
  }),
};

interface Memory {
  readonly kind: 'pss' | 'rss';
  readonly idleBytes: Estimate;
  readonly peakBytes: Estimate;
}

function memoryColumns(part: Memory['kind'], name: string): readonly MetricColumn<Memory>[] {
  const of =
    (key: 'idleBytes' | 'peakBytes') =>
    (memory: Memory): number | null =>
      memory.kind === part ? memory[key].point : null;
  return [
    { table: 'results', head: [name, 'MiB'], format: 'bytes', of: of('peakBytes'), part },
    { table: 'costs', head: ['idle', `${name} MiB`], format: 'bytes', of: of('idleBytes'), part },
    { table: 'costs', head: ['peak', `${name} MiB`], format: 'bytes', of: of('peakBytes'), part },
  ];
}

/** Median over trials. Server, generators and services are all over the window, so its requests are what they are shared out over. */
function perRequest(trials: readonly Measurement[], read: Read<number | null>): number | null {
  return medianOrNull(
    trials.map((one) => {
      const all = read(one);
      return all === null ? null : all / one.requests;
    }),
  );
}

function frontCpuMs({ server }: Measurement): number | null {
  return server.front?.cpuMs ?? null;
}

function workersCpuMs({ server }: Measurement): number | null {
  return server.workers === null ? null : sumOrNull(server.workers.map(({ cpuMs }) => cpuMs));
}

function helpersCpuMs(one: Measurement): number | null {
  const [ofFront, ofWorkers] = [one.server.front === null ? 0 : frontCpuMs(one), workersCpuMs(one)];
  return ofFront === null || ofWorkers === null ? null : Math.max(0, one.server.cpuMs - ofFront - ofWorkers);
}

function overWorkers(
  read: (worker: NonNullable<Measurement['server']['workers']>[number]) => number,
): Read<number | null> {
  return ({ server }) => (server.workers === null ? null : mean(server.workers.map(read)));
}

/**
 * Shares of what the workers answered. A front may have answered it all: such a trial has no shares, and they are all 0
 * when no trial has any. Worker 1 of one trial is not worker 1 of the next, so shares are ordered by size before they are
 * averaged.
 */
function meanShares(trials: readonly Measurement[]): number[] {
  const known = trials.flatMap(({ server: { workers } }) => (workers === null ? [] : [workers]));
  const perTrial = known.flatMap((each) => {
    const total = sum(each.map(({ requests }) => requests));
    return total === 0 ? [] : [each.map(({ requests }) => requests / total).toSorted((a, b) => b - a)];
  });
  const workers = Math.max(0, ...known.map(({ length }) => length));
  return Array.from({ length: workers }, (_, rank) =>
    perTrial.length === 0 ? 0 : mean(perTrial.map((shares) => shares[rank] ?? 0)),
  );
}

function highest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function sumOrNull(values: readonly (number | null)[]): number | null {
  return values.reduce((all: number | null, value) => (all === null || value === null ? null : all + value), 0);
}

/** Both parts, or nothing where one is not known. */
function allOrNull<Key extends string>(parts: Readonly<Record<Key, number | null>>): Record<Key, number> | null {
  return hasAll(parts) ? parts : null;
}

function hasAll<Key extends string>(parts: Readonly<Record<Key, number | null>>): parts is Record<Key, number> {
  return Object.values(parts).every((part) => part !== null);
}
