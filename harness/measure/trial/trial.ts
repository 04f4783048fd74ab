/**
 * One trial: a fresh server process tree, loaded and measured once.
 *
 *   set up ─ spawn ─ first reply ─ verify ─ warm up ─ measure ─ verify ─ stop
 *                                           └─ load runs without a break ─┘
 *
 * Under a rate load the closed loop that warms up ends first, and the schedule begins. Its lead-in lets queues reach their
 * lasting length before the window begins.
 */
import { objection } from '../../judge/trial/objection.ts';
import { measurementSchema } from '../../store/measurement-schema.ts';
import type { Failure, Measurement, Trial } from '../../store/schema.ts';
import { type ServerReading, serverBetween } from '../../store/server-schema.ts';
import { checkRecord, FailedTrial } from '../failed-trial.ts';
import type { LoadResult } from '../generator/generators.ts';
import type { GeneratorPool } from '../generator/pool.ts';
import { threadPoolSize } from '../host/environment.ts';
import type { ProcessRegistry } from '../processes/registry.ts';
import { type MemoryWatch, watchMemory } from '../readings/memory.ts';
import { readWindow } from '../readings/window.ts';
import { pidsOf } from '../server/launch.ts';
import { workersLost } from './failure.ts';
import type { TrialRequest } from './request.ts';
import {
  attempted,
  awaitedLater,
  type Context,
  type Ready,
  reachSteadyLoad,
  type SteadyLoad,
  withServer,
} from './steps.ts';
import { BIN_MS } from './warm-up.ts';

/** Runs one trial. A failure of the server or the load is an outcome; an abort and a bug are thrown. */
export async function runTrial(
  registry: ProcessRegistry,
  pool: GeneratorPool,
  request: TrialRequest,
  signal: AbortSignal,
): Promise<Trial> {
  const { about, ended } = await attempted(request, signal, (endPhase) => {
    const context = { registry, pool, request, signal, endPhase };
    return withServer(context, (ready) => measured(context, ready));
  });
  const outcome = ended.status === 'ok' ? { status: 'ok' as const, measurement: ended.value } : ended;
  return { type: 'trial', ...about, outcome };
}

async function measured(context: Context, ready: Ready): Promise<Measurement> {
  const { request, signal } = context;
  const memory = await watchMemory(ready.idle);
  try {
    const load = await reachSteadyLoad(context, ready);
    const found = await measureWindow(context, ready, memory);
    await checkAfterwards(context, ready, found.end);
    const measurement = measurementOf(context, ready, load, found);
    checkRecord(measurementSchema, measurement);
    const objected = objectionTo(measurement, request);
    if (objected !== null) throw new FailedTrial(objected.kind, objected.message);
    await request.recorder?.collect(found.end, signal);
    return measurement;
  } finally {
    memory.drop();
  }
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
async function measureWindow(
  { request, signal, endPhase }: Context,
  ready: Ready,
  memory: MemoryWatch,
): Promise<WindowReadings> {
  const { cell, measureMs, barrier, recorder } = request;
  const { server, generators, idle, resources, unlessTrouble } = ready;
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
  const { fault: _, trace: __, windowStartMs, open, threads, sent, ...recorded } = load;
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
