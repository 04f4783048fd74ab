/**
 * Where a scenario is measured, with how many workers and over how many connections: the same for all models, and such that
 * the server is the limit. What was not asked for is found by short trials of one process, which are not part of the run.
 */
import { connectionsToFill, isWorthMore, loadMatters, mostlyWaits } from '../../judge/next/common-ground.ts';
import { defaultConnections, mostConnections } from '../../plan/connections.ts';
import type { RunOptions } from '../../plan/options/run.ts';
import { type CommonGround, cellsOf, type PlannedModel } from '../../plan/schedule/cells.ts';
import type { Environment, Measurement, ScenarioPlan, Trial } from '../../store/schema.ts';
import type { Fingerprints } from '../replies/verify.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import type { TrialRequest } from '../trial/trial.ts';

export interface GroundSettings {
  readonly options: Pick<RunOptions, 'workers' | 'connections' | 'placement' | 'pinned'>;
  readonly environment: Environment;
  readonly loaded: LoadedScenario;
  readonly plan: Omit<ScenarioPlan, 'limit' | 'rates'>;
  readonly expected: Fingerprints;
  /** The model that takes the least CPU time per request: it shows first what is in its way. */
  readonly model: PlannedModel;
}

/** How a trial is run. */
type RunTrial = (request: TrialRequest, signal: AbortSignal) => Promise<Trial>;

/** A kernel from this many milliseconds on makes load generation small beside it. */
const LONG_KERNEL_MS = 1;
const WINDOW_MS = 300;
const WARM_UP_MS = 800;
/** Each step comes nearer to what fills the server, because a request costs less the busier it is. */
const MOST_STEPS = 4;
/** More connections than this take longer to open than a trial takes. */
const MOST_CONNECTIONS = 4096;
/** Once its code is warm, a request takes less CPU time than in a short trial, and with another model it may take less still. */
const TO_SPARE = 2;
/** A number that can be shared evenly by most numbers of workers, and read. */
const MULTIPLE = 16;

export async function commonGround(
  runTrial: RunTrial,
  settings: GroundSettings,
  signal: AbortSignal,
): Promise<CommonGround> {
  const { options, plan } = settings;
  const kernelCpuMs = plan.calibration?.kernelCpuMs ?? null;
  const asked: CommonGround = {
    workers: options.workers,
    connections: options.connections ?? atLeast(options, defaultConnections(options.workers, kernelCpuMs)),
    placement: options.placement,
  };
  const isSettled = options.connections !== null && options.pinned === null;
  if (isSettled || (kernelCpuMs !== null && kernelCpuMs >= LONG_KERNEL_MS)) return asked;
  let seen = await probed(runTrial, settings, asked, signal);
  if (seen === null) return asked;
  let ground = asked;
  if (options.pinned !== null && loadMatters(seen)) {
    const workers = options.pinned.serverCpus.length;
    const connections = options.connections ?? atLeast(options, defaultConnections(workers, kernelCpuMs));
    ground = { workers, connections, placement: options.pinned };
  }
  if (options.connections !== null || !mostlyWaits(seen, asked.connections)) return ground;
  // One process fills one CPU; the models with more workers need as many times its connections.
  let { connections } = ground;
  for (let step = 0; step < MOST_STEPS; step++) {
    const wanted: number | null = connectionsToFill(seen, connections);
    if (wanted === null) break;
    const next = Math.min(most(settings), rounded(wanted));
    if (next <= connections) break;
    const again = await probed(runTrial, settings, { ...ground, connections: next }, signal);
    if (again === null || !isWorthMore(seen, again)) break;
    connections = next;
    seen = again;
  }
  // Where more were of no use they wait for something that more of them cannot fill, such as a full pool of threads.
  if (connections === ground.connections) return ground;
  return { ...ground, connections: Math.min(most(settings), rounded(connections * TO_SPARE * ground.workers)) };
}

/** Every generator has one connection at least. */
function atLeast({ placement }: Pick<RunOptions, 'placement'>, connections: number): number {
  return Math.max(connections, placement.generators);
}

function most({ environment: { openFiles } }: GroundSettings): number {
  return Math.min(MOST_CONNECTIONS, mostConnections(MOST_CONNECTIONS, openFiles));
}

function rounded(connections: number): number {
  return Math.ceil(connections / MULTIPLE) * MULTIPLE;
}

/** A short trial of one process; null when it fails, which the trials of the run will tell more about. */
async function probed(
  runTrial: RunTrial,
  { loaded, plan, expected, model, environment }: GroundSettings,
  ground: CommonGround,
  signal: AbortSignal,
): Promise<Measurement | null> {
  const [cell] = cellsOf([{ id: plan.id, ground: { ...ground, workers: 1 } }], [model], ['keep-alive']);
  if (cell === undefined) return null;
  const times = { measureMs: WINDOW_MS, warmUpLimitMs: WARM_UP_MS };
  const visit = { cell, round: 0, attempt: 0, seed: 0, repeatedFor: [] };
  const { outcome } = await runTrial(
    {
      ...visit,
      ...times,
      plan: { ...plan, limit: null, rates: [] },
      loaded,
      expected,
      environment,
      modelUrl: model.url,
    },
    signal,
  );
  return outcome.status === 'ok' ? outcome.measurement : null;
}
