/** What benchmarks measure with: trials, by the protocol of a run, with any servers; and two servers that take turns. */
import { setTimeout } from 'node:timers/promises';
import { Pool } from 'undici';
import { entryBeside } from '../../scenarios/entry.ts';
import { models as registered } from '../../servers/index.ts';
import { measurementsOf } from '../judge/cell/summary.ts';
import { calibrate, limitFor } from '../measure/calibration/calibrate.ts';
import { GeneratorPool } from '../measure/generator/pool.ts';
import { availableCpus } from '../measure/host/available-cpus.ts';
import { readTrialEnvironment } from '../measure/host/environment.ts';
import { planOf } from '../measure/planned.ts';
import type { ProcessRegistry } from '../measure/processes/registry.ts';
import { type LoadedScenario, loadScenario } from '../measure/scenario/load.ts';
import { moduleOpener } from '../measure/scenario/module.ts';
import { readThreads } from '../measure/readings/threads.ts';
import { BUILT_IN, pidsOf, startServer } from '../measure/server/launch.ts';
import { preflight } from '../measure/trial/preflight.ts';
import { runTrial } from '../measure/trial/trial.ts';
import type { Launch } from '../plan/schedule/cells.ts';
import { schedule } from '../plan/schedule/visits.ts';
import { type Estimate, estimateOf, pairedLocation } from '../stats/estimate.ts';
import { median } from '../stats/spread.ts';
import type { Cell, Measurement, Placement, ScenarioPlan, Trial } from '../store/schema.ts';

export interface Benchmark {
  /** As on the command line, or loaded. */
  readonly scenario: string | LoadedScenario;
  /** Built-in models, modules of this folder, or names of what is started otherwise. */
  readonly servers: readonly string[];
  /** What is started otherwise, by name. */
  readonly launches?: Readonly<Record<string, Launch>>;
  readonly connections: number;
  readonly rounds: number;
  readonly measureMs: number;
  /** Capacity when left out. */
  readonly load?: Cell['load'];
  /** The CPUs of the server when left out. */
  readonly placement?: Placement;
}

export interface Outcome {
  readonly plan: ScenarioPlan;
  readonly trials: ReadonlyMap<string, readonly Trial[]>;
  readonly measurements: ReadonlyMap<string, readonly Measurement[]>;
}

const SEED = 1;
const { signal } = new AbortController();

/** Runs the benchmark on all available CPUs. A failed trial throws: a benchmark of a broken server says nothing. */
export async function benchmark(registry: ProcessRegistry, what: Benchmark): Promise<Outcome> {
  const { scenario, launches = {} } = what;
  const loaded = typeof scenario === 'string' ? await loadScenario(moduleOpener(registry), scenario, signal) : scenario;
  const cpus = availableCpus();
  const settings = { cpus: cpus.capacity, boundTo: null, iterations: null };
  const sized = await calibrate(registry, loaded, settings, signal);
  const models = [{ name: 'single', style: 'alone' }] as const;
  const request = { loaded, iterations: sized.iterations, models, workers: 1 };
  const { expected } = await preflight(registry, request, signal);
  const limit = limitFor(loaded, sized.calibration, cpus.capacity, what.connections);
  const plan: ScenarioPlan = { ...planOf(loaded, sized), limit };
  const cells = what.servers.map((server) => cellOf(server, loaded.id, cpus.count, what));
  const pool = new GeneratorPool(registry);
  const trials = new Map<string, Trial[]>(cells.map(({ id }) => [id, []]));
  for (const { cell, round } of schedule(cells, what.rounds, SEED)) {
    const trial = await runTrial(
      registry,
      pool,
      {
        ...{ cell, round, plan, loaded, expected, attempt: 0, seed: 0, repeatedFor: [] },
        measureMs: what.measureMs,
        environment: readTrialEnvironment(),
        launch: launches[cell.model] ?? launchOf(cell.model),
      },
      signal,
    );
    if (trial.outcome.status === 'failed') throw new Error(`${plan.id}/${cell.id}: ${trial.outcome.reason.message}`);
    trials.get(cell.id)?.push(trial);
  }
  await pool.close();
  const measurements = new Map([...trials].map(([id, list]) => [id, measurementsOf(list)]));
  return { plan, trials, measurements };
}

/** One of two servers of a duet. */
export interface Voice {
  /** What it is called. */
  readonly name: string;
  /** A built-in model, or the name of what is started otherwise. */
  readonly server: string;
  readonly loaded: LoadedScenario;
  readonly launch?: Launch;
}

/** Replies: on a busy machine a time would be too short for code to become warm. */
const DUET = { launches: 6, warmUp: 10_000, blocks: 4, window: 2000, connections: 32 } as const;
/** In which a server does what a window has left to it. */
const SETTLE_MS = 10;

