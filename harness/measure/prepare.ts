/** Before the first trial: loads the scenarios, sizes their work, and checks that all models send the same replies. */
import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { scenarioTitle, scenarioWords } from '../judge/words.ts';
import { mostConnections } from '../plan/connections.ts';
import { checkNames, type GivenServers } from '../plan/options/external.ts';
import type { RunOptions } from '../plan/options/run.ts';
import type { PlannedModel } from '../plan/schedule/cells.ts';
import { YARDSTICK, YARDSTICK_ITERATIONS, yardstickCell } from '../plan/schedule/yardstick.ts';
import { scenarioOfPoint, seriesOf } from '../plan/series/points.ts';
import { type OnRuntime, onEach, type Runtime } from '../plan/schedule/runtimes.ts';
import {
  type Environment,
  type External,
  type Manifest,
  RULES,
  SCHEMA_VERSION,
  type ScenarioPlan,
} from '../store/schema.ts';
import type { Measuring } from './measuring.ts';
import { type AskedScenario, type Planned, planned, planOf } from './planned.ts';
import type { Fingerprints } from './replies/verify.ts';
import type { Prepared, RunListener } from './run.ts';
import { type LoadedScenario, loadPlanned, loadScenario, loadService } from './scenario/load.ts';
import { type LoadedModel, loadModels, launchOf, type Startable } from './server/models.ts';
import { checkUnchanged } from './user-file.ts';
import type { PreparedYardstick } from './yardstick.ts';

/** Plans a new run. Throws UserError, also when models do not send the same replies. */
export async function prepare(
  measuring: Measuring,
  options: RunOptions,
  about: { readonly version: string; readonly startedAt: Date },
  listener: Pick<RunListener, 'preparing' | 'told'>,
  signal: AbortSignal,
): Promise<Prepared> {
  const environment = environmentOn(measuring.environment(), options.runtimes);
  const hosted = await loadModels(
    measuring.describeModel,
    {
      ...options,
      binaries: options.runtimes.map(({ path }) => resolve(path)),
      newerNode: 'give one with --runtime',
    },
    signal,
  );
  const names = hosted.map(({ name }) => name);
  checkNames(options.externals, names);
  const runtimes = onEach(names, options.runtimes);
  const described = { ownModels: ownModelsOf(hosted), externals: options.externals, runtimes };
  const models: readonly PlannedModel[] = [
    ...(runtimes.length === 0 ? hosted : runtimes.map((one) => plannedOn(one, hosted, described))),
    ...options.externals.map(plannedExternal),
  ];
  const asked = await loadAll(measuring, options, signal);
  const parts: Planned[] = [];
  for (const one of asked) {
    parts.push(await planned(one, { measuring, options, environment, models, runtimes, listener, signal }));
  }
  const found = {
    scenarios: parts.flatMap(({ plans }) => plans),
    ...described,
    series: seriesOf(
      options.series,
      asked.map(({ arguments: written, loaded }) => ({
        arguments: written,
        id: loaded.id,
        words: (without) => wordsOf(loaded, without),
      })),
    ),
    breakEven: options.series.breakEven,
    cells: parts.flatMap(({ cells }) => cells),
    environment,
    ab: null,
  };
  const yardstick = await yardstickWith(measuring, YARDSTICK_ITERATIONS, listener, signal);
  return {
    manifest: manifestOf(options, options.preset, about, {
      ...found,
      yardstick: yardstick && { cell: yardstickCell(options.placement), plan: yardstickPlan(yardstick) },
    }),
    yardstick,
    loaded: new Map(parts.flatMap(({ plans, loaded }) => plans.map(({ id }) => [id, loaded] as const))),
    expected: new Map(parts.flatMap(({ plans, expected }) => plans.map(({ id }) => [id, expected] as const))),
  };
}

function yardstickPlan({ loaded }: PreparedYardstick): ScenarioPlan {
  const plan = planOf(loaded, { iterations: YARDSTICK_ITERATIONS, calibration: null });
  return { ...plan, id: YARDSTICK, inWords: 'the same work in every run', parameters: {} };
}

/** Null where it cannot be measured, which is told. */
async function yardstickWith(
  measuring: Measuring,
  iterations: number,
  listener: Pick<RunListener, 'told'>,
  signal: AbortSignal,
): Promise<PreparedYardstick | null> {
  const found = await measuring.yardstick(iterations, signal);
  if (typeof found !== 'string') return found;
  listener.told(`without a yardstick, so that later comparisons cannot tell the machine from the code: ${found}`);
  return null;
}

/** What the scenario asks for; without a parameter, its name and the others. */
function wordsOf(loaded: LoadedScenario, without: string | null): string {
  if (without === null) return scenarioWords(loaded);
  const others = Object.entries(loaded.parameters).filter(([name]) => name !== without);
  return scenarioTitle({ name: loaded.name, parameters: Object.fromEntries(others) });
}

/** The versions are those of the servers, where these have a Node.js of their own. */
function environmentOn(environment: Environment, runtimes: readonly Runtime[]): Environment {
  return { ...environment, servers: { ...environment.servers, runtimes: runtimes.map(({ version }) => version) } };
}

function plannedOn({ name, model }: OnRuntime, hosted: readonly PlannedModel[], described: Startable): PlannedModel {
  const base = hosted.find((one) => one.name === model);
  if (base === undefined) throw new Error(`model ${model} is not loaded`);
  return { name, style: base.style, launch: launchOf(described, name) };
}

/** What stands beside models, or in their place. */
export function plannedExternal(external: External): PlannedModel {
  return { name: external.name, style: 'external', launch: external };
}

