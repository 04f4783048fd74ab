/**
 * One trial: a fresh server process tree, loaded and measured once.
 *
 *   set up ─ spawn ─ ready ─ verify ─ warm up ─ measure ─ verify ─ stop
 *                                     └─ load runs without a break ─┘
 */
import { setTimeout } from 'node:timers/promises';
import type { HandlerContext } from '../../scenarios/scenario.ts';
import { codeOf, messageOf } from '../errors.ts';
import { timeoutSecOf } from '../plan/cells.ts';
import type { Cell, Failure, Measurement, ScenarioPlan, Trial } from '../store/schema.ts';
import { NoMessage } from './conversation.ts';
import { FailedTrial } from './failed-trial.ts';
import { type Generator, spawnGenerator } from './generator.ts';
import type { Keeper } from './keeper.ts';
import type { LoadedScenario } from './load-scenario.ts';
import { machineBetween, readMachineTicks } from './machine.ts';
import { readMemory } from './memory.ts';
import { SetUpError, type Surroundings, setUp } from './scenario-set-up.ts';
import { type ServerProcess, StartError, startServer } from './server-process.ts';
import { type Fingerprints, verifyReplies } from './verify.ts';
import { allAccepted, BIN_MS, warmUp } from './warm-up.ts';
import { serverBetween } from './window.ts';

export interface TrialRequest {
  readonly cell: Cell;
  readonly round: number;
  readonly plan: ScenarioPlan;
  readonly loaded: LoadedScenario;
  /** What every reply must be, found before anything was timed. */
  readonly expected: Fingerprints;
  readonly warmUpCapMs: number;
  readonly measureMs: number;
  /** Another host than the one of the registered models, for a server that is measured beside them. */
  readonly host?: URL;
}

const LAST_LOOK_MS = 1_000;
const SECOND_LOOK_MS = 100;

type Phase = keyof Trial['phasesMs'];

/** Runs one trial. Whatever goes wrong with the server or the load is an outcome; an abort and a bug are thrown. */
export async function runTrial(keeper: Keeper, request: TrialRequest, signal: AbortSignal): Promise<Trial> {
  const startedAt = new Date().toISOString();
  const phasesMs: Partial<Record<Phase, number>> = {};
  let phaseStart = performance.now();
  const endPhase = (phase: Phase): void => {
    const now = performance.now();
    phasesMs[phase] = now - phaseStart;
    phaseStart = now;
  };
  let outcome: Trial['outcome'];
  try {
    outcome = { status: 'ok', measurement: await attempt(keeper, request, signal, endPhase) };
  } catch (error) {
    if (signal.aborted) throw error;
    outcome = { status: 'failed', reason: reasonOf(error) };
  }
  return { type: 'trial', cell: request.cell.id, round: request.round, startedAt, phasesMs, outcome };
}

