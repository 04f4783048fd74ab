/** What held a trial back. A pure function of what was recorded, so that it can be argued about afterwards. */
import type { Environment, Limit, Measurement } from '../store/schema.ts';
import type { LimitedBy } from './summary-schema.ts';

/** A loop that is active for more of the time than this has nothing left to give. */
const BUSY = 0.95;
/** Less idle CPU than this is none: something always waits for its turn. */
const NO_IDLE = 0.08;
/** A generator that uses more of the CPUs than this, while none are idle, takes them from the server. */
const GENERATOR_MATTERS = 0.1;
/** More of the CPU time than this, used by neither server nor generator, was used by somebody else. */
const OTHERS_MATTER = 0.15;
/**
 * A closed loop this close to connections ÷ waiting time waits for most of it, with nothing busy: it lacks connections.
 * The rest is the time that the request spends in the server and on its way.
 */
const NEAR_LIMIT = 0.7;

/**
 * The first of these that applies, because each makes the next meaningless: the machine had no CPU left while the
 * generator or something else used much of it; the generator was busy all the time; the workers were; the front was; nothing was, and the
 * connections spent nearly all their time waiting. `unclear` says that nothing was busy and nobody knows why.
 */
export function limitedBy(
  measurement: Measurement,
  limit: Limit | null,
  available: Environment['availableCpus'],
): LimitedBy {
  const { generator, server, requestsPerSec } = measurement;
  const cpus = cpuShares(measurement, available);
  if (cpus !== null && cpus.idle < NO_IDLE && cpus.generator > GENERATOR_MATTERS) {
    const evidence = `no CPU was idle (${percent(cpus.idle)}), and the generator used ${percent(cpus.generator)} of them`;
    return { by: 'machine', evidence };
  }
  if (cpus !== null && cpus.idle < NO_IDLE && cpus.others > OTHERS_MATTER) {
    return { by: 'machine', evidence: `no CPU was idle, and ${percent(cpus.others)} of the CPU time went to others` };
  }
  if (generator.utilisation >= BUSY) {
    return { by: 'generator', evidence: `the generator was busy ${percent(generator.utilisation)} of the time` };
  }
  const busiest = mean(server.workers.map(({ utilisation }) => utilisation));
  if (busiest >= BUSY) return { by: 'workers', evidence: `workers were busy ${percent(busiest)} of the time` };
  if (server.front !== null && server.front.utilisation >= BUSY) {
    return { by: 'front', evidence: `the front was busy ${percent(server.front.utilisation)} of the time` };
  }
  if (limit?.kind === 'waiting' && requestsPerSec >= NEAR_LIMIT * limit.requestsPerSec) {
    const evidence = `${percent(requestsPerSec / limit.requestsPerSec)} of what ${limit.connections} connections can do, and nothing was busy all the time`;
    return { by: 'connections', evidence };
  }
  return {
    by: 'unclear',
    evidence: `workers were busy ${percent(busiest)} of the time, and nothing else was at its end`,
  };
}

/** Whether a figure with this label says something about the server, and may be ranked. */
export function isRankable({ by }: LimitedBy): boolean {
  switch (by) {
    case 'workers':
    case 'front':
    case 'connections':
      return true;
    case 'generator':
    case 'machine':
    case 'unclear':
      return false;
    default:
      return by satisfies never;
  }
}

/**
 * Who used the CPUs. Where this process may use fewer than the host has, only those count, and whether others used
 * them cannot be told: what neither server nor generator used was idle as far as is known.
 */
function cpuShares(
  { machine, server, generator, windowMs }: Measurement,
  { capacity, decidedBy }: Environment['availableCpus'],
): { idle: number; generator: number; others: number } | null {
  if (decidedBy !== 'host') {
    const used = (server.cpuMs + generator.cpuMs) / (windowMs * capacity);
    return { idle: Math.max(0, 1 - used), generator: generator.cpuMs / (windowMs * capacity), others: 0 };
  }
  if (machine === null) return null;
  const whole = windowMs * machine.cpus;
  const others = 1 - machine.idle - (server.cpuMs + generator.cpuMs) / whole;
  return { idle: machine.idle, generator: generator.cpuMs / whole, others };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}
