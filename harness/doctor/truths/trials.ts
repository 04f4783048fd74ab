/** Trials of the servers whose figures are known, by the same protocol as every other trial. */
import { entryBeside } from '../../../scenarios/entry.ts';
import type { GeneratorPool } from '../../measure/generator/pool.ts';
import { readTrialEnvironment } from '../../measure/host/environment.ts';
import { planOf } from '../../measure/planned.ts';
import type { ProcessRegistry } from '../../measure/processes/registry.ts';
import { type Fingerprints, verifyReplies } from '../../measure/replies/verify.ts';
import { type LoadedScenario, loadScenario } from '../../measure/scenario/load.ts';
import { moduleOpener } from '../../measure/scenario/module.ts';
import { startServer } from '../../measure/server/launch.ts';
import { runFaultTrial } from '../../measure/faults/trial.ts';
import type { TrialRequest } from '../../measure/trial/request.ts';
import { runTrial } from '../../measure/trial/trial.ts';
import type { Launch } from '../../plan/schedule/cells.ts';
import type { Cell, FaultTrial, Trial } from '../../store/schema.ts';
import {
  BESIDE,
  DELAY_CONNECTIONS,
  FREEZE_PER_SEC,
  FREEZE_WINDOW_MS,
  OPEN_DELAY_PER_SEC,
  OUTAGE_BEFORE_MS,
  OUTAGE_EACH_MS,
  OUTAGE_PER_SEC,
  type OutageName,
  QUEUE_PER_SEC,
  SPIN_CONNECTIONS,
  TIMEOUT_SEC,
  TRUTH_SEED,
  type TruthName,
} from './known.ts';

const FAULTY_CONNECTIONS = 8;
/** Open at first; the generator opens more when they are all in use. */
const OPEN_CONNECTIONS = 8;
const MOST_CONNECTIONS = 1000;

interface Load {
  readonly connections: number;
  /** Left out for a closed loop. */
  readonly open?: { readonly requestsPerSec: number; readonly arrivals: 'poisson' | 'constant' };
  /** Left out for `TIMEOUT_SEC`. */
  readonly timeoutSec?: number;
  readonly warmUpLimitMs: number;
  readonly measureMs: number;
}

const OPEN_TIMEOUT_SEC = 5;
const OUTAGE_WARM_UP_MS = 600;
/** Long enough that three trials together have the 500 replies that a p99 needs: two connections get 100 of them a second. */
const loads: Readonly<Partial<Record<TruthName, Load>>> = {
  'fixed-delay': { connections: DELAY_CONNECTIONS, warmUpLimitMs: 1000, measureMs: 2500 },
  'known-spin': { connections: SPIN_CONNECTIONS, warmUpLimitMs: 1000, measureMs: 1500 },
  'open-delay': {
    connections: OPEN_CONNECTIONS,
    open: { requestsPerSec: OPEN_DELAY_PER_SEC, arrivals: 'poisson' },
    timeoutSec: OPEN_TIMEOUT_SEC,
    warmUpLimitMs: 1500,
    measureMs: 2500,
  },
  'known-queue': {
    connections: OPEN_CONNECTIONS,
    open: { requestsPerSec: QUEUE_PER_SEC, arrivals: 'poisson' },
    timeoutSec: OPEN_TIMEOUT_SEC,
    warmUpLimitMs: 1500,
    measureMs: 5000,
  },
  freezing: {
    connections: OPEN_CONNECTIONS,
    open: { requestsPerSec: FREEZE_PER_SEC, arrivals: 'constant' },
    timeoutSec: OPEN_TIMEOUT_SEC,
    warmUpLimitMs: 600,
    measureMs: FREEZE_WINDOW_MS,
  },
};
/** A fault shows at once, and this is long enough for a server without one. */
const short: Load = { connections: FAULTY_CONNECTIONS, warmUpLimitMs: 600, measureMs: 400 };

