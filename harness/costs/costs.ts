/** What launches come to: figures with intervals, and whether they can be true. Pure. */
import { type Estimate, estimateOf } from '../stats/estimate.ts';
import { type Launch, type Operation, TRANSPORTS } from './operations.ts';

export interface Launched {
  readonly operation: Operation;
  readonly launch: Launch;
}

export interface Cost {
  readonly operation: Operation;
  /** Microseconds from the beginning to the end of one, of the middle one of a launch. The interval is over launches. */
  readonly wallUs: Estimate;
  /** Microseconds of CPU time of all processes and threads that took part. */
  readonly cpuUs: Estimate;
  /** Repetitions that were timed, over all launches. */
  readonly samples: number;
  /** Why this figure cannot be true; null when nothing speaks against it. */
  readonly impossible: string | null;
}

/** What `fourways costs --format json` prints. */
export interface Costs {
  readonly version: string;
  readonly startedAt: string;
  readonly seed: number;
  readonly node: string;
  readonly cpuModel: string;
  readonly rounds: number;
  readonly costs: readonly Cost[];
}

/** CPU times are read a little later than the clock. */
const READING_ERROR = 1.1;

/** In the order of `operations`, each with the launches that are of it. `cpus`: those that can be busy at a time. */
export function costsOf(
  operations: readonly Operation[],
  launched: readonly Launched[],
  cpus: number,
): readonly Cost[] {
  const launchesOf = (operation: Operation): readonly Launch[] =>
    launched.filter((one) => isSame(one.operation, operation)).map(({ launch }) => launch);
  const costs = operations.map((operation): Cost => {
    const launches = launchesOf(operation);
    return {
      operation,
      wallUs: estimateOf(launches.map(({ wallUs }) => wallUs)),
      cpuUs: estimateOf(launches.map(({ cpuUs }) => cpuUs)),
      samples: launches.reduce((sum, { samples }) => sum + samples, 0),
      impossible: launches.some((one) => one.cpuUs * one.samples > one.elapsedUs * cpus * READING_ERROR)
        ? `more CPU time than ${cpus} CPUs have`
        : null,
    };
  });
  return costs.map((cost) => ({ ...cost, impossible: cost.impossible ?? tooFast(cost, costs) }));
}

/** The same operation, whatever the order of its keys. */
export function isSame(a: Operation, b: Operation): boolean {
  return a.group === b.group && a.of === b.of && bytesOf(a) === bytesOf(b);
}

export function bytesOf(operation: Operation): number | null {
  return operation.group === 'messages' ? operation.bytes : null;
}

/**
 * A message cannot be quicker than the copies of its bytes that it takes, of which a function call makes two. Its slowest launch
 * against the quickest of the call: what shares a machine with others is disturbed by them.
 */
function tooFast({ operation, wallUs }: Cost, costs: readonly Cost[]): string | null {
  if (operation.group !== 'messages' || operation.of === 'call') return null;
  const call = costs.find((one) => isSame(one.operation, { ...operation, of: 'call' }))?.wallUs;
  if (call === undefined) return null;
  const { copies } = TRANSPORTS[operation.of];
  const leastUs = (call.min * copies) / TRANSPORTS.call.copies;
  return wallUs.max < leastUs ? `${copies} copies of its bytes take ${leastUs.toFixed(1)} µs` : null;
}
