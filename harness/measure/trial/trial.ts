/**
 * One trial: a fresh server process tree, loaded and measured once.
 *
 *   set up ─ spawn ─ first reply ─ verify ─ warm up ─ measure ─ verify ─ stop
 *                                           └─ load runs without a break ─┘
 *
 * Under a rate load the closed loop that warms up ends first, and the schedule begins. Its lead-in lets queues reach their
 * lasting length before the window begins.
 */
import { setTimeout } from 'node:timers/promises';
import type { HandlerContext } from '../../../scenarios/scenario.ts';
import { messageOf } from '../../errors.ts';
import { cpusOfServer } from '../../judge/bottleneck/cpus.ts';
import { rarestShare } from '../../judge/trial/classes.ts';
import { objection } from '../../judge/trial/objection.ts';
import type { Launch } from '../../plan/schedule/cells.ts';
import { checkLimitMs } from '../../plan/schedule/time-outs.ts';
import type { Cell, Environment, Failure, Measurement, ScenarioPlan, Trial } from '../../store/schema.ts';
import { type ServerReading, serverBetween } from '../../store/server-schema.ts';
import { FailedTrial } from '../failed-trial.ts';
import type { Generators, LoadResult } from '../generator/generators.ts';
import type { GeneratorPool } from '../generator/pool.ts';
import { threadPoolSize } from '../host/environment.ts';
import type { ProcessRegistry } from '../processes/registry.ts';
import { type MemoryWatch, watchMemory } from '../readings/memory.ts';
import { readWindow } from '../readings/window.ts';
import { type Fingerprints, RequestNumbers, verifyReplies } from '../replies/verify.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import { type ScenarioResources, setUp } from '../scenario/set-up.ts';
import { BUILT_IN, pidsOf, serverContext, startServer } from '../server/launch.ts';
import type { RunningServer } from '../server/running.ts';
import type { Barrier } from './barrier.ts';
import { endOfServer, endOfService, failureOf, rootCause, workersLost } from './failure.ts';
import { loadTarget, workOf } from './load-target.ts';
import { UNKNOWN_WORKERS } from './preflight.ts';
import type { ProfileRecorder } from './profiles.ts';
import { type Stopwatch, startStopwatch } from './stopwatch.ts';
import { allAccepted, BIN_MS, leadInMs, warmUp, warmUpLimitMs } from './warm-up.ts';

export interface TrialRequest {
  readonly cell: Cell;
  readonly round: number;
  readonly attempt: number;
  readonly plan: ScenarioPlan;
  readonly loaded: LoadedScenario;
  /** What every reply must be, found before anything was timed. */
  readonly expected: Fingerprints;
  /** Longest warm-up, where it is not the usual limit. */
  readonly warmUpLimitMs?: number;
  readonly measureMs: number;
  /** Where the run takes place: what the figures are judged against. */
  readonly environment: Pick<Environment, 'availableCpus' | 'uvThreadpoolSize'>;
  /** Reasons, other than a fault of the server, for which the trial does not count and is repeated. */
  readonly repeatedFor: readonly Extract<Failure['kind'], 'disturbed' | 'calibration'>[];
  /** Without it, the built-in model of that name. */
  readonly launch?: Launch | undefined;
  /** With a trial that runs at the same time: both begin their windows together, and load both until both are over. */
  readonly barrier?: Barrier;
  /** Of the schedule of an open loop: the same for every model, so that all of them get the same requests. */
  readonly seed: number;
  /** Time after which a request counts as lost, instead of what follows from the cell. */
  readonly timeoutSec?: number;
  /** With it the server is profiled: what is measured is then no figure of any run. */
  readonly recorder?: ProfileRecorder;
}

/** Runs one trial. A failure of the server or the load is an outcome; an abort and a bug are thrown. */
export async function runTrial(
  registry: ProcessRegistry,
  pool: GeneratorPool,
  request: TrialRequest,
  signal: AbortSignal,
): Promise<Trial> {
  const { cell, round, attempt } = request;
  const stopwatch = startStopwatch();
  let outcome: Trial['outcome'];
  try {
    const measurement = await measured({ registry, pool, request, signal, endPhase: stopwatch.endPhase });
    outcome = { status: 'ok', measurement };
  } catch (error) {
    if (signal.aborted) throw error;
    outcome = { status: 'failed', reason: failureOf(error) };
  }
  return { type: 'trial', cell: cell.id, round, attempt, ...stopwatch.stop(), outcome };
}

