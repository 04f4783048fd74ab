/** What measuring costs: the time of a user beside the measured windows, CPU time of the probes in a server, and of running a service. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { entryBeside } from '../../scenarios/entry.ts';
import { defaultModels } from '../../servers/index.ts';
import { availableCpus } from '../measure/host/available-cpus.ts';
import type { ProcessRegistry } from '../measure/processes/registry.ts';
import { loadScenario, loadService } from '../measure/scenario/load.ts';
import { moduleOpener } from '../measure/scenario/module.ts';
import { presets } from '../plan/options/presets.ts';
import { median } from '../stats/spread.ts';
import { below, between, type Claim } from './claim.ts';
import { benchmark, duet } from './measure.ts';

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

/** Of CPU per request, between a service that is caught as it listens and the same file started by hand. */
const CAPTURE = [0.97, 1.03] as const;
/** What a worker of a pool does more with a service, which takes requests and responses, than with a handler, which takes values. */
const INJECTION = 1.6;

/** The reply of the scenario `hello`, from a service. */
const HELLO = `import { createServer } from 'node:http';
createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 17 });
  response.end('{"hello":"world"}');
}).listen(process.env.PORT, '127.0.0.1');
`;
const CLUSTER = `import cluster from 'node:cluster';
if (cluster.isPrimary) for (let i = 0; i < ${availableCpus().count}; i++) cluster.fork();
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
    const app = loadService({ name: null, file, requests, verify: 'learned', expect: [] });
    const handler = await loadScenario(moduleOpener(registry), 'hello', new AbortController().signal);
    const captured = async (server: string, started: string): Promise<Claim> => {
      const launch = {
        kind: 'command',
        name: started,
        line: `${process.execPath} ${join(folder, started)}`,
        ready: '/',
      } as const;
      const own = { name: `--app under ${server}`, server, loaded: app };
      const ratio = await duet(registry, own, { name: 'by hand', server: started, loaded: app, launch });
      return between(`${server}: --app ÷ the same by hand, CPU per request`, ratio, ...CAPTURE);
    };
    const injected = async (server: string): Promise<Claim> => {
      const own = { name: `a service under ${server}`, server, loaded: app };
      const ratio = await duet(registry, own, { name: 'a handler', server, loaded: handler });
      return between(`${server}: a service ÷ a handler, CPU per request`, ratio, 0, INJECTION);
    };
    return [
      await captured('single', 'hello.mjs'),
      await captured('cluster', 'cluster.mjs'),
      await injected('fork-pool'),
      await injected('worker-threads'),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
