/** Throughput of the models: against what the CPUs can do, and against Piscina; and what a connection costs each listener. */
import { setTimeout } from 'node:timers/promises';
import type { RequestClass } from '../../scenarios/scenario.ts';
import { builtInModel } from '../../servers/index.ts';
import { availableCpus } from '../measure/host/available-cpus.ts';
import type { ProcessRegistry } from '../measure/processes/registry.ts';
import { type LoadedScenario, loadScenario } from '../measure/scenario/load.ts';
import { moduleOpener } from '../measure/scenario/module.ts';
import { BUILT_IN, serverContext, startServer } from '../measure/server/launch.ts';
import { answeredBy } from '../measure/trial/trial.ts';
import { median } from '../stats/spread.ts';
import { atLeast, atMost, type Claim, within } from './claim.ts';
import { benchmark } from './measure.ts';
import { hasWrk, loadedByWrk } from './wrk.ts';

const { signal } = new AbortController();

const CPU_TARGETS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'cpu:ms=10': {
    ...{ cluster: 0.95, 'reuse-port': 0.95, 'listener-threads': 0.95 },
    ...{ 'fork-pool': 0.94, 'worker-threads': 0.94 },
  },
  'cpu:ms=0.5': { cluster: 0.93, 'fork-pool': 0.88, 'worker-threads': 0.88 },
};

/** How much of what the CPUs can do is left when a model has taken its share. */
export async function cpuBound(registry: ProcessRegistry): Promise<readonly Claim[]> {
  const claims: Claim[] = [];
  for (const [scenario, targets] of Object.entries(CPU_TARGETS)) {
    const servers = await runnable(Object.keys(targets), scenario);
    const { plan, measurements } = await benchmark(registry, {
      scenario,
      servers,
      connections: 64,
      rounds: 5,
      measureMs: 3000,
    });
    const limit = plan.limit?.requestsPerSec ?? Number.NaN;
    for (const [server, target] of Object.entries(targets)) {
      if (!servers.includes(server)) continue;
      const rate = median((measurements.get(server) ?? []).map(({ requestsPerSec }) => requestsPerSec));
      claims.push(atLeast(`${scenario}: ${server} of the physical limit`, rate / limit, target));
    }
  }
  return claims;
}

/** Without those that cannot run here; why is told. */
async function runnable(servers: readonly string[], group: string): Promise<readonly string[]> {
  const able: string[] = [];
  for (const server of servers) {
    const why = (await builtInModel(server)?.unavailable?.()) ?? null;
    if (why === null) able.push(server);
    else process.stderr.write(`${group}: without ${server}: ${why}\n`);
  }
  return able;
}

const CONNECTIONS = { rounds: 5, connections: 64, warmUpSec: 1, measureSec: 2 } as const;
const PER_REQUEST_TARGET = 0.5;
/** The margin of a run. */
const KEEP_ALIVE_TOLERANCE = 0.03;

/** CPU per request of models whose workers accept, ÷ that of `cluster`, whose primary accepts for them and passes on. */
export async function connections(registry: ProcessRegistry): Promise<readonly Claim[]> {
  if (!(await hasWrk())) {
    process.stderr.write('connections: wrk is not installed, and no other generator opens connections fast enough\n');
    return [];
  }
  const others = await runnable(['cluster-shared-handle', 'reuse-port'], 'connections');
  const hello = await loadScenario(moduleOpener(registry), 'hello', signal);
  const claims: Claim[] = [];
  for (const mode of ['keep-alive', 'close'] as const) {
    const ratios = new Map<string, number[]>(others.map((server) => [server, []]));
    for (let round = 0; round < CONNECTIONS.rounds; round++) {
      const base = await cpuUsPerRequest(registry, 'cluster', hello, mode);
      for (const [server, list] of ratios) list.push((await cpuUsPerRequest(registry, server, hello, mode)) / base);
    }
    for (const [server, list] of ratios) {
      const ratio = median(list);
      claims.push(
        mode === 'close'
          ? atMost(`a connection per request: ${server} ÷ cluster, CPU per request`, ratio, PER_REQUEST_TARGET)
          : within(`keep-alive: ${server} ÷ cluster, CPU per request`, ratio, KEEP_ALIVE_TOLERANCE),
      );
    }
  }
  return claims;
}

/** Of all processes of a server that is started for it, under wrk. */
async function cpuUsPerRequest(
  registry: ProcessRegistry,
  model: string,
  loaded: LoadedScenario,
  connection: 'keep-alive' | 'close',
): Promise<number> {
  const { parameters, classes } = loaded;
  const [request] = classes;
  if (request === undefined) throw new Error(`no request of ${loaded.id}`);
  const handlerContext = { parameters, iterations: 1, addresses: {} };
  const context = serverContext(loaded, handlerContext, { workers: availableCpus().count });
  const server = await startServer(registry, model, BUILT_IN, context, signal);
  const soFar = async (): Promise<{ readonly cpuUs: number; readonly requests: number }> => {
    const { processes, inside } = await server.read(signal);
    const cpuUs = processes.reduce((sum, { userUs, systemUs }) => sum + userUs + systemUs, 0);
    return { cpuUs, requests: inside === null ? 0 : answeredBy(inside) };
  };
  const { warmUpSec, measureSec } = CONNECTIONS;
  const asked: RequestClass = { ...request, headers: { ...request.headers, connection } };
  const load = { connections: CONNECTIONS.connections, seconds: warmUpSec + measureSec + 1 };
  try {
    return await loadedByWrk(server.url, asked, load, async () => {
      await setTimeout(warmUpSec * 1000);
      const from = await soFar();
      await setTimeout(measureSec * 1000);
      const to = await soFar();
      return (to.cpuUs - from.cpuUs) / (to.requests - from.requests);
    });
  } finally {
    await server.stop();
  }
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
