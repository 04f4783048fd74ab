/** What measuring costs: the time of a user beside the measured windows, and CPU time of the probes in a server. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { entryBeside } from '../../scenarios/entry.ts';
import { models } from '../../servers/index.ts';
import type { ProcessRegistry } from '../measure/processes/registry.ts';
import { presets } from '../plan/options/presets.ts';
import { median } from '../stats/spread.ts';
import { below, type Claim } from './claim.ts';
import { benchmark } from './measure.ts';

const CLI = fileURLToPath(entryBeside(import.meta.url, '../cli'));

export async function overhead(registry: ProcessRegistry): Promise<readonly Claim[]> {
  const claims: Claim[] = [];
  const { measureMs } = presets.standard;
  for (const scenario of ['hello', 'cpu', 'io']) {
    const servers = Object.keys(models);
    const { trials } = await benchmark(registry, { scenario, servers, connections: 64, rounds: 1, measureMs });
    const shares = [...trials.values()].flat().map(({ phasesMs }) => {
      const total = Object.values(phasesMs).reduce((sum, ms) => sum + ms, 0);
      return (100 * (total - (phasesMs.warmUp ?? 0) - (phasesMs.measure ?? 0))) / total;
    });
    claims.push(below(`${scenario}: of a default trial outside warm-up and measuring`, Math.max(...shares), 15, '%'));
  }
  const folder = mkdtempSync(join(tmpdir(), 'fourways-bench-'));
  try {
    claims.push(
      below(
        'run --preset quick, default set',
        secondsOf('run', '--preset', 'quick', '--out', join(folder, 'run')),
        90,
        's',
      ),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  claims.push(below('--help, median of 5', median(Array.from({ length: 5 }, () => secondsOf('--help'))), 0.3, 's'));
  return claims;
}

function secondsOf(...args: readonly string[]): number {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, [CLI, ...args], { stdio: 'ignore' });
  if (status !== 0) throw new Error(`fourways ${args.join(' ')} ended with ${status}`);
  return (performance.now() - started) / 1000;
}

const PROBE_ROUNDS = 5;
const PROBE_MEASURE_MS = 16_000;
const PROBE_TARGET_PERCENT = 1;

/** The same server with and without probes, in turns of half a second. */
export async function probes(registry: ProcessRegistry): Promise<readonly Claim[]> {
  const what = {
    scenario: 'hello',
    servers: ['probed'],
    connections: 64,
    rounds: PROBE_ROUNDS,
    measureMs: PROBE_MEASURE_MS,
  };
  const { measurements } = await benchmark(registry, what);
  const shares = (measurements.get('probed') ?? []).map(({ server }) => {
    const [probed, bare] = (server.workers ?? []).map(({ cpuMs, requests }) => (cpuMs ?? Number.NaN) / requests);
    return 100 * ((probed ?? Number.NaN) / (bare ?? Number.NaN) - 1);
  });
  process.stderr.write(`probes: ${shares.map((share) => share.toFixed(2)).join(', ')} %\n`);
  return [below('hello: CPU time that the probes add to a server', median(shares), PROBE_TARGET_PERCENT, '%')];
}
