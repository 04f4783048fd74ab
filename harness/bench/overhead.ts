/** What measuring costs: the time of a user beside the measured windows, CPU time of the probes in a server, and of running a service. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { entryBeside } from '../../scenarios/entry.ts';
import { defaultModels } from '../../servers/index.ts';
import type { ProcessRegistry } from '../measure/processes/registry.ts';
import { loadService } from '../measure/scenario/load.ts';
import { presets } from '../plan/options/presets.ts';
import type { Launch } from '../plan/schedule/cells.ts';
import { median } from '../stats/spread.ts';
import type { Measurement } from '../store/schema.ts';
import { atMost, below, type Claim, within } from './claim.ts';
import { benchmark } from './measure.ts';

const CLI = fileURLToPath(entryBeside(import.meta.url, '../cli'));

export async function overhead(registry: ProcessRegistry): Promise<readonly Claim[]> {
  const claims: Claim[] = [];
  const { measureMs } = presets.standard;
  for (const scenario of ['hello', 'cpu', 'io']) {
    const servers = defaultModels;
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

const SERVICE = { connections: 64, rounds: 9, measureMs: 2000 };
const CAPTURE = 0.03;
/** 15 µs where a request of a single process takes 13. */
const INJECTION = 1.15;

/** The reply of the scenario `hello`, from a service. */
const HELLO = `import { createServer } from 'node:http';
createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 17 });
  response.end('{"hello":"world"}');
}).listen(process.env.PORT);
`;
const CLUSTER = `import cluster from 'node:cluster';
import { availableParallelism } from 'node:os';
if (cluster.isPrimary) for (let i = 0; i < availableParallelism(); i++) cluster.fork();
else await import('./hello.mjs');
`;

/** A service that is caught as it listens, beside the same file started by hand, and one that is given requests in a pool. */
export async function service(registry: ProcessRegistry): Promise<readonly Claim[]> {
  const folder = mkdtempSync(join(tmpdir(), 'fourways-bench-'));
  try {
    const file = join(folder, 'hello.mjs');
    writeFileSync(file, HELLO);
    writeFileSync(join(folder, 'cluster.mjs'), CLUSTER);
    const asked = { name: 'list', weight: 1, method: 'GET', path: '/', headers: {}, body: '' } as const;
    const requests = [{ ...asked, bodies: null, varies: false }];
    const loaded = loadService({ name: null, file, requests, verify: 'learned', expect: [] });
    const byHand = (name: string): Launch => ({
      ...{ kind: 'command', name, ready: '/' },
      line: `${process.execPath} ${join(folder, name === 'one' ? 'hello.mjs' : 'cluster.mjs')}`,
    });
    const launches = { one: byHand('one'), several: byHand('several') };
    const servers = ['single', 'one', 'cluster', 'several', 'fork-pool', 'worker-threads'];
    const app = await benchmark(registry, { ...SERVICE, scenario: loaded, servers, launches });
    const handler = await benchmark(registry, {
      ...SERVICE,
      scenario: 'hello',
      servers: ['fork-pool', 'worker-threads'],
    });
    const ofApp = (name: string): number => cpuUs(app.measurements.get(name));
    const injected = (name: string): Claim =>
      atMost(
        `${name}: giving a request to a service ÷ a request of a single process`,
        (ofApp(name) - cpuUs(handler.measurements.get(name))) / ofApp('single'),
        INJECTION,
      );
    return [
      within('single: --app ÷ the same file by hand, CPU per request', ofApp('single') / ofApp('one'), CAPTURE),
      within('cluster: --app ÷ the same by hand, CPU per request', ofApp('cluster') / ofApp('several'), CAPTURE),
      injected('fork-pool'),
      injected('worker-threads'),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function cpuUs(measurements: readonly Measurement[] = []): number {
  return 1000 * median(measurements.map(({ server }) => server.cpuMsPerRequest));
}