/** The first line of a run file, from the options and what was found. */
export function manifestOf(
  options: Omit<
    RunOptions,
    'preset' | 'scenarios' | 'services' | 'given' | 'externals' | 'runtimes' | 'connections' | 'pinned' | 'series'
  >,
  preset: string,
  about: { readonly version: string; readonly startedAt: Date },
  found: Pick<Manifest, 'scenarios' | 'ownModels' | 'externals' | 'runtimes' | 'cells' | 'environment' | 'ab'> &
    Partial<Pick<Manifest, 'series' | 'breakEven' | 'yardstick' | 'failAbove'>>,
): Manifest {
  const most = Math.max(...found.cells.map(({ connections }) => connections));
  const openAtMost = mostConnections(most, found.environment.openFiles);
  return {
    type: 'manifest',
    tool: 'fourways',
    schema: SCHEMA_VERSION,
    version: about.version,
    rules: RULES,
    startedAt: about.startedAt.toISOString(),
    preset,
    seed: options.seed,
    rounds: options.rounds,
    budgetMs: options.budgetMs,
    margin: options.margin,
    failAbove: found.failAbove ?? null,
    retries: options.retries,
    timeoutMs: options.timeoutMs,
    measureMs: options.measureMs,
    scenarios: found.scenarios,
    ownModels: found.ownModels,
    externals: found.externals,
    runtimes: found.runtimes,
    series: found.series ?? [],
    breakEven: found.breakEven ?? false,
    cells: found.cells,
    latency: { ...options.latency, mostConnections: openAtMost },
    faults: options.faults && { ...options.faults, mostConnections: openAtMost },
    environment: found.environment,
    placement: options.placement,
    yardstick: found.yardstick ?? null,
    ab: found.ab,
  };
}

/** Before any of them is loaded: a file that has changed is not what was planned. Throws UserError. */
function checkAllUnchanged({ ownModels, scenarios }: Manifest): void {
  for (const own of ownModels) checkUnchanged('--model', `model ${own.name}`, own);
  for (const { id, source } of scenarios) {
    if (source.kind === 'file') checkUnchanged('--scenario', `scenario ${id}`, source);
    if (source.kind === 'service' && source.file !== null) checkUnchanged('--app', `app ${id}`, source.file);
  }
}

/** Prepares a run that was started before, with its own plan and amount of work. Throws UserError. */
export async function prepareAgain(
  measuring: Measuring,
  manifest: Manifest,
  given: GivenServers,
  listener: Pick<RunListener, 'preparing' | 'told'>,
  signal: AbortSignal,
): Promise<Prepared> {
  checkAllUnchanged(manifest);
  const loaded = new Map<string, LoadedScenario>();
  const expected = new Map<string, Fingerprints>();
  /** By scenario: its points send the same replies. */
  const found = new Map<string, Fingerprints>();
  for (const plan of manifest.scenarios) {
    const one = await loadPlanned(measuring.openModule, plan, signal, given);
    loaded.set(plan.id, one);
    const prints = found.get(one.id) ?? (await repliesAgain(measuring, manifest, { plan, one, listener }, signal));
    found.set(one.id, prints);
    expected.set(plan.id, prints);
  }
  if (manifest.yardstick === null) return { manifest, loaded, expected };
  const yardstick = await yardstickWith(measuring, manifest.yardstick.plan.iterations, listener, signal);
  return { manifest: yardstick === null ? { ...manifest, yardstick } : manifest, loaded, expected, yardstick };
}

/** What replies must be, from all models that could run the scenario. Throws a UserError where one cannot any more. */
async function repliesAgain(
  measuring: Measuring,
  manifest: Manifest,
  about: {
    readonly plan: ScenarioPlan;
    readonly one: LoadedScenario;
    readonly listener: Pick<RunListener, 'preparing'>;
  },
  signal: AbortSignal,
): Promise<Fingerprints> {
  const { plan, one, listener } = about;
  const cells = manifest.cells.filter(({ scenario, unable }) => scenario === plan.id && unable === null);
  const models = cells.map(({ model, style }) => ({ name: model, style, launch: launchOf(manifest, model) }));
  const ofPoints = manifest.cells.filter(({ scenario }) => scenarioOfPoint(scenario, manifest) === one.id);
  const workers = Math.max(...[...cells, ...ofPoints].map((cell) => cell.workers ?? 1));
  listener.preparing(`${one.id}: comparing all replies`);
  const { timeoutMs } = manifest;
  const request = { loaded: one, iterations: plan.iterations, models, workers, timeoutMs };
  const { unable, expected } = await measuring.preflight(request, signal);
  for (const [model, { message }] of unable) {
    throw new UserError(`scenario ${plan.id} under ${model}, which could run it when the run was started: ${message}`);
  }
  return expected;
}

async function loadAll(
  { openModule }: Measuring,
  { scenarios, services, given }: Pick<RunOptions, 'scenarios' | 'services' | 'given'>,
  signal: AbortSignal,
): Promise<readonly AskedScenario[]> {
  const all = new Map<string, AskedScenario>();
  for (const service of services) {
    const loaded = loadService(service);
    all.set(loaded.id, { arguments: [], loaded });
  }
  for (const argument of scenarios) {
    const one = await loadScenario(openModule, argument, signal, given);
    const same = all.get(one.id);
    if (same !== undefined && same.loaded.url !== one.url) {
      throw new UserError(`--scenario ${argument}: another scenario already has the name ${one.id}; rename the file`);
    }
    all.set(one.id, { arguments: [...(same?.arguments ?? []), argument], loaded: one });
  }
  return [...all.values()];
}

/** What is recorded of models that are files of the user. */
export function ownModelsOf(models: readonly LoadedModel[]): Manifest['ownModels'] {
  return models.flatMap(({ own }) => (own === null ? [] : [own]));
}
