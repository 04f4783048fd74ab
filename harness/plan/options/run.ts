/** What `run` was asked to do, complete and checked. Nothing downstream sees the command line. */
import { UserError } from '../../errors.ts';
import type { Cell, External, FaultPlan, LatencyPlan, Placement, Rate } from '../../store/schema.ts';
import { defaultConnections, MOST_CONNECTIONS, mostConnections, OTHER_FILES } from '../connections.ts';
import { checkAmount, type SeriesAsked } from '../series/points.ts';
import { valuesOf } from '../series/values.ts';
import { expectedMs } from '../schedule/outlook.ts';
import { checkRuntimes, type Runtime } from '../schedule/runtimes.ts';
import { seedOfPlan } from '../schedule/seed.ts';
import { lookAfter } from '../../stats/looks.ts';
import { type GivenRequest, type GivenServers, parseExternals, parseGiven, type ServerRequest } from './external.ts';
import { type FaultRequest, parseFaults } from './faults.ts';
import { type AskedService, parseService, type ServiceRequest } from './service.ts';
import { type CpusToPlace, type Pinned, pinnedFor, placementFor } from './placement.ts';
import { defaultPreset, type Preset, type PresetName, presets } from './presets.ts';
import { parseRates } from './rates.ts';
import { expandScenarios, isPath } from './scenario.ts';
import { parseSlo } from './slo.ts';
import {
  DEFAULT_MARGIN,
  didYouMean,
  integerFlag,
  milliseconds,
  oneOf,
  parseBudget,
  parseMargin,
  withoutRepeats,
} from './values.ts';

type ConnectionMode = Cell['connectionMode'];

export const CONNECTION_MODES: readonly ConnectionMode[] = ['keep-alive', 'per-request'];
export const ARRIVALS: readonly LatencyPlan['arrivals'][] = ['poisson', 'constant'];

export interface RunOptions extends Pick<Preset, 'rounds' | 'measureMs'> {
  readonly scenarios: readonly string[];
  /** Workloads of a service of the user, measured beside them. */
  readonly services: readonly AskedService[];
  /** Servers of the user that scenarios take instead of one that is started. */
  readonly given: GivenServers;
  /** Commands and addresses that serve them, beside the models. */
  readonly externals: readonly External[];
  /** Names of built-in models, and paths of files of the user. */
  readonly models: readonly string[];
  /** Those of them that nobody named, but `all` or a pattern did: one that cannot run here is shown with the reason. */
  readonly optionalModels: readonly string[];
  /** Those that servers of models run on, each model on each; empty for that of the harness. */
  readonly runtimes: readonly Runtime[];
  /** The most of a series. */
  readonly workers: number;
  /** Of what is to be measured at several points, which points. */
  readonly series: SeriesAsked;
  /** The most of a series. Null when they were not asked for: then they follow from each scenario. */
  readonly connections: number | null;
  readonly connectionModes: readonly ConnectionMode[];
  readonly preset: PresetName;
  readonly seed: number;
  /** Null when the number of rounds was given: then exactly those are measured. */
  readonly budgetMs: number | null;
  /** A share: a ratio this close to 1 is no difference that matters. */
  readonly margin: number;
  /** How often a failed trial is tried again. */
  readonly retries: number;
  /** A request without a reply after this long is lost; null where that follows from the work. */
  readonly timeoutMs: number | null;
  readonly placement: Placement;
  /**
   * The placement for a scenario whose load generation would take significant CPU time from the server, with one worker
   * per CPU of the server; null when the user decided the placement, or when it cannot be done here.
   */
  readonly pinned: Pinned | null;
  /** Offered in every scenario; undefined when none were asked for and the preset has none. */
  readonly rates: readonly Rate[] | undefined;
  readonly latency: LatencyPlan;
  /** Null where none were asked for. */
  readonly faults: FaultPlan | null;
}

