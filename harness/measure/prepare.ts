/** Before the first trial: loads the scenarios, sizes their work, and checks that all models send the same replies. */
import { asUserError, UserError } from '../errors.ts';
import { mostConnections } from '../plan/connections.ts';
import { checkNames, type GivenServers, shownGiven } from '../plan/options/external.ts';
import { usualRates } from '../plan/options/rates.ts';
import type { RunOptions } from '../plan/options/run.ts';
import { checkSloClasses } from '../plan/options/slo.ts';
import { type CommonGround, cellsOf, type PlannedModel } from '../plan/schedule/cells.ts';
import { type OnRuntime, onEach, type Runtime } from '../plan/schedule/runtimes.ts';
import {
  type Cell,
  type Environment,
  type External,
  type Manifest,
  RULES,
  SCHEMA_VERSION,
  type ScenarioPlan,
} from '../store/schema.ts';
import { type Calibration, limitFor } from './calibration/calibrate.ts';
import type { Measuring } from './measuring.ts';
import { type Fingerprints, toldOf } from './replies/verify.ts';
import type { Prepared, RunListener } from './run.ts';
import { type LoadedScenario, loadPlanned, loadScenario, loadService } from './scenario/load.ts';
import { binariesOf, type LoadedModel, loadModels, launchOf, type Startable } from './server/models.ts';
import { checkUnchanged } from './user-file.ts';

/** Plans a new run. Throws UserError, also when models do not send the same replies. */
export async function prepare(
  measuring: Measuring,
  options: RunOptions,
  about: { readonly version: string; readonly startedAt: Date },
  listener: Pick<RunListener, 'preparing' | 'told'>,
  signal: AbortSignal,
): Promise<Prepared> {
  const environment = environmentOn(measuring.environment(), options.runtimes);
  const hosted = await loadModels(measuring.describeModel, options.models, signal);
  const names = hosted.map(({ name }) => name);
  checkNames(options.externals, names);
  const runtimes = onEach(names, options.runtimes);
  const described = { ownModels: ownModelsOf(hosted), externals: options.externals, runtimes };
  const models: readonly PlannedModel[] = [
    ...(runtimes.length === 0 ? hosted : runtimes.map((one) => plannedOn(one, hosted, described))),
    ...options.externals.map(plannedExternal),
  ];
  const loaded = await loadAll(measuring, options, signal);
  const plans: ScenarioPlan[] = [];
  const cells: Cell[] = [];
  const expected = new Map<string, Fingerprints>();
  for (const one of loaded.values()) {
    const classes = one.classes.map(({ name }) => name);
    if (options.latency.slo !== null) checkSloClasses(options.latency.slo, one.id, classes);
    const boundTo = options.placement.kind === 'isolated' ? options.placement.serverCpus : null;
    const cpus = cpusOf(options, environment);
    if (one.kernel !== null) listener.preparing(`${one.id}: calibrating`);
    const sized = await asUserError(`scenario ${one.id}: its kernel failed`, signal, () =>
      measuring.calibrate(one, { cpus, boundTo, iterations: null, binaries: binariesOf(runtimes) }, signal),
    );
    listener.preparing(`${one.id}: comparing all replies`);
    const keepAlive = options.connectionModes.includes('keep-alive');
    const request = { loaded: one, iterations: sized.iterations, models, workers: options.workers, keepAlive };
    const { expected: prints, unable } = await measuring.preflight(request, signal);
    checkEachRuns(one, runtimes, unable);
    expected.set(one.id, prints);
    tellAbout(listener, one, one.id, prints);
    listener.preparing(`${one.id}: finding connections and placement`);
    const [model] = models.filter(({ name }) => !unable.has(name)).toSorted(aloneFirst);
    if (model === undefined) throw new Error(`no model can run ${one.id}`);
    const plan = planOf(one, sized);
    const settings = { options, environment, loaded: one, plan, expected: prints, model };
    const ground = await measuring.commonGround(settings, signal);
    plans.push({
      ...plan,
      requestClasses: plan.requestClasses.map((asked) =>
        isChunked(prints, asked.name) ? { ...asked, isChunked: true } : asked,
      ),
      limit: limitFor(one, sized.calibration, cpusOf(ground, environment), ground.connections),
      rates: options.rates ?? (one.openLoop ? usualRates() : []),
    });
    const own = cellsOf([{ id: one.id, ground }], models, options.connectionModes);
    cells.push(...own.map((cell) => ({ ...cell, unable: unable.get(cell.model) ?? null })));
  }
  const found = { scenarios: plans, ...described, cells, environment, ab: null };
  return { manifest: manifestOf(options, options.preset, about, found), loaded, expected };
}

