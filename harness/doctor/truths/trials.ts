/** Trials of the servers whose figures are known, by the same protocol as every other trial. */
import { entryBeside } from '../../../scenarios/entry.ts';
import type { GeneratorPool } from '../../measure/generator/pool.ts';
import { readTrialEnvironment } from '../../measure/host/environment.ts';
import type { ProcessRegistry } from '../../measure/processes/registry.ts';
import { type Fingerprints, verifyReplies } from '../../measure/replies/verify.ts';
import { type LoadedScenario, loadScenario } from '../../measure/scenario/load.ts';
import { moduleOpener } from '../../measure/scenario/module.ts';
import { startServer } from '../../measure/server/process.ts';
import { runTrial } from '../../measure/trial/trial.ts';
import type { Cell, ScenarioPlan, Trial } from '../../store/schema.ts';
import {
  BESIDE,
  DELAY_CONNECTIONS,
  FREEZE_PER_SEC,
  FREEZE_WINDOW_MS,
  OPEN_DELAY_PER_SEC,
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
/** Long enough that three trials together have the 500 replies that a p99 takes: two connections have 100 of them a second. */
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
/** A fault shows at once, and a server without one is measured well enough. */
const short: Load = { connections: FAULTY_CONNECTIONS, warmUpLimitMs: 600, measureMs: 400 };

const TRUTH_HOST = entryBeside(import.meta.url, 'process');

/** The requests that these servers answer, and the replies that they ought to send. */
export interface Truth {
  readonly loaded: LoadedScenario;
  readonly expected: Fingerprints;
}

/** What a reply must be, found by asking the healthy server: no model has a part in it. Throws FailedTrial. */
export async function loadTruth(registry: ProcessRegistry, signal: AbortSignal): Promise<Truth> {
  const loaded = await loadScenario(moduleOpener(registry), 'hello', signal);
  const { classes, parameters, url: scenarioUrl } = loaded;
  const handlerContext = { parameters, iterations: 1, addresses: {} };
  const context = { scenarioUrl, handlerContext, workers: 1, port: 0, onFront: [] };
  const server = await startServer(registry, 'healthy', context, signal, { host: TRUTH_HOST });
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
  { loaded, expected }: Truth,
  signal: AbortSignal,
): Promise<Trial> {
  const { connections, warmUpLimitMs, measureMs, open, timeoutSec = TIMEOUT_SEC } = loads[name] ?? short;
  const cell = {
    id: `doctor/${name}`,
    scenario: loaded.id,
    model: name,
    style: 'alone',
    workers: 1,
    connections,
    connectionMode: 'keep-alive',
    load: loadOf(open, measureMs),
    placement: BESIDE,
    unable: null,
  } as const;
  const plan = planOf(loaded);
  const request = {
    cell,
    round: 0,
    attempt: 0,
    seed: TRUTH_SEED,
    plan,
    loaded,
    expected,
    warmUpLimitMs,
    measureMs,
    environment: readTrialEnvironment(),
    repeatedFor: [],
  } as const;
  return runTrial(registry, pool, { ...request, host: TRUTH_HOST, timeoutSec }, signal);
}

function loadOf(open: Load['open'], measureMs: number): Cell['load'] {
  if (open === undefined) return { kind: 'capacity' };
  return { kind: 'rate', ...open, measureMs, mostConnections: MOST_CONNECTIONS, countErrors: false };
}

function planOf({ id, name, source, parameters }: LoadedScenario): ScenarioPlan {
  return {
    id,
    name,
    source,
    question: '',
    parameters,
    requestClasses: [],
    iterations: 1,
    calibration: null,
    limit: null,
    rates: [],
  };
}
