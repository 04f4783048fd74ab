/**
 * One trial: a fresh server process tree, loaded and measured once.
 *
 *   set up ─ spawn ─ first reply ─ verify ─ warm up ─ measure ─ verify ─ stop
 *                                           └─ load runs without a break ─┘
 *
 * Under a rate load the closed loop that warms up ends first, and the schedule begins: its lead-in lets queues become what
 * they are going to be.
 */

import { setTimeout } from 'node:timers/promises';
import type { HandlerContext } from '../../../scenarios/scenario.ts';
import type { ServerSnapshot } from '../../../servers/model.ts';
import { frontRoutes } from '../../../servers/pool/front-handler.ts';
import { codeOf, messageOf } from '../../errors.ts';
import { rarestShare } from '../../judge/trial/classes.ts';
import { objection } from '../../judge/trial/objection.ts';
import type { Cell, Environment, Failure, Measurement, ScenarioPlan, Trial } from '../../store/schema.ts';
import { FailedTrial } from '../failed-trial.ts';
import type { Generators } from '../generator/generators.ts';
import type { GeneratorPool } from '../generator/pool.ts';
import { NoMessage } from '../processes/conversation.ts';
import type { Keeper } from '../processes/keeper.ts';
import { type MemoryWatch, watchMemory } from '../readings/memory.ts';
import { readWindow, serverBetween } from '../readings/window.ts';
import { type Fingerprints, verifyReplies } from '../replies/verify.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import { SetUpError, type Surroundings, setUp } from '../scenario/set-up.ts';
import { type ServerProcess, StartError, startServer } from '../server/process.ts';
import { loadTarget } from './load-target.ts';
import type { Attendance } from './meeting.ts';
import { endOfServer, endOfService, lostText, rootCause } from './root-cause.ts';
import { startStopwatch } from './stopwatch.ts';
import { allAccepted, BIN_MS, leadInMs, WARM_UP_LIMIT_MS, warmUp } from './warm-up.ts';

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
  /** Where the run takes place: what a figure is held against. */
  readonly environment: Pick<Environment, 'availableCpus' | 'uvThreadpoolSize'>;
  /** What makes a trial not count although nothing is wrong with the server: it is to be measured again. */
  readonly repeatedFor: readonly Extract<Failure['kind'], 'disturbed' | 'calibration'>[];
  /** The module of the model, where it is not a built-in one. */
  readonly modelUrl?: string | undefined;
  /** Another Node.js than our own, which the server and all that it starts run on. */
  readonly execPath?: string;
  /** With a trial that runs at the same time: both begin their windows together, and load both until both are over. */
  readonly meeting?: Attendance;
  /** Of the schedule of an open loop: the same for every model, so that all of them meet the same requests. */
  readonly seed: number;
  /** When a request counts as lost, instead of what follows from the cell. */
  readonly timeoutSec?: number;
}

/** Runs one trial. Whatever goes wrong with the server or the load is an outcome; an abort and a bug are thrown. */
export async function runTrial(
  keeper: Keeper,
  pool: GeneratorPool,
  request: TrialRequest,
  signal: AbortSignal,
): Promise<Trial> {
  const { cell, round, attempt } = request;
  const stopwatch = startStopwatch();
  let outcome: Trial['outcome'];
  try {
    outcome = { status: 'ok', measurement: await measured(keeper, pool, request, signal, stopwatch.endPhase) };
  } catch (error) {
    if (signal.aborted) throw error;
    outcome = { status: 'failed', reason: reasonOf(error) };
  }
  return { type: 'trial', cell: cell.id, round, attempt, ...stopwatch.stop(), outcome };
}

