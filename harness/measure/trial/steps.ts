/** What every trial begins and ends with: a server that sends the right replies, generators that load it, and nothing that is left. */
import { setTimeout } from 'node:timers/promises';
import type { HandlerContext } from '../../../scenarios/scenario.ts';
import { messageOf } from '../../errors.ts';
import { cpusOfServer } from '../../judge/bottleneck/cpus.ts';
import { rarestShare } from '../../judge/trial/classes.ts';
import type { Failure, Trial } from '../../store/schema.ts';
import type { ServerReading } from '../../store/server-schema.ts';
import { checkLimitMs } from '../../plan/schedule/time-outs.ts';
import type { Generators } from '../generator/generators.ts';
import type { GeneratorPool } from '../generator/pool.ts';
import type { ProcessRegistry } from '../processes/registry.ts';
import { type Fingerprints, RequestNumbers, verifyReplies } from '../replies/verify.ts';
import { type ScenarioResources, setUp } from '../scenario/set-up.ts';
import { BUILT_IN, type LaunchOptions, serverContext, startServer } from '../server/launch.ts';
import type { RunningServer } from '../server/running.ts';
import { endOfServer, endOfService, failureOf, rootCause } from './failure.ts';
import { loadTarget, workOf } from './load-target.ts';
import { UNKNOWN_WORKERS } from './preflight.ts';
import type { TrialRequest } from './request.ts';
import { type Stopwatch, startStopwatch } from './stopwatch.ts';
import { allAccepted, leadInMs, warmUp, warmUpLimitMs } from './warm-up.ts';

/** What every step of a trial works with. */
export interface Context {
  readonly registry: ProcessRegistry;
  readonly pool: GeneratorPool;
  readonly request: TrialRequest;
  readonly signal: AbortSignal;
  readonly endPhase: Stopwatch['endPhase'];
}

/** A server that sends the right replies, and generators that are ready to load it. */
export interface Ready {
  readonly resources: ScenarioResources;
  readonly server: RunningServer;
  /** Starts the same server again, on the same port. */
  readonly startAgain: () => Promise<RunningServer>;
  readonly generators: Generators;
  /** Of the server before the load. */
  readonly idle: ServerReading;
  readonly startUpMs: number | null;
  /** Verifies every class of request, on every worker. */
  verify(): Promise<Fingerprints>;
  /** Waits for a step, or rejects with the first thing that makes the trial invalid while the load runs. */
  unlessTrouble<T>(step: Promise<T>): Promise<T>;
  /** Fires with it as well: a step that nobody waits for any more must not keep the harness from ending. */
  readonly untilTrouble: AbortSignal;
}

/** What has been started so far, and must be stopped however the trial ends. */
interface Started {
  resources?: ScenarioResources;
  servers: RunningServer[];
  generators?: Promise<Generators>;
}

/** What every trial is recorded with, and how it ended: a failure of the server or the load; an abort and a bug are thrown. */
export async function attempted<T>(
  { cell, round, attempt }: TrialRequest,
  signal: AbortSignal,
  run: (endPhase: Stopwatch['endPhase']) => Promise<T>,
): Promise<{
  readonly about: Omit<Trial, 'type' | 'outcome'>;
  readonly ended:
    | { readonly status: 'ok'; readonly value: T }
    | { readonly status: 'failed'; readonly reason: Failure };
}> {
  const stopwatch = startStopwatch();
  const about = () => ({ cell: cell.id, round, attempt, ...stopwatch.stop() });
  try {
    const value = await run(stopwatch.endPhase);
    return { about: about(), ended: { status: 'ok', value } };
  } catch (error) {
    if (signal.aborted) throw error;
    return { about: about(), ended: { status: 'failed', reason: failureOf(error) } };
  }
}

/**
 * Runs `steps` with a server and generators, and stops all of it however they end: phases `spawn`, `verify` and `stop`. `why` finds the
 * cause of what they throw.
 */
export async function withServer<T>(
  context: Context,
  steps: (ready: Ready) => Promise<T>,
  why: typeof rootCause = rootCause,
): Promise<T> {
  const started: Started = { servers: [] };
  try {
    return await steps(await start(context, started));
  } catch (error) {
    context.request.barrier?.abandon(messageOf(error));
    const { resources } = started;
    const server = started.servers.at(-1);
    throw server && resources ? await why(error, server, resources, context.signal) : error;
  } finally {
    await stopAll(started);
    context.endPhase('stop');
  }
}

