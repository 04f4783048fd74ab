/** Both pools against Piscina behind the same front, with the same number of threads. */
import type { ProcessRegistry } from '../measure/processes/registry.ts';
import { median } from '../stats/spread.ts';
import { atLeast, type Claim } from './claim.ts';
import { benchmark } from './measure.ts';

const TARGETS = [
  { scenario: 'hello', connections: 64, target: 1.8 },
  { scenario: 'cpu:ms=0.1', connections: 64, target: 1.3 },
  { scenario: 'cpu:ms=1', connections: 64, target: 1 },
  { scenario: 'json', connections: 16, target: 1 },
];
const POOLS = ['fork-pool', 'worker-threads'];

export async function againstPiscina(registry: ProcessRegistry): Promise<readonly Claim[]> {
  const claims: Claim[] = [];
  for (const { scenario, connections, target } of TARGETS) {
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