async function measured(
  keeper: Keeper,
  pool: GeneratorPool,
  request: TrialRequest,
  signal: AbortSignal,
  endPhase: (phase: keyof Trial['phasesMs']) => void,
): Promise<Measurement> {
  const { cell, plan, loaded, expected } = request;
  const { placement } = cell;
  const { classes, parameters, url: scenarioUrl } = loaded;
  const [serverCpus, generatorCpus] =
    placement.kind === 'isolated' ? [placement.serverCpus, placement.generatorCpus] : [null, null];
  let running: ServerProcess | undefined;
  let surroundings: Surroundings | undefined;
  let spawning: Promise<Generators> | undefined;
  let memory: MemoryWatch | undefined;
  try {
    surroundings = await setUp(keeper, loaded, signal, generatorCpus);
    const handlerContext: HandlerContext = {
      parameters,
      iterations: plan.iterations,
      addresses: surroundings.addresses,
    };
    const context = { scenarioUrl, handlerContext, workers: cell.workers, port: 0, onFront: frontRoutes(classes) };
    const spawnedAt = performance.now();
    const { modelUrl, execPath } = request;
    const server = await startServer(keeper, cell.model, context, signal, { modelUrl, cpus: serverCpus, execPath });
    running = server;
    const verify = (requests: typeof classes, times: number): Promise<Fingerprints> =>
      verifyReplies(server.url, requests, times, expected, null, signal);
    await verify(classes.slice(0, 1), 1);
    const startUpMs = performance.now() - spawnedAt;
    endPhase('spawn');

    // Only now, or its own start would be part of the server's.
    spawning = pool.take(placement.generators, generatorCpus, signal);
    spawning.catch(() => {}); // It is awaited below, unless something fails before.
    await verify(classes, server.workers);
    const generators = await spawning;
    const idle = await server.snapshot(signal);
    memory = await watchMemory(idle);
    endPhase('verify');

    const trouble = firstTrouble(server, generators, surroundings);
    const completions: number[] = [];
    const target = loadTarget(request, server.url, classes);
    await Promise.race([generators.connect(target, signal), trouble]);
    const kept = cell.connectionMode === 'keep-alive' ? cell.connections : 0;
    await Promise.race([allAccepted(server, kept, signal), trouble]);
    endPhase('connect');
    generators.go((count) => completions.push(count));
    const limitMs = request.warmUpLimitMs ?? WARM_UP_LIMIT_MS;
    const steady = await Promise.race([
      warmUp(completions, { workers: server.workers, cycle: 1 / rarestShare(plan), limitMs }, signal),
      trouble,
    ]);
    endPhase('warmUp');
    if (cell.load.kind === 'rate') {
      await Promise.race([generators.offer(signal), trouble]);
      await Promise.race([
        setTimeout(leadInMs(request.measureMs, plan.limit?.kind === 'waiting' ? plan.limit.waitingMs : 0), undefined, {
          signal,
        }),
        trouble,
      ]);
      endPhase('leadIn');
    }

    await memory.follow(idle);
    await Promise.race([request.meeting?.meet(), trouble]);
    // A busy server answers late, so nobody waits for what it tells about itself. CPU time is read from outside.
    const before = answerOf(server.snapshot(signal));
    const reading = readWindow(surroundings.pids, serverCpus);
    const pids = idle.processes.map(({ pid }) => pid);
    await Promise.race([generators.measure({ windowMs: request.measureMs, pids }, signal), trouble]);
    const beside = reading();
    const after = answerOf(server.snapshot(signal));
    await Promise.race([request.meeting?.meet(), trouble]);
    const finished = generators.finish(signal);
    const memorySizes = await Promise.race([after.then((last) => memory?.stop(last)), trouble]);
    const { fault, windowStartMs, open: record, threads, sent, ...load } = await Promise.race([finished, trouble]);
    if (fault !== null) throw new FailedTrial(fault.kind, fault.message);
    await generators.stop();
    const end = await server.snapshot(signal);
    endPhase('measure');

    if (end.lostWorkers > 0) throw new FailedTrial('lost-worker', lostText(end.lostWorkers, server.lastWords()));
    await verify(classes, server.workers);
    endPhase('verifyAfter');

    const facts = {
      windowMs: load.windowMs,
      requests: load.requests,
      threads,
      poolSize: poolSize(request.environment),
    };
    const usage = serverBetween(await before, await after, facts);
    // An open loop may have had nothing due that was answered by the end: that is what it found.
    const nothing = load.requests === 0 && (record === null || record.due === 0);
    if (usage === null || nothing || memorySizes === undefined) throw new FailedTrial('no-requests', NO_REQUESTS);
    const timeline = { binMs: BIN_MS, completions, windowStartMs };
    const open = record === null ? null : { ...record, timeoutMs: target.timeoutSec * 1000 };
    const strangers = strangersBetween(idle, end, sent);
    const found = {
      startUpMs,
      ...load,
      strangers,
      steady,
      timeline,
      server: usage,
      ...beside,
      memory: memorySizes,
      open,
    };
    const objected = objectionTo(found, request);
    if (objected !== null) throw new FailedTrial(objected.kind, objected.message);
    return found;
  } catch (error) {
    request.meeting?.leave(messageOf(error));
    throw running && surroundings ? await rootCause(error, running, surroundings, signal) : error;
  } finally {
    memory?.drop();
    // The generators first: they would reconnect to a server that is gone as fast as they can.
    await spawning?.then((generators) => generators.stop()).catch(() => {});
    await running?.stop();
    await surroundings?.takeAway();
    endPhase('stop');
  }
}

