/** Everything of the doctor that touches the machine, behind one interface, so that the rest can be tested without it. */
import { calibrate } from '../measure/calibration/calibrate.ts';
import { GeneratorPool } from '../measure/generator/pool.ts';
import { readTrialEnvironment } from '../measure/host/environment.ts';
import { planOf } from '../measure/planned.ts';
import { ProcessRegistry } from '../measure/processes/registry.ts';
import { loadScenario } from '../measure/scenario/load.ts';
import { moduleOpener } from '../measure/scenario/module.ts';
import { preflight } from '../measure/trial/preflight.ts';
import type { TrialRequest } from '../measure/trial/request.ts';
import { runTrial } from '../measure/trial/trial.ts';
import type { FaultTrial, Trial } from '../store/schema.ts';
import type { BusyFacts, QuietFacts } from './machine/checks.ts';
import { readQuietFacts, watchMachine } from './machine/facts.ts';
import { BESIDE, type OutageName, type TruthName } from './truths/known.ts';
import { loadTruth, outageTrial, type Truth, truthTrial } from './truths/trials.ts';

export interface Examining {
  /** The machine while nothing of fourways runs. To be called first. */
  quiet(signal: AbortSignal): Promise<QuietFacts>;
  /** One trial of a server whose figures are known. */
  truth(name: TruthName, signal: AbortSignal): Promise<Trial>;
  /** One trial of a server that goes wrong for a known time. */
  outage(name: OutageName, signal: AbortSignal): Promise<FaultTrial>;
  /** One trial of the cell of the A/A pairs, always the same. `round` only numbers it. */
  equal(round: number, signal: AbortSignal): Promise<Trial>;
  /** The machine since `quiet` ended. */
  busy(): BusyFacts;
  /** Ends every process that is left. */
  close(): Promise<void>;
}

/** Work of one millisecond: short enough for a thousand requests a second, long enough not to measure the generator. */
const EQUAL_SCENARIO = 'cpu:ms=1';
const ON_ONE_CPU = { cpus: 1, boundTo: null, iterations: null } as const;
const EQUAL_MODEL = 'single';
const EQUAL_CONNECTIONS = 8;
const EQUAL_WARM_UP_CAP_MS = 600;
/** Length of a window of the A/A pairs, in milliseconds: near that of a quick run. */
const EQUAL_MEASURE_MS = 800;

/** Examines this machine. */
export function examineHere(): Examining {
  // Created after `quiet`, during which no process may run, not even the cleanup process of the registry.
  let processes: { readonly registry: ProcessRegistry; readonly pool: GeneratorPool } | undefined;
  const running = (): NonNullable<typeof processes> => {
    if (processes === undefined) {
      const registry = new ProcessRegistry();
      processes = { registry, pool: new GeneratorPool(registry) };
    }
    return processes;
  };
  let busy = watchMachine();
  let truth: Promise<Truth> | undefined;
  let equal: Promise<Omit<TrialRequest, 'round'>> | undefined;
  return {
    async quiet(signal) {
      const facts = await readQuietFacts(signal);
      busy = watchMachine();
      return facts;
    },
    async truth(name, signal) {
      const { registry, pool } = running();
      truth ??= loadTruth(registry, signal);
      return truthTrial(registry, pool, name, await truth, signal);
    },
    async outage(name, signal) {
      const { registry, pool } = running();
      truth ??= loadTruth(registry, signal);
      return outageTrial(registry, pool, name, await truth, signal);
    },
    async equal(round, signal) {
      const { registry, pool } = running();
      equal ??= equalTrial(registry, signal);
      return runTrial(registry, pool, { ...(await equal), round }, signal);
    },
    busy: () => busy(),
    close: async () => processes?.registry.close(),
  };
}

async function equalTrial(registry: ProcessRegistry, signal: AbortSignal): Promise<Omit<TrialRequest, 'round'>> {
  const loaded = await loadScenario(moduleOpener(registry), EQUAL_SCENARIO, signal);
  const sized = await calibrate(registry, loaded, ON_ONE_CPU, signal);
  const models = [{ name: EQUAL_MODEL, style: 'alone' }] as const;
  const { expected } = await preflight(registry, { loaded, iterations: sized.iterations, models, workers: 1 }, signal);
  const cell = {
    id: 'doctor/equal',
    scenario: loaded.id,
    model: EQUAL_MODEL,
    style: 'alone',
    workers: 1,
    connections: EQUAL_CONNECTIONS,
    connectionMode: 'keep-alive',
    load: { kind: 'capacity' },
    placement: BESIDE,
    unable: null,
  } as const;
  const times = { warmUpLimitMs: EQUAL_WARM_UP_CAP_MS, measureMs: EQUAL_MEASURE_MS };
  return {
    cell,
    attempt: 0,
    seed: 0,
    plan: planOf(loaded, sized),
    loaded,
    expected,
    ...times,
    environment: readTrialEnvironment(),
    repeatedFor: [],
  };
}
