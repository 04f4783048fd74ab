/**
 * The placement, workers and connections with which a scenario is measured: the same for all models, and such that the server
 * is the limit. What the user did not set is found by short trials of one process, which are not part of the run.
 */
import { connectionsToFill, isWorthMore, loadMatters, mostlyWaits } from '../../judge/next/common-ground.ts';
import { defaultConnections, mostConnections } from '../../plan/connections.ts';
import type { RunOptions } from '../../plan/options/run.ts';
import { type CommonGround, cellsOf, type PlannedModel } from '../../plan/schedule/cells.ts';
import type { Environment, Measurement, ScenarioPlan, Trial } from '../../store/schema.ts';
import type { Fingerprints } from '../replies/verify.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import type { TrialRequest } from '../trial/request.ts';

export interface GroundSettings {
  readonly options: Pick<RunOptions, 'workers' | 'connections' | 'placement' | 'pinned'>;
  readonly environment: Environment;
  readonly loaded: LoadedScenario;
  readonly plan: Omit<ScenarioPlan, 'limit' | 'rates'>;
  readonly expected: Fingerprints;
  /** The model that takes the least CPU time per request: other limits show first with it. */
  readonly model: PlannedModel;
}

/** How a trial is run. */
type RunTrial = (request: TrialRequest, signal: AbortSignal) => Promise<Trial>;

/** From this many milliseconds on, a kernel outweighs the cost of generating the load. */
const LONG_KERNEL_MS = 1;
const WINDOW_MS = 300;
const WARM_UP_MS = 800;
/** Each step comes closer to what saturates the server, because a request costs less the busier it is. */
const MOST_STEPS = 4;
/** Opening more connections than this takes longer than a trial. */
const MOST_CONNECTIONS = 4096;
/** Warm code needs less CPU time per request than a short trial shows, and another model may need even less. */
const SPARE_FACTOR = 2;
/** Easy to read, and divisible by most numbers of workers. */
const MULTIPLE = 16;

export async function commonGround(
  runTrial: RunTrial,
  settings: GroundSettings,
  signal: AbortSignal,
): Promise<CommonGround> {
  const { options, plan, loaded } = settings;
  const kernelCpuMs = plan.calibration?.kernelCpuMs ?? null;
  const asked: CommonGround = {
    workers: options.workers,
    connections: options.connections ?? atLeast(options, defaultConnections(options.workers, kernelCpuMs)),
    placement: options.placement,
  };
  const pinned = loaded.severalWorkers ? null : options.pinned;
  const isSettled = options.connections !== null && pinned === null;
  if (isSettled || (kernelCpuMs !== null && kernelCpuMs >= LONG_KERNEL_MS)) return asked;
  // No request would complete within a probe.
  if ((loaded.waitingMs ?? 0) >= WINDOW_MS) return asked;
  let seen = await probed(runTrial, settings, asked, signal);
  if (seen === null) return asked;
  let ground = asked;
  if (pinned !== null && loadMatters(seen)) {
    const workers = pinned.serverCpus.length;
    const connections = options.connections ?? atLeast(options, defaultConnections(workers, kernelCpuMs));
    ground = { workers, connections, placement: pinned };
  }
  if (options.connections !== null || !mostlyWaits(seen, asked.connections)) return ground;
  // One process saturates one CPU; models with more workers need as many times its connections.
  let { connections } = ground;
  for (let step = 0; step < MOST_STEPS; step++) {
    const enough: number | null = connectionsToFill(seen, connections);
    if (enough === null) break;
    const next = Math.min(most(settings), rounded(enough));
    if (next <= connections) break;
    const again = await probed(runTrial, settings, { ...ground, connections: next }, signal);
    if (again === null || !isWorthMore(seen, again)) break;
    connections = next;
    seen = again;
  }
  // Where more connections did not help, requests wait for something else, such as a full thread pool.
  if (connections === ground.connections) return ground;
  return { ...ground, connections: Math.min(most(settings), rounded(connections * SPARE_FACTOR * ground.workers)) };
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

/** A short trial of one process; null when it fails, because the trials of the run will say more about that. */
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
      launch: model.launch,
    },
    signal,
  );
  return outcome.status === 'ok' ? outcome.measurement : null;
}