/**
 * CPU time per request of one server ÷ that of the other, of all their threads. Both run at the same time and are loaded in turns, in the
 * order ABBA, so that what a window of a noisy machine does to one it does to the other. A launch is the unit of the interval: two launches
 * of the same server differ by more than their windows do.
 */
export async function duet(registry: ProcessRegistry, a: Voice, b: Voice): Promise<Estimate> {
  const ratios: number[] = [];
  for (let launch = 0; launch < DUET.launches; launch++) {
    // Whichever is started first, and plays first, is so in every other launch.
    const isFirst = launch % 2 === 0;
    const costs = await (isFirst ? launched(registry, a, b) : launched(registry, b, a));
    const [own = Number.NaN, other = Number.NaN] = isFirst ? costs : costs.toReversed();
    const texts = [`${a.name} ${own.toFixed(1)} µs`, `${b.name} ${other.toFixed(1)} µs`];
    process.stderr.write(
      `launch ${launch + 1} of ${DUET.launches}: ${texts.join(', ')}, ${(own / other).toFixed(3)}\n`,
    );
    ratios.push(own / other);
  }
  return estimateOf(ratios);
}

/** Of both, in microseconds: a middle one of all windows of the second, and as many times that as it is pair by pair. */
async function launched(registry: ProcessRegistry, first: Voice, second: Voice): Promise<readonly number[]> {
  const one = await player(registry, first);
  const other = await player(registry, second).catch(async (error: unknown) => {
    await one.stop();
    throw error;
  });
  try {
    for (const server of [one, other]) await server.play(DUET.warmUp);
    const pairs: { baseline: number; candidate: number }[] = [];
    for (let block = 0; block < DUET.blocks; block++) {
      const windows: number[] = [];
      for (const server of [one, other, other, one]) windows.push(await server.play(DUET.window));
      const [before = 0, inside = 0, alike = 0, after = 0] = windows;
      pairs.push({ candidate: before + after, baseline: inside + alike });
    }
    const middle = median(pairs.map(({ baseline }) => baseline)) / 2 / 1000;
    return [middle * Math.exp(pairedLocation(pairs).point), middle];
  } finally {
    await Promise.all([one.stop(), other.stop()]);
  }
}

/** A server with connections to it; `play` asks it so many times, and resolves with the CPU time that a request took in nanoseconds. */
async function player(registry: ProcessRegistry, { server, loaded, launch = BUILT_IN }: Voice) {
  const { parameters, url: scenarioUrl, classes, folder } = loaded;
  const handlerContext = { parameters, iterations: 0, addresses: {} };
  const context = { scenarioUrl, handlerContext, workers: availableCpus().count, port: 0, onFront: [] };
  const running = await startServer(registry, server, launch, context, signal, { cwd: folder ?? undefined });
  const pool = new Pool(new URL(running.url).origin, { connections: DUET.connections, pipelining: 1 });
  const cpuNs = (pids: readonly number[]): number => {
    const threads = readThreads(pids);
    if (threads === null) throw new Error('CPU time by thread is read from /proc, which is not here');
    return [...threads.values()].reduce((sum, thread) => sum + thread.cpuNs, 0);
  };
  return {
    play: async (requests: number): Promise<number> => {
      const pids = pidsOf(await running.read(signal));
      const before = cpuNs(pids);
      await closedLoop(pool, classes[0]?.path ?? '/', requests);
      await setTimeout(SETTLE_MS);
      return (cpuNs(pids) - before) / requests;
    },
    stop: async (): Promise<void> => {
      await pool.destroy();
      await running.stop();
    },
  };
}

/** Resolves when so many replies have come, with none under way. */
async function closedLoop(pool: Pool, path: string, requests: number): Promise<void> {
  let left = requests;
  const connection = async (): Promise<void> => {
    while (left-- > 0) {
      const { statusCode, body } = await pool.request({ path, method: 'GET' });
      await body.dump();
      if (statusCode !== 200) throw new Error(`${path}: a reply with status ${statusCode}`);
    }
  };
  await Promise.all(Array.from({ length: DUET.connections }, connection));
}

function launchOf(server: string): Launch {
  return Object.hasOwn(registered, server)
    ? BUILT_IN
    : { kind: 'hosted', modelUrl: entryBeside(import.meta.url, server).href };
}

function cellOf(server: string, scenario: string, workers: number, what: Benchmark): Cell {
  return {
    id: server,
    scenario,
    model: server,
    style: 'offload',
    workers,
    connections: what.connections,
    connectionMode: 'keep-alive',
    load: what.load ?? { kind: 'capacity' },
    placement: what.placement ?? { kind: 'shared', generators: 1, why: 'asked' },
    unable: null,
  };
}
