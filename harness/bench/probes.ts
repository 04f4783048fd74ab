/** What the probes in a server cost: the same server with and without them, in turns of half a second. */
import type { ProcessRegistry } from '../measure/processes/registry.ts';
import { median } from '../stats/spread.ts';
import { below, type Claim } from './claim.ts';
import { benchmark } from './measure.ts';

const ROUNDS = 5;
const MEASURE_MS = 16_000;
const TARGET_PERCENT = 1;

export async function probes(registry: ProcessRegistry): Promise<readonly Claim[]> {
  const what = { scenario: 'hello', servers: ['probed'], connections: 64, rounds: ROUNDS, measureMs: MEASURE_MS };
  const { measurements } = await benchmark(registry, what);
  const shares = (measurements.get('probed') ?? []).map(({ server }) => {
    const [probed, bare] = server.workers.map(({ cpuMs, requests }) => (cpuMs ?? Number.NaN) / requests);
    return 100 * ((probed ?? Number.NaN) / (bare ?? Number.NaN) - 1);
  });
  process.stderr.write(`probes: ${shares.map((share) => share.toFixed(2)).join(', ')} %\n`);
  return [below('hello: CPU time that the probes add to a server', median(shares), TARGET_PERCENT, '%')];
}