/** What every step of a trial works with. */
interface Context {
  readonly registry: ProcessRegistry;
  readonly pool: GeneratorPool;
  readonly request: TrialRequest;
  readonly signal: AbortSignal;
  readonly endPhase: Stopwatch['endPhase'];
}

/** What has been started so far, and must be stopped however the trial ends. */
interface Started {
  resources?: ScenarioResources;
  server?: RunningServer;
  generators?: Promise<Generators>;
  memory?: MemoryWatch;
}

/** A server that sends the right replies, and generators that are ready to load it. */
interface Ready {
  readonly resources: ScenarioResources;
  readonly server: RunningServer;
  readonly generators: Generators;
  readonly memory: MemoryWatch;
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

async function measured(context: Context): Promise<Measurement> {
  const { request, signal, endPhase } = context;
  const started: Started = {};
  try {
    const ready = await start(context, started);
    const load = await reachSteadyLoad(context, ready);
    const found = await measureWindow(context, ready);
    await checkAfterwards(context, ready, found.end);
    const measurement = measurementOf(context, ready, load, found);
    const objected = objectionTo(measurement, request);
    if (objected !== null) throw new FailedTrial(objected.kind, objected.message);
    await request.recorder?.collect(found.end, signal);
    return measurement;
  } catch (error) {
    request.barrier?.abandon(messageOf(error));
    const { server, resources } = started;
    throw server && resources ? await rootCause(error, server, resources, signal) : error;
  } finally {
    await stopAll(started);
    endPhase('stop');
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
  const context = serverContext(loaded, handlerContext, { workers: cell.workers ?? 1 });
  const spawnedAt = performance.now();
  const server = await startServer(registry, cell.model, launch, context, signal, {
    cpus: serverCpus,
    cwd: loaded.folder ?? undefined,
    profilesInto: request.recorder?.folder,
  });
  started.server = server;
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
  const memory = await watchMemory(idle);
  started.memory = memory;
  endPhase('verify');
  const trouble = firstTrouble(server, generators, resources);
  const over = new AbortController();
  trouble.catch(() => over.abort());
  return {
    ...{ resources, server, generators, memory, idle, startUpMs },
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
interface SteadyLoad {
  /** Completed requests in each `BIN_MS` since the load began; it grows while the load runs. */
  readonly completions: readonly number[];
  readonly isSteady: boolean;
  readonly timeoutSec: number;
}

/** Connects, warms up, and sends on schedule where there is one: phases `connect`, `warmUp` and `leadIn`. */
async function reachSteadyLoad({ request, signal, endPhase }: Context, ready: Ready): Promise<SteadyLoad> {
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
  if (cell.load.kind === 'rate') {
    await unlessTrouble(generators.offer(signal));
    const waitingMs = plan.limit?.kind === 'waiting' ? plan.limit.waitingMs : 0;
    await unlessTrouble(setTimeout(leadInMs(request.measureMs, waitingMs), undefined, { signal: untilTrouble }));
    endPhase('leadIn');
  }
  return { completions, isSteady, timeoutSec: target.timeoutSec };
}

/** What was read at the edges of the window and after it. */
interface WindowReadings {
  readonly load: LoadResult;
  readonly memory: Measurement['memory'];
  readonly around: ReturnType<ReturnType<typeof readWindow>>;
  readonly before: ServerReading;
  readonly after: ServerReading;
  /** When the load has ended. */
  readonly end: ServerReading;
}

/** Measures the window and ends the load: phase `measure`. */
async function measureWindow({ request, signal, endPhase }: Context, ready: Ready): Promise<WindowReadings> {
  const { cell, measureMs, barrier, recorder } = request;
  const { server, generators, memory, idle, resources, unlessTrouble } = ready;
  // What a command starts for the load is seen by looking at it; a busy host answers late.
  await memory.follow(idle.inside === null ? await server.read(signal) : idle);
  await unlessTrouble(Promise.resolve(barrier?.wait()));
  // A busy server answers late, so its snapshots are not waited for here. CPU time is read from outside.
  const before = awaitedLater(server.read(signal));
  const readAround = readWindow(resources.pids, cell.placement.kind === 'isolated' ? cell.placement.serverCpus : null);
  // Those of a command are seen at once; a busy host answers late, and its processes are those of before.
  const pids = pidsOf(idle.inside === null ? await before : idle);
  recorder?.begin();
  await unlessTrouble(generators.measure({ windowMs: measureMs, pids }, signal));
  recorder?.end();
  const around = readAround();
  const after = awaitedLater(server.read(signal));
  await unlessTrouble(Promise.resolve(barrier?.wait()));
  const finished = awaitedLater(generators.finish(signal));
  const memorySizes = await unlessTrouble(after.then((last) => memory.stop(last)));
  const load = await unlessTrouble(finished);
  if (load.fault !== null) throw new FailedTrial(load.fault.kind, load.fault.message);
  await generators.stop();
  const end = await server.read(signal);
  endPhase('measure');
  return { load, memory: memorySizes, around, before: await before, after: await after, end };
}

/** A rejection of this promise is handled when it is awaited, which may be later or never. */
function awaitedLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

/** Whether the server still has all its workers and still sends the right replies: phase `verifyAfter`. */
async function checkAfterwards({ endPhase }: Context, { server, verify }: Ready, end: ServerReading): Promise<void> {
  const lost = end.inside?.lostWorkers ?? 0;
  if (lost > 0) throw workersLost(lost, server);
  await verify();
  endPhase('verifyAfter');
}

const NO_REQUESTS = 'no request completed within the measured window; make it longer with --duration';

function measurementOf(
  { request: { environment, loaded } }: Context,
  { idle, startUpMs }: Ready,
  { completions, isSteady, timeoutSec }: SteadyLoad,
  { load, memory, around, before, after, end }: WindowReadings,
): Measurement {
  const { fault: _, windowStartMs, open, threads, sent, ...recorded } = load;
  const { windowMs, requests } = recorded;
  const server = serverBetween(before, after, { windowMs, requests, threads, poolSize: threadPoolSize(environment) });
  // In an open loop it is a result that nothing was answered, as long as something was due.
  const isEmpty = requests === 0 && (open === null || open.due === 0);
  if (server === null || isEmpty) throw new FailedTrial('no-requests', NO_REQUESTS);
  return {
    startUpMs,
    ...recorded,
    lost: loaded.classes.some(({ lost }) => lost !== undefined) ? recorded.lost : null,
    strangers: foreignRequests(idle, end, sent),
    steady: isSteady,
    timeline: { binMs: BIN_MS, completions: [...completions], windowStartMs },
    server,
    ...around,
    memory,
    open: open === null ? null : { ...open, timeoutMs: timeoutSec * 1000 },
  };
}

/** Requests that the server answered between two readings beyond the `sent` ones of the generators; null where it does not tell. */
function foreignRequests({ inside: before }: ServerReading, { inside: after }: ServerReading, sent: number) {
  return before === null || after === null ? null : Math.max(0, answeredBy(after) - answeredBy(before) - sent);
}

/** Requests that handler code has answered so far. */
export function answeredBy({ front, workers }: NonNullable<ServerReading['inside']>): number {
  return workers.reduce((sum, { requests }) => sum + requests, front?.requests ?? 0);
}

/** What speaks against the measurement; null when it counts. */
function objectionTo(measurement: Measurement, request: TrialRequest): Failure | null {
  const { cell, plan, environment, barrier, loaded, repeatedFor } = request;
  const frontAnswers = loaded.classes.some(({ onFront }) => onFront === true);
  const found = objection({ measurement, cell, plan, environment, isDuet: barrier !== undefined, frontAnswers });
  if (found === null) return null;
  const { message } = found.reason;
  const kind = found.atFault === 'calibration' ? 'calibration' : found.reason.kind;
  return (kind === 'disturbed' || kind === 'calibration') && !repeatedFor.includes(kind) ? null : { kind, message };
}

async function stopAll({ resources, server, generators, memory }: Started): Promise<void> {
  memory?.drop();
  // The generators first: they would reconnect to a server that is gone as fast as they can.
  await generators?.then((all) => all.stop()).catch(() => {});
  await server?.stop();
  await resources?.dispose();
}
