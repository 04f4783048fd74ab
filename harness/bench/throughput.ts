/** Throughput of the models: against what the CPUs can do, and against Piscina. */
import type { ProcessRegistry } from '../measure/processes/registry.ts';
import { median } from '../stats/spread.ts';
import { atLeast, type Claim } from './claim.ts';
import { benchmark } from './measure.ts';

const CPU_TARGETS = {
  'cpu:ms=10': { cluster: 0.95, 'fork-pool': 0.94, 'worker-threads': 0.94 },
  'cpu:ms=0.5': { cluster: 0.93, 'fork-pool': 0.88, 'worker-threads': 0.88 },
};

/** How much of what the CPUs can do is left when a model has taken its share. */
export async function cpuBound(registry: ProcessRegistry): Promise<readonly Claim[]> {
  const claims: Claim[] = [];
  for (const [scenario, targets] of Object.entries(CPU_TARGETS)) {
    const servers = Object.keys(targets);
    const { plan, measurements } = await benchmark(registry, {
      scenario,
      servers,
      connections: 64,
      rounds: 5,
      measureMs: 3000,
    });
    const limit = plan.limit?.requestsPerSec ?? Number.NaN;
    for (const [server, target] of Object.entries(targets)) {
      const rate = median((measurements.get(server) ?? []).map(({ requestsPerSec }) => requestsPerSec));
      claims.push(atLeast(`${scenario}: ${server} of the physical limit`, rate / limit, target));
    }
  }
  return claims;
}

const PISCINA_TARGETS = [
  { scenario: 'hello', connections: 64, target: 1.8 },
  { scenario: 'cpu:ms=0.1', connections: 64, target: 1.3 },
  { scenario: 'cpu:ms=1', connections: 64, target: 1 },
  { scenario: 'json', connections: 16, target: 1 },
];
const POOLS = ['fork-pool', 'worker-threads'];

/** Both of our pools against Piscina behind the same front end, with the same number of threads. */
export async function againstPiscina(registry: ProcessRegistry): Promise<readonly Claim[]> {
  const claims: Claim[] = [];
  for (const { scenario, connections, target } of PISCINA_TARGETS) {
    const servers = [...POOLS, 'piscina'];
    const { measurements } = await benchmark(registry, { scenario, servers, connections, rounds: 5, measureMs: 2000 });
    const rates = (server: string): number[] =>
      (measurements.get(server) ?? []).map(({ requestsPerSec }) => requestsPerSec);
    for (const pool of POOLS) {
      // Pairs of the same round, so that the drift of the machine falls on both.
      const theirs = rates('piscina');
      const ratios = rates(pool).map((rate, round) => rate / (theirs[round] ?? Number.NaN));
      claims.push(atLeast(`${scenario}: ${pool} ÷ piscina`, median(ratios), target));
    }
  }
  return claims;
}
