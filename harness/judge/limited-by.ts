/** What held a trial back. A pure function of what was recorded, so that it can be argued about afterwards. */
import type { Limit, Measurement } from '../store/schema.ts';
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
export function limitedBy(measurement: Measurement, limit: Limit | null): LimitedBy {
  const { generator, machine, server, windowMs, requestsPerSec } = measurement;
  const generatorShare = machine === null ? 0 : generator.cpuMs / (windowMs * machine.cpus);
  if (machine !== null && machine.idle < NO_IDLE && generatorShare > GENERATOR_MATTERS) {
    const evidence = `no CPU was idle (${percent(machine.idle)}), and the generator used ${percent(generatorShare)} of them`;
    return { by: 'machine', evidence };
  }
  const others = machine === null ? 0 : 1 - machine.idle - (server.cpuMs + generator.cpuMs) / (windowMs * machine.cpus);
  if (machine !== null && machine.idle < NO_IDLE && others > OTHERS_MATTER) {
    return { by: 'machine', evidence: `no CPU was idle, and ${percent(others)} of the CPU time went to others` };
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

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}
