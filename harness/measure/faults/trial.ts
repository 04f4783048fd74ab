/**
 * One trial with faults: a fresh server under an open loop, into which faults are put at given moments.
 *
 *   set up ─ spawn ─ first reply ─ verify ─ warm up ─ before ─ fault ─ after ─ … ─ what became of it ─ stop
 *                                           └────── load runs without a break ──────┘
 *
 * Until the first fault everything must be as in any other trial. What happens to the server from then on is the result.
 */
import { mergeLatencies } from '../../stats/latency.ts';
import { faultRecordSchema } from '../../store/fault-schema.ts';
import type { FaultRecord, FaultTrial } from '../../store/schema.ts';
import { checkRecord, FailedTrial } from '../failed-trial.ts';
import type { LoadResult } from '../generator/generators.ts';
import { monotonicMs } from '../generator/load.ts';
import type { GeneratorPool } from '../generator/pool.ts';
import type { ProcessRegistry } from '../processes/registry.ts';
import { readThreads } from '../readings/threads.ts';
import { pidsOf } from '../server/launch.ts';
import { endOfService, rootCause } from '../trial/failure.ts';
import type { TrialRequest } from '../trial/request.ts';
import { attempted, awaitedLater, type Context, type Ready, reachSteadyLoad, withServer } from '../trial/steps.ts';
import { answers, readOrNull, workersBetween } from './aftermath.ts';
import { objectionTo } from './before.ts';
import { FaultedServer } from './faulted-server.ts';
import { type FaultLoad, injectAll } from './inject.ts';

/** All generators have been told by then when the window begins. */
const HEAD_START_MS = 100;
/** Numbers of the requests that are sent at the end, where requests differ: no other request of a trial has them. */
const FIRST_AFTER = 9_500;

/** Runs one trial of a cell with faults. What they do to the server is no failure; an abort and a bug are thrown. */
export async function runFaultTrial(
  registry: ProcessRegistry,
  pool: GeneratorPool,
  request: TrialRequest,
  signal: AbortSignal,
): Promise<FaultTrial> {
  const { load } = request.cell;
  if (load.kind !== 'fault') throw new Error(`${request.cell.id} has no faults`);
  const { about, ended } = await attempted(request, signal, (endPhase) => {
    const context = { registry, pool, request, signal, endPhase };
    let isSound = true;
    return withServer(
      context,
      async (ready) => {
        if (load.fault.kind === 'upstream-stall' && ready.resources.started.length === 0)
          throw new FailedTrial('upstream', NO_SERVICE);
        await reachSteadyLoad(context, ready);
        isSound = false;
        return recorded(context, ready, load);
      },
      // Afterwards the server may be as dead as it was to be.
      async (error, ...where) => (isSound ? rootCause(error, ...where) : error),
    );
  });
  const outcome = ended.status === 'ok' ? { status: 'ok' as const, record: ended.value } : ended;
  return { type: 'fault-trial', ...about, outcome };
}

const NO_SERVICE = 'the scenario starts no service that could stall';

/** The window with its faults, and what became of the server: phase `measure`. */
async function recorded(context: Context, ready: Ready, load: FaultLoad): Promise<FaultRecord> {
  const { registry, request, signal, endPhase } = context;
  const { generators, resources } = ready;
  const windowMs = load.beforeMs + load.fault.times * load.eachMs;
  const server = new FaultedServer(ready.server, ready.startAgain);
  const before = await server.read(signal);
  const unlessTrouble = troubleOf(ready);
  const startMs = monotonicMs() + HEAD_START_MS;
  const over = new AbortController();
  const settings = { registry, request, load, server, services: resources.started, startMs };
  const threads = readThreads(pidsOf(before));
  const injection = awaitedLater(injectAll({ ...settings, threads }, AbortSignal.any([signal, over.signal])));
  try {
    const window = generators.measure({ windowMs, atMs: startMs, pids: [] }, signal);
    const [fates] = await unlessTrouble(Promise.all([injection, window]));
    over.abort();
    const injected = await unlessTrouble(Promise.all(fates));
    const [result, after, isUp] = await unlessTrouble(
      Promise.all([
        generators.finish(signal),
        readOrNull(server, signal),
        answers(server, request, FIRST_AFTER, signal),
      ]),
    );
    endPhase('measure');
    if (result.fault !== null) throw new FailedTrial(result.fault.kind, result.fault.message);
    const workers = workersBetween(before, after, server, load.fault.kind === 'reload');
    return recordOf(request, result, { windowMs, injected, workers, isUp, end: server.end });
  } finally {
    over.abort();
    await injection.then((fates) => Promise.allSettled(fates)).catch(() => {});
  }
}

/** Waits for a step, or rejects with what makes a trial invalid whatever was done to its server. */
function troubleOf({ generators, resources }: Ready): Ready['unlessTrouble'] {
  const broken = endOfService(resources).then((reason) => {
    throw reason;
  });
  const trouble = awaitedLater(Promise.race([generators.fault, broken]));
  return (step) => Promise.race([step, trouble]);
}

/** Throws a FailedTrial where it tells nothing of the faults. */
function recordOf(
  { repeatedFor }: TrialRequest,
  { trace, open }: LoadResult,
  found: Pick<FaultRecord, 'windowMs' | 'injected' | 'workers' | 'isUp' | 'end'>,
): FaultRecord {
  if (trace === null || open === null) throw new Error('a load with faults has a trace');
  const [first] = found.injected;
  if (first === undefined) throw new FailedTrial('server', `the server ended before the first fault (${found.end})`);
  const delays = mergeLatencies([open.sendDelayHistogram]);
  const objection = objectionTo(trace, first.atMs, delays?.p99 ?? 0);
  if (objection !== null && (objection.kind !== 'disturbed' || repeatedFor.includes('disturbed'))) {
    throw new FailedTrial(objection.kind, objection.message);
  }
  const record = { ...found, trace, sendDelayMs: delays?.max ?? 0 };
  checkRecord(faultRecordSchema, record);
  return record;
}
