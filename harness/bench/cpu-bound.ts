/** How much of what the CPUs can do is left when a model has taken its share. */
import type { ProcessRegistry } from '../measure/processes/registry.ts';
import { median } from '../stats/spread.ts';
import { atLeast, type Claim } from './claim.ts';
import { benchmark } from './measure.ts';

const TARGETS = {
  'cpu:ms=10': { cluster: 0.95, 'fork-pool': 0.94, 'worker-threads': 0.94 },
  'cpu:ms=0.5': { cluster: 0.93, 'fork-pool': 0.88, 'worker-threads': 0.88 },
};

export async function cpuBound(registry: ProcessRegistry): Promise<readonly Claim[]> {
  const claims: Claim[] = [];
  for (const [scenario, targets] of Object.entries(TARGETS)) {
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