/** Starts the server and the generators, and verifies the replies: phases `spawn` and `verify`. */
async function start({ registry, pool, request, signal, endPhase }: Context, started: Started): Promise<Ready> {
  const { cell, plan, loaded, expected, launch = BUILT_IN } = request;
  const { placement } = cell;
  const { classes, parameters } = loaded;
  const [serverCpus, generatorCpus] =
    placement.kind === 'isolated' ? [placement.serverCpus, placement.generatorCpus] : [null, null];
  const resources = await setUp(registry, loaded, { workers: cell.workers ?? 1, cpus: generatorCpus }, signal);
  started.resources = resources;
  const handlerContext: HandlerContext = { parameters, iterations: plan.iterations, addresses: resources.addresses };
  const faults = cell.load.kind === 'fault' ? { faults: true, restarts: cell.load.restarts } : {};
  const context = { ...serverContext(loaded, handlerContext, { workers: cell.workers ?? 1 }), ...faults };
  const options: LaunchOptions = {
    cpus: serverCpus,
    cwd: loaded.folder ?? undefined,
    profilesInto: request.recorder?.folder,
    faults: cell.load.kind === 'fault',
  };
  const startOn = async (port: number): Promise<RunningServer> => {
    const one = await startServer(registry, cell.model, launch, { ...context, port }, signal, options);
    started.servers.push(one);
    return one;
  };
  const spawnedAt = performance.now();
  const server = await startOn(context.port);
  const checks = {
    url: server.url,
    expected,
    verifier: null,
    expect: loaded.expect,
    numbers: new RequestNumbers(),
    signal,
  };
  const askedMs = request.timeoutSec === undefined ? null : request.timeoutSec * 1000;
  const verify = (requests: typeof classes, times: number): Promise<Fingerprints> =>
    verifyReplies({ ...checks, classes: requests, times, limitMs: checkLimitMs(workOf(request), times, askedMs) });
  await verify(classes.slice(0, 1), 1);
  const startUpMs = server.isFresh ? performance.now() - spawnedAt : null;
  endPhase('spawn');

  // Only now, or the start of the generators would slow down that of the server.
  started.generators = pool.take(placement.generators, generatorCpus, signal);
  started.generators.catch(() => {}); // It is awaited below, unless something fails before.
  const replies = server.workers ?? UNKNOWN_WORKERS;
  await verify(classes, replies);
  const generators = await started.generators;
  const idle = await server.read(signal);
  endPhase('verify');
  const trouble = firstTrouble(server, generators, resources);
  const over = new AbortController();
  trouble.catch(() => over.abort());
  return {
    ...{ resources, server, generators, idle, startUpMs },
    startAgain: () => startOn(server.port),
    verify: () => verify(classes, replies),
    unlessTrouble: (step) => Promise.race([step, trouble]),
    untilTrouble: AbortSignal.any([signal, over.signal]),
  };
}

/** Rejects with the first thing that makes the trial invalid while the load runs. */
function firstTrouble(server: RunningServer, generators: Generators, resources: ScenarioResources): Promise<never> {
  const death = Promise.race([endOfServer(server), endOfService(resources)]).then((reason) => {
    throw reason;
  });
  const trouble = Promise.race([generators.fault, death]);
  trouble.catch(() => {});
  return trouble;
}

/** The load at the beginning of the window. */
export interface SteadyLoad {
  /** Completed requests in each `BIN_MS` since the load began; it grows while the load runs. */
  readonly completions: readonly number[];
  readonly isSteady: boolean;
  readonly timeoutSec: number;
}

/** Connects, warms up, and sends on schedule where there is one: phases `connect`, `warmUp` and `leadIn`. */
export async function reachSteadyLoad({ request, signal, endPhase }: Context, ready: Ready): Promise<SteadyLoad> {
  const { cell, plan, loaded } = request;
  const { server, generators, unlessTrouble, untilTrouble } = ready;
  const target = loadTarget(request, server.url, loaded.classes);
  await unlessTrouble(generators.connect(target, signal));
  const connections = cell.connectionMode === 'keep-alive' ? cell.connections : 0;
  await unlessTrouble(allAccepted(server, connections, untilTrouble));
  endPhase('connect');
  const completions: number[] = [];
  generators.go((count) => completions.push(count));
  const limitMs = request.warmUpLimitMs ?? warmUpLimitMs(loaded.waitingMs ?? 0);
  const cpus = cpusOfServer(cell.placement, request.environment.availableCpus);
  const settings = { workers: server.workers, cpus, cycle: 1 / rarestShare(plan), limitMs };
  const isSteady = await unlessTrouble(warmUp(completions, settings, untilTrouble));
  endPhase('warmUp');
  if (cell.load.kind !== 'capacity') {
    await unlessTrouble(generators.offer(signal));
    const waitingMs = plan.limit?.kind === 'waiting' ? plan.limit.waitingMs : 0;
    const windowMs = cell.load.kind === 'fault' ? cell.load.beforeMs : request.measureMs;
    await unlessTrouble(setTimeout(leadInMs(windowMs, waitingMs), undefined, { signal: untilTrouble }));
    endPhase('leadIn');
  }
  return { completions, isSteady, timeoutSec: target.timeoutSec };
}

/** A rejection of this promise is handled when it is awaited, which may be later or never. */
export function awaitedLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

async function stopAll({ resources, servers, generators }: Started): Promise<void> {
  // The generators first: they would reconnect to a server that is gone as fast as they can.
  await generators?.then((all) => all.stop()).catch(() => {});
  await Promise.all(servers.map((server) => server.stop()));
  await resources?.dispose();
}