async function attempt(
  keeper: Keeper,
  request: TrialRequest,
  signal: AbortSignal,
  endPhase: (phase: Phase) => void,
): Promise<Measurement> {
  const { cell, plan, loaded, expected } = request;
  const { scenario, parameters, url: scenarioUrl } = loaded;
  const classes = scenario.requests(parameters);
  let running: ServerProcess | undefined;
  let surroundings: Surroundings | undefined;
  // The generator loads while the server does: nothing is measured yet.
  const generatorReady = spawnGenerator(keeper, signal);
  generatorReady.catch(() => {}); // It is awaited below, unless something fails before.
  try {
    surroundings = await setUp(keeper, scenario, parameters, signal);
    const handlerContext: HandlerContext = {
      parameters,
      iterations: plan.iterations,
      addresses: surroundings.addresses,
    };
    const context = { scenarioUrl, handlerContext, workers: cell.workers, port: 0 };
    const server = await startServer(keeper, cell.model, context, signal, request.host);
    running = server;
    const generator = await generatorReady;
    endPhase('spawn');

    const verify = (): Promise<Fingerprints> =>
      verifyReplies(server.url, scenario, classes, handlerContext, server.workers, expected, signal);
    await verify();
    endPhase('verify');

    const trouble = firstTrouble(server, generator, surroundings.broken);
    const completions: number[] = [];
    const timeoutSec = timeoutSecOf(plan.calibration?.kernelCpuMs ?? 0, cell.connections);
    const target = { url: server.url, classes, expected, connections: cell.connections, timeoutSec };
    await Promise.race([generator.connect(target, signal), trouble]);
    await Promise.race([allAccepted(server, cell.connections, signal), trouble]);
    endPhase('connect');
    generator.go((count) => completions.push(count));
    const steady = await Promise.race([warmUp(completions, server.workers, request.warmUpCapMs, signal), trouble]);
    endPhase('warmUp');

    const before = await Promise.race([server.snapshot(signal), trouble]);
    const ticksBefore = readMachineTicks();
    await Promise.race([generator.measure(request.measureMs, signal), trouble]);
    const ticksAfter = readMachineTicks();
    const after = await Promise.race([server.snapshot(signal), trouble]);
    const memory = await readMemory(after.processes);
    const load = await Promise.race([generator.finish(signal), trouble]);
    if (load.fault !== null) throw new FailedTrial(load.fault.kind, load.fault.message);
    await generator.stop();
    endPhase('measure');

    if (after.lostWorkers > 0) throw new FailedTrial('lost-worker', lostText(after.lostWorkers));
    await verify();
    endPhase('verifyAfter');

    const usage = serverBetween(before, after, load.windowMs);
    if (usage === null || load.requests === 0) throw new FailedTrial('no-requests', NO_REQUESTS);
    return {
      windowMs: load.windowMs,
      requests: load.requests,
      requestsPerSec: (load.requests * 1000) / load.windowMs,
      latencyHistogram: load.latencyHistogram,
      steady,
      timeline: { binMs: BIN_MS, completions, windowStartMs: load.windowStartMs },
      server: usage,
      generator: { cpuMs: load.cpuMs, utilisation: load.utilisation },
      machine: machineBetween(ticksBefore, ticksAfter),
      memory,
    };
  } catch (error) {
    throw (await lostWorker(running, signal)) ?? error;
  } finally {
    // The generator first: it would reconnect to a server that is gone as fast as it can.
    await generatorReady.then((generator) => generator.stop()).catch(() => {});
    await running?.stop();
    await surroundings?.takeAway();
    endPhase('stop');
  }
}

/** A worker that died shows as a closed connection or a 503 first. What matters is that it died. */
async function lostWorker(server: ServerProcess | undefined, signal: AbortSignal): Promise<FailedTrial | null> {
  if (server === undefined || signal.aborted) return null;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LAST_LOOK_MS)]);
  try {
    // The socket of a dying process can close before its parent hears of the end, so a second look follows the first.
    for (const waitMs of [0, SECOND_LOOK_MS]) {
      await setTimeout(waitMs, undefined, { signal: limit });
      const { lostWorkers } = await server.snapshot(limit);
      if (lostWorkers > 0) return new FailedTrial('lost-worker', lostText(lostWorkers));
    }
    return null;
  } catch {
    return null; // It no longer answers; the first error tells more.
  }
}

/** Rejects with the first thing that makes the trial invalid while the load runs. */
function firstTrouble(server: ServerProcess, generator: Generator, broken: Promise<string>): Promise<never> {
  const gone = server.exited.then((how) => {
    throw new FailedTrial('server', `the server ended during the trial (${how})`);
  });
  const upstream = broken.then((what) => {
    throw new FailedTrial('upstream', what);
  });
  const trouble = Promise.race([generator.fault, gone, upstream]);
  trouble.catch(() => {});
  return trouble;
}

function lostText(count: number): string {
  return `${count} worker${count === 1 ? '' : 's'} died and had to be replaced`;
}

const NO_REQUESTS = 'no request completed within the measured window; make it longer with --duration';

function reasonOf(error: unknown): Failure {
  if (error instanceof FailedTrial) return error.reason;
  if (error instanceof SetUpError) return { kind: 'upstream', message: messageOf(error) };
  if (error instanceof NoMessage || error instanceof StartError)
    return { kind: 'not-ready', message: messageOf(error) };
  if (codeOf(error) !== undefined) return { kind: 'connection-error', message: messageOf(error) };
  throw error;
}