/** One of the servers. Its name is in the URL of the module, because all of them are in one file. */
function launchOf(name: TruthName | OutageName): Launch {
  return { kind: 'hosted', modelUrl: `${entryBeside(import.meta.url, 'servers').href}?${name}` };
}

/** The requests that these servers answer, and the replies that they should send. */
export interface Truth {
  readonly loaded: LoadedScenario;
  readonly expected: Fingerprints;
}

/** The right replies are those of the healthy server, so no model is involved. Throws FailedTrial. */
export async function loadTruth(registry: ProcessRegistry, signal: AbortSignal): Promise<Truth> {
  const loaded = await loadScenario(moduleOpener(registry), 'hello', signal);
  const { classes, parameters, url: scenarioUrl } = loaded;
  const handlerContext = { parameters, iterations: 1, addresses: {} };
  const context = { scenarioUrl, handlerContext, workers: 1, port: 0, onFront: [] };
  const server = await startServer(registry, 'healthy', launchOf('healthy'), context, signal);
  try {
    return {
      loaded,
      expected: await verifyReplies({ url: server.url, classes, times: 1, expected: null, verifier: null, signal }),
    };
  } finally {
    await server.stop();
  }
}

/** One trial of one of the servers. */
export async function truthTrial(
  registry: ProcessRegistry,
  pool: GeneratorPool,
  name: TruthName,
  truth: Truth,
  signal: AbortSignal,
): Promise<Trial> {
  const { connections, warmUpLimitMs, measureMs, open, timeoutSec = TIMEOUT_SEC } = loads[name] ?? short;
  const request = requestOf(name, truth, connections, loadOf(open, measureMs));
  return runTrial(registry, pool, { ...request, warmUpLimitMs, measureMs, timeoutSec }, signal);
}

/** One trial of a server that goes wrong when a poison reaches it: which kind of poison that is does not matter to it. */
export async function outageTrial(
  registry: ProcessRegistry,
  pool: GeneratorPool,
  name: OutageName,
  truth: Truth,
  signal: AbortSignal,
): Promise<FaultTrial> {
  const request = requestOf(name, truth, OPEN_CONNECTIONS, {
    kind: 'fault',
    fault: { kind: 'crash', lastsMs: null, times: 1 },
    restarts: true,
    requestsPerSec: OUTAGE_PER_SEC,
    arrivals: 'constant',
    mostConnections: MOST_CONNECTIONS,
    beforeMs: OUTAGE_BEFORE_MS,
    eachMs: OUTAGE_EACH_MS,
  });
  const times = { warmUpLimitMs: OUTAGE_WARM_UP_MS, measureMs: OUTAGE_BEFORE_MS + OUTAGE_EACH_MS };
  // A generator that was late cannot tell when anything began or ended.
  const limits = { timeoutSec: OPEN_TIMEOUT_SEC, repeatedFor: ['disturbed'] } as const;
  return runFaultTrial(registry, pool, { ...request, ...times, ...limits }, signal);
}

function requestOf(
  name: TruthName | OutageName,
  { loaded, expected }: Truth,
  connections: number,
  load: Cell['load'],
): Omit<TrialRequest, 'measureMs'> {
  return {
    cell: {
      id: `doctor/${name}`,
      scenario: loaded.id,
      model: name,
      style: 'alone',
      workers: 1,
      connections,
      connectionMode: 'keep-alive',
      load,
      placement: BESIDE,
      unable: null,
    },
    round: 0,
    attempt: 0,
    seed: TRUTH_SEED,
    plan: planOf(loaded, { iterations: 1, calibration: null }),
    loaded,
    expected,
    environment: readTrialEnvironment(),
    repeatedFor: [],
    launch: launchOf(name),
  };
}

function loadOf(open: Load['open'], measureMs: number): Cell['load'] {
  if (open === undefined) return { kind: 'capacity' };
  return { kind: 'rate', ...open, measureMs, mostConnections: MOST_CONNECTIONS, countErrors: false };
}