/** What came from the command line or from a program; everything may be left out. */
export interface RunRequest extends ServiceRequest, ServerRequest, GivenRequest, FaultRequest {
  /** Those of a config file, by name. */
  readonly workloads?: Readonly<Record<string, ServiceRequest>> | undefined;
  readonly scenario?: readonly string[] | undefined;
  readonly model?: readonly string[] | undefined;
  /** Paths of Node.js binaries, of which `Choices` has the versions. */
  readonly runtime?: readonly string[] | undefined;
  /** A number, or a list or range of them as text. */
  readonly workers?: number | string | undefined;
  readonly connections?: number | string | undefined;
  readonly breakEven?: boolean | undefined;
  /** Measure a series also where it takes long. */
  readonly yes?: boolean | undefined;
  readonly rounds?: number | undefined;
  readonly budget?: string | undefined;
  readonly margin?: string | undefined;
  readonly duration?: string | undefined;
  readonly timeout?: string | undefined;
  readonly preset?: string | undefined;
  readonly seed?: number | undefined;
  readonly generators?: number | undefined;
  readonly isolate?: number | undefined;
  readonly retries?: number | undefined;
  readonly rate?: readonly string[] | undefined;
  readonly arrivals?: string | undefined;
  readonly connectionMode?: readonly string[] | undefined;
  readonly sweep?: boolean | undefined;
  readonly slo?: string | undefined;
}

/** What the machine and the registries offer. */
export interface Choices {
  readonly models: readonly string[];
  /** Those that are measured when none is named. */
  readonly defaultModels: readonly string[];
  readonly defaultScenarios: readonly string[];
  readonly cpus: CpusToPlace;
  /** Where none is given; null for that of the plan. */
  readonly seed: number | null;
  /** What is at the paths of `--runtime`. */
  readonly runtimes?: readonly Runtime[];
  /** Files that one process may hold open; null without a limit. */
  readonly openFiles: number | null;
}

/** More workers per CPU than this would measure the scheduler. On few CPUs, as many as on many may still be tried. */
const MOST_PER_CPU = 16;
const MOST_ON_FEW_CPUS = 64;
const MOST_ROUNDS = 10_000;
const MOST_RETRIES = 10;
const DEFAULT_RETRIES = 2;

/** Fills in the defaults and checks every value. Throws UserError. */
export function resolveOptions(request: RunRequest, choices: Choices): RunOptions {
  const preset = presetNamed(request.preset ?? defaultPreset);
  const eachConnections = numbersOf('--connections', request.connections).map(connectionsWithin);
  const asked = eachConnections.at(-1);
  const placement = placementFor(request, eachConnections[0] ?? MOST_CONNECTIONS, choices.cpus);
  const free = placement.kind === 'isolated' ? placement.serverCpus.length : choices.cpus.count;
  const eachWorkers = numbersOf('--workers', request.workers).map((one) => workersWithin(one, free));
  const workers = eachWorkers.at(-1) ?? workersWithin(undefined, free);
  const connections = asked ?? defaultConnections(workers, null);
  checkOpenFiles(connections, choices.openFiles);
  const connectionModes = connectionModesOf(request.connectionMode);
  const isExternal = (request.command ?? request.url) !== undefined;
  const services = servicesOf(request, isExternal);
  const isHosted = services.every(({ file }) => file !== null);
  if (isExternal) checkAlone(request, isHosted);
  const { runtimes = [] } = choices;
  checkRuntimes(runtimes, isHosted);
  const measureMs = request.duration === undefined ? undefined : milliseconds('--duration', request.duration);
  const named =
    withoutRepeats('--scenario', request.scenario) ?? (services.length === 0 ? choices.defaultScenarios : []);
  const { scenarios, parameters } = expandScenarios(named);
  const externals = parseExternals(request, choices.models, services);
  const rates = parseRates(request.rate, placement.generators, connectionModes);
  const latency = latencyOf(request, presets[preset], measureMs, mostConnections(connections, choices.openFiles));
  const plan: Omit<RunOptions, 'seed'> = {
    scenarios,
    services,
    given: parseGiven(request, scenarios),
    externals,
    ...modelsAsked(withoutRepeats('--model', request.model) ?? (isHosted ? choices.defaultModels : []), choices.models),
    runtimes,
    workers,
    series: {
      workers: eachWorkers.length > 1 ? eachWorkers : null,
      connections: eachConnections.length > 1 ? eachConnections : null,
      parameters,
      breakEven: request.breakEven ?? false,
    },
    connections: asked ?? null,
    connectionModes,
    preset,
    rounds: rounds(request, presets[preset].rounds),
    budgetMs: budgetOf(request, presets[preset].budgetMs),
    margin: parseMargin(request.margin ?? DEFAULT_MARGIN),
    measureMs: measureMs ?? presets[preset].measureMs,
    timeoutMs: request.timeout === undefined ? null : milliseconds('--timeout', request.timeout),
    retries: integerFlag('--retries', request.retries ?? DEFAULT_RETRIES, 0, MOST_RETRIES),
    placement,
    pinned: request.workers === undefined && placement.kind === 'shared' ? pinnedFor(placement, choices.cpus) : null,
    rates: rates ?? sharesOf(presets[preset]),
    latency,
    faults: parseFaults(request, {
      ...{ externals, rates, arrivals: latency.arrivals, mostConnections: latency.mostConnections },
      rounds: rounds(request, presets[preset].faultRounds),
      eachMs: measureMs,
    }),
  };
  checkSeries(plan, request);
  return { ...plan, seed: integerFlag('--seed', request.seed ?? choices.seed ?? seedOfPlan(plan), 0, 2 ** 32 - 1) };
}