/** Tells what was found of the replies of a service: what is not compared, because it varies by itself. */
export function tellAbout(
  listener: Pick<RunListener, 'told'>,
  { expect }: Pick<LoadedScenario, 'expect'>,
  where: string,
  prints: Fingerprints,
): void {
  for (const [name, print] of prints)
    for (const what of toldOf(print, name, expect)) listener.told(`${where}: ${what}`);
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

/** A Node.js under which no model runs was asked for by mistake. Throws UserError. */
function checkEachRuns(
  { id }: LoadedScenario,
  runtimes: readonly OnRuntime[],
  unable: ReadonlyMap<string, { readonly message: string }>,
): void {
  for (const { name, runtime } of runtimes) {
    const why = unable.get(name);
    const isSame = (one: OnRuntime): boolean => one.runtime.path === runtime.path;
    if (why === undefined || runtimes.some((one) => isSame(one) && !unable.has(one.name))) continue;
    throw new UserError(`--runtime ${runtime.path}: no model runs ${id} on Node ${runtime.version}: ${why.message}`);
  }
}

function plannedExternal(external: External): PlannedModel {
  return { name: external.name, style: 'external', launch: external };
}

/** A pool sends no reply in pieces, so that is known from other models alone. */
function isChunked(prints: Fingerprints, name: string): boolean {
  return prints.get(name)?.headerLines.some((line) => /^transfer-encoding:.*chunked/i.test(line)) === true;
}

/** CPUs that the workers can use at once. */
function cpusOf(
  { workers, placement }: Pick<CommonGround, 'workers' | 'placement'>,
  { availableCpus }: Environment,
): number {
  return Math.min(workers, placement.kind === 'isolated' ? placement.serverCpus.length : availableCpus.capacity);
}

/** A single process takes the least CPU time per request, so other limits show first with it. */
function aloneFirst(a: PlannedModel, b: PlannedModel): number {
  return Number(b.style === 'alone') - Number(a.style === 'alone');
}

/** The plan of one scenario whose work has been sized, before its connections, and so its limit and rates, are known. */
export function planOf(one: LoadedScenario, { iterations, calibration }: Calibration): ScenarioPlan {
  return {
    id: one.id,
    name: one.name,
    source: one.source,
    inWords: one.inWords,
    parameters: one.parameters,
    given: shownGiven(one.given),
    requestClasses: one.classes.map(({ name, weight }) => ({ name, weight })),
    iterations,
    calibration,
    limit: null,
    rates: [],
  };
}

/** The first line of a run file, from the options and what was found. */
export function manifestOf(
  options: Omit<
    RunOptions,
    'preset' | 'scenarios' | 'services' | 'given' | 'externals' | 'runtimes' | 'connections' | 'pinned'
  >,
  preset: string,
  about: { readonly version: string; readonly startedAt: Date },
  found: Pick<Manifest, 'scenarios' | 'ownModels' | 'externals' | 'runtimes' | 'cells' | 'environment' | 'ab'>,
): Manifest {
  const most = Math.max(...found.cells.map(({ connections }) => connections));
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
    retries: options.retries,
    measureMs: options.measureMs,
    scenarios: found.scenarios,
    ownModels: found.ownModels,
    externals: found.externals,
    runtimes: found.runtimes,
    cells: found.cells,
    latency: { ...options.latency, mostConnections: mostConnections(most, found.environment.openFiles) },
    environment: found.environment,
    placement: options.placement,
    ab: found.ab,
  };
}

/** Prepares a run that was started before, with its own plan and amount of work. Throws UserError. */
export async function prepareAgain(
  measuring: Measuring,
  manifest: Manifest,
  given: GivenServers,
  listener: Pick<RunListener, 'preparing'>,
  signal: AbortSignal,
): Promise<Prepared> {
  for (const own of manifest.ownModels) checkUnchanged('--model', `model ${own.name}`, own);
  const loaded = new Map<string, LoadedScenario>();
  const expected = new Map<string, Fingerprints>();
  for (const plan of manifest.scenarios) {
    const one = await loadPlanned(measuring.openModule, plan, signal, given);
    const cells = manifest.cells.filter(({ scenario, unable }) => scenario === plan.id && unable === null);
    const models = cells.map(({ model, style }) => ({ name: model, style, launch: launchOf(manifest, model) }));
    const workers = Math.max(...cells.map((cell) => cell.workers ?? 1));
    listener.preparing(`${plan.id}: comparing all replies`);
    loaded.set(plan.id, one);
    const request = { loaded: one, iterations: plan.iterations, models, workers };
    const found = await measuring.preflight(request, signal);
    for (const [model, { message }] of found.unable) {
      throw new UserError(
        `scenario ${plan.id} under ${model}, which could run it when the run was started: ${message}`,
      );
    }
    expected.set(plan.id, found.expected);
  }
  return { manifest, loaded, expected };
}

async function loadAll(
  { openModule }: Measuring,
  { scenarios, services, given }: Pick<RunOptions, 'scenarios' | 'services' | 'given'>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, LoadedScenario>> {
  const loaded = new Map<string, LoadedScenario>();
  for (const service of services) {
    const one = loadService(service);
    loaded.set(one.id, one);
  }
  for (const argument of scenarios) {
    const one = await loadScenario(openModule, argument, signal, given);
    const same = loaded.get(one.id);
    if (same !== undefined && same.url !== one.url) {
      throw new UserError(`--scenario ${argument}: another scenario already has the name ${one.id}; rename the file`);
    }
    loaded.set(one.id, one);
  }
  return loaded;
}

/** What is recorded of models that are files of the user. */
export function ownModelsOf(models: readonly LoadedModel[]): Manifest['ownModels'] {
  return models.flatMap(({ own }) => (own === null ? [] : [own]));
}