/** Nobody need hear of it when the answer does not come, unless they wait for it. */
function answerOf<T>(asked: Promise<T>): Promise<T> {
  asked.catch(() => {});
  return asked;
}

/** Rejects with the first thing that makes the trial invalid while the load runs. */
function firstTrouble(server: ServerProcess, generators: Generators, surroundings: Surroundings): Promise<never> {
  const death = Promise.race([endOfServer(server), endOfService(surroundings)]).then((reason) => {
    throw reason;
  });
  const trouble = Promise.race([generators.fault, death]);
  trouble.catch(() => {});
  return trouble;
}

const NO_REQUESTS = 'no request completed within the measured window; make it longer with --duration';

/** Why a server could not be measured. Throws what is a bug. */
export function reasonOf(error: unknown): Failure {
  if (error instanceof FailedTrial) return error.reason;
  if (error instanceof SetUpError) return { kind: 'upstream', message: messageOf(error) };
  if (error instanceof NoMessage || error instanceof StartError)
    return { kind: 'not-ready', message: messageOf(error) };
  if (codeOf(error) !== undefined) return { kind: 'connection-error', message: messageOf(error) };
  throw error;
}

/** What speaks against the measurement; null when it counts. */
export function objectionTo(measurement: Measurement, request: TrialRequest): Failure | null {
  const { cell, plan, environment, meeting, loaded, repeatedFor } = request;
  const frontAnswers = loaded.classes.some(({ onFront }) => onFront === true);
  const found = objection({ measurement, cell, plan, environment, isDuet: meeting !== undefined, frontAnswers });
  if (found === null) return null;
  const { message } = found.reason;
  const kind = found.atFault === 'calibration' ? 'calibration' : found.reason.kind;
  return (kind === 'disturbed' || kind === 'calibration') && !repeatedFor.includes(kind) ? null : { kind, message };
}

/** Requests that the server answered between two snapshots beyond those that the generators sent. */
export function strangersBetween(before: ServerSnapshot, after: ServerSnapshot, sent: number): number {
  return Math.max(0, requestsOf(after) - requestsOf(before) - sent);
}

/** Requests that handler code has answered so far. */
function requestsOf({ front, workers }: ServerSnapshot): number {
  return workers.reduce((sum, { requests }) => sum + requests, front?.requests ?? 0);
}

/** libuv's own default, and what people set instead. */
const USUAL_POOL_SIZE = 4;

/** Threads in the libuv pool of a process. */
export function poolSize({ uvThreadpoolSize }: Pick<Environment, 'uvThreadpoolSize'>): number {
  const size = Number.parseInt(uvThreadpoolSize ?? '', 10);
  return size >= 1 ? size : USUAL_POOL_SIZE;
}