function latencyOf(request: RunRequest, preset: Preset, measureMs: number | undefined, mostOpen: number): LatencyPlan {
  return {
    arrivals: oneOf('--arrivals', request.arrivals ?? 'poisson', ARRIVALS),
    rounds: rounds(request, preset.rateRounds),
    measureMs: measureMs ?? preset.rateMeasureMs,
    mayStretch: measureMs === undefined,
    mostConnections: mostOpen,
    sweep: request.sweep ?? false,
    equalWork: request.rate === undefined && request.slo === undefined && request.rounds === undefined,
    slo: request.slo === undefined ? null : parseSlo(request.slo),
  };
}

/** None when nothing was given. */
function numbersOf(flag: string, given: number | string | undefined): readonly number[] {
  if (given === undefined) return [];
  return typeof given === 'number' ? [given] : valuesOf(flag, given, 'count');
}

/** Throws a UserError for a search without a range, and for what takes long and was not confirmed. */
function checkSeries(
  { series, ...options }: Omit<RunOptions, 'seed'>,
  { yes = false, workers, connections }: RunRequest,
): void {
  if (series.breakEven && !series.parameters.some(({ points }) => points.length > 1)) {
    throw new UserError('--break-even needs a range of work per request; write for example -s cpu:ms=0.01..10');
  }
  const models = options.models.length * Math.max(1, options.runtimes.length) + options.externals.length;
  if (series.breakEven && (models < 2 || !options.models.includes('single'))) {
    throw new UserError('--break-even compares models with single; give several, or leave --model out');
  }
  const points = (series.workers?.length ?? 1) * (series.connections?.length ?? 1);
  const flag =
    series.workers !== null
      ? `--workers ${workers}`
      : series.connections !== null
        ? `--connections ${connections}`
        : series.parameters.length > 0
          ? `--scenario with ${options.scenarios.length.toLocaleString('en-US')} points`
          : null;
  if (flag === null) return;
  const cells = points * (options.scenarios.length + options.services.length) * models * options.connectionModes.length;
  const rounds = options.budgetMs === null ? options.rounds : Math.max(options.rounds, lookAfter(0));
  const trialMs = expectedMs({ load: { kind: 'capacity' } }, options);
  checkAmount({ cells, rounds, trialMs, isWanted: yes }, flag);
}

/** A command serves what it serves, and cannot be given the handler of a scenario. Throws UserError. */
export function checkAlone({ scenario, model }: Pick<RunRequest, 'scenario' | 'model'>, isHosted: boolean): void {
  if (scenario !== undefined) {
    throw new UserError('--scenario is a handler for models, which a command does not serve; leave it out');
  }
  if (!isHosted && model !== undefined) {
    throw new UserError(
      '--model needs something to run; give the file of your service with --app, or leave --model out',
    );
  }
}

function servicesOf(request: RunRequest, isServed: boolean): readonly AskedService[] {
  const { workloads = {} } = request;
  const named = Object.entries(workloads).map(([name, one]) => {
    try {
      return parseService(one, isServed, name);
    } catch (error) {
      throw error instanceof UserError ? new UserError(`workload ${name}: ${error.message}`) : error;
    }
  });
  const isServedAlone = isServed && named.length === 0;
  return [parseService(request, isServedAlone), ...named].filter((service) => service !== null);
}

function rounds(request: RunRequest, preset: number): number {
  return integerFlag('--rounds', request.rounds ?? preset, 1, MOST_ROUNDS);
}

/** Null when the number of rounds was given. */
function budgetOf({ rounds, budget }: RunRequest, preset: number): number | null {
  if (budget === undefined) return rounds === undefined ? preset : null;
  if (rounds === undefined) return parseBudget(budget);
  throw new UserError('--budget and --rounds exclude each other; give one of them');
}

function sharesOf({ rateShares }: Preset): readonly Rate[] | undefined {
  return rateShares.length === 0 ? undefined : rateShares.map((share) => ({ kind: 'share', share }));
}

function connectionsWithin(asked: number): number {
  return integerFlag('--connections', asked, 1, MOST_CONNECTIONS);
}

/** A front end holds every connection, and so does a single generator; a handler that calls a service needs as many again. */
function checkOpenFiles(connections: number, openFiles: number | null): void {
  if (openFiles === null || connections + OTHER_FILES <= openFiles) return;
  const most = openFiles - OTHER_FILES;
  const way = most < 1 ? '' : `, or give at most --connections ${most}`;
  throw new UserError(
    `--connections ${connections}: a process may open only ${openFiles} files here; raise the limit with ulimit -n${way}`,
  );
}

/** The number of workers: one per CPU, or what was asked for within reason. Throws a UserError that names the flag. */
export function workersWithin(asked: number | undefined, cpus: number): number {
  return integerFlag('--workers', asked ?? cpus, 1, Math.max(MOST_ON_FEW_CPUS, MOST_PER_CPU * cpus));
}

/** Every model that is named, and those of `all` and of patterns such as `listener*`. Throws UserError. */
function modelsAsked(
  asked: readonly string[],
  known: readonly string[],
): Pick<RunOptions, 'models' | 'optionalModels'> {
  const isPattern = (name: string): boolean => !isPath(name) && (name === ALL || /[*?]/u.test(name));
  const models = asked.flatMap((name) =>
    isPattern(name) ? matching(name, known) : [isPath(name) ? name : modelNamed(name, known)],
  );
  const named = asked.filter((name) => !isPattern(name));
  return { models: [...new Set(models)], optionalModels: models.filter((name) => !named.includes(name)) };
}

/** In `--model`: every built-in one. */
const ALL = 'all';

function matching(pattern: string, known: readonly string[]): readonly string[] {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/gu, '\\$&');
  const like = new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'u');
  const found = pattern === ALL ? known : known.filter((name) => like.test(name));
  if (found.length > 0) return found;
  throw new UserError(`--model ${pattern}: no model has a name like that; there are ${known.join(', ')}`);
}

/** The name when it is known. Throws a UserError with the nearest one. */
export function modelNamed(name: string, known: readonly string[]): string {
  if (known.includes(name)) return name;
  throw new UserError(
    `--model ${name}: unknown model.${didYouMean(name, known)} A file of yours needs a path: ./${name}.js`,
  );
}

function presetNamed(name: string): PresetName {
  const names = Object.keys(presets);
  const found = names.find((known): known is PresetName => known === name);
  if (found !== undefined) return found;
  throw new UserError(`--preset ${name}: unknown preset.${didYouMean(name, names)}`);
}

function connectionModesOf(names: readonly string[] | undefined): readonly ConnectionMode[] {
  const asked = withoutRepeats('--connection-mode', names) ?? ['keep-alive'];
  return asked.map((name) => oneOf('--connection-mode', name, CONNECTION_MODES));
}
