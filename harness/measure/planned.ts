/** One scenario of a new run: sizes its work, checks that all models send the same replies, and plans each of its points. */
import { scenariosWithService } from '../../scenarios/index.ts';
import { asUserError, UserError } from '../errors.ts';
import { scenarioWords } from '../judge/words.ts';
import { shownGiven } from '../plan/options/external.ts';
import { usualRates } from '../plan/options/rates.ts';
import type { RunOptions } from '../plan/options/run.ts';
import { checkSloClasses } from '../plan/options/slo.ts';
import { type CommonGround, cellsOf, type PlannedModel, wavesMs } from '../plan/schedule/cells.ts';
import type { OnRuntime } from '../plan/schedule/runtimes.ts';
import { pointId, type Setting, settingsOf, settingWords } from '../plan/series/points.ts';
import type { Cell, Environment, ScenarioPlan } from '../store/schema.ts';
import { type Calibration, cpusForWork, limitFor } from './calibration/calibrate.ts';
import type { Measuring } from './measuring.ts';
import { type Fingerprints, isChunked, toldOf } from './replies/verify.ts';
import type { RunListener } from './run.ts';
import type { LoadedScenario } from './scenario/load.ts';
import { binariesOf } from './server/models.ts';

/** A scenario as it was asked for. */
export interface AskedScenario {
  /** Every way in which it was written; none for a service. */
  readonly arguments: readonly string[];
  readonly loaded: LoadedScenario;
}

/** What was found of one scenario: a plan for each of its points. */
export interface Planned {
  readonly loaded: LoadedScenario;
  readonly plans: readonly ScenarioPlan[];
  readonly cells: readonly Cell[];
  readonly expected: Fingerprints;
}

export interface Planning {
  readonly measuring: Measuring;
  readonly options: RunOptions;
  readonly environment: Environment;
  readonly models: readonly PlannedModel[];
  readonly runtimes: readonly OnRuntime[];
  readonly listener: Pick<RunListener, 'preparing' | 'told'>;
  readonly signal: AbortSignal;
}

/** Throws UserError. */
export async function planned(
  { arguments: written, loaded: one }: AskedScenario,
  planning: Planning,
): Promise<Planned> {
  const { measuring, options, environment, models, runtimes, listener, signal } = planning;
  checkAsked(one, options);
  const boundTo = options.placement.kind === 'isolated' ? options.placement.serverCpus : null;
  if (one.kernel !== null) listener.preparing(`${one.id}: calibrating`);
  const timed = (workers: number, iterations: number | null): Promise<Calibration> => {
    const cpus = cpusForWork(one, workers, options.placement, environment);
    return asUserError(`scenario ${one.id}: its kernel failed`, signal, () =>
      measuring.calibrate(one, { cpus, boundTo, iterations, binaries: binariesOf(runtimes) }, signal),
    );
  };
  const sized = await timed(options.workers, null);
  listener.preparing(`${one.id}: comparing all replies`);
  const keepAlive = options.connectionModes.includes('keep-alive');
  const { workers, timeoutMs } = options;
  const request = { loaded: one, iterations: sized.iterations, models, workers, keepAlive, timeoutMs };
  const { expected, unable } = await measuring.preflight(request, signal);
  checkEachRuns(one, runtimes, unable);
  tellAbout(listener, one, one.id, expected);
  listener.preparing(`${one.id}: finding connections and placement`);
  const [model] = models.filter(({ name }) => !unable.has(name)).toSorted(aloneFirst);
  if (model === undefined) throw new Error(`no model can run ${one.id}`);
  const plan = planOf(one, sized);
  // Points of a series have one placement: two would differ in more than in what is varied.
  const isPoint = options.series.parameters.some(({ points }) =>
    points.some(({ argument }) => written.includes(argument)),
  );
  const own = isPoint ? { ...options, pinned: null } : options;
  const ground = await measuring.commonGround(
    { options: own, environment, loaded: one, plan, expected, model },
    signal,
  );
  const plans: ScenarioPlan[] = [];
  const cells: Cell[] = [];
  const cpusAt = (common: CommonGround): number => cpusForWork(one, common.workers, common.placement, environment);
  for (const setting of settingsOf(options.series)) {
    const at = groundAt(setting, ground, options);
    const isFewer = one.kernel !== null && cpusAt(at) < cpusAt(ground);
    const { calibration } = isFewer ? await timed(at.workers, sized.iterations) : sized;
    const id = pointId(one.id, setting);
    const words = settingWords(setting);
    plans.push({
      ...plan,
      id,
      inWords: words === '' ? plan.inWords : `${scenarioWords(plan)}, ${words}`,
      calibration,
      requestClasses: plan.requestClasses.map((asked) => {
        const print = expected.get(asked.name);
        return print !== undefined && isChunked(print) ? { ...asked, isChunked: true } : asked;
      }),
      limit: limitFor(one, calibration, cpusAt(at), at.connections),
      rates: options.rates ?? (one.openLoop ? usualRates() : []),
    });
    const all = cellsOf([{ id, ground: at }], models, options.connectionModes);
    cells.push(...all.map((cell) => ({ ...cell, unable: unable.get(cell.model) ?? null })));
  }
  return { loaded: one, plans, cells, expected };
}

/** Throws a UserError for a window that is over before a request is. */
function checkWindow({ id, kernel, waitingMs }: LoadedScenario, { measureMs, latency }: RunOptions): void {
  if (kernel !== null || waitingMs === null || latency.mayStretch || waitingMs <= measureMs) return;
  throw new UserError(
    `--duration ${seconds(measureMs)}: a request of scenario ${id} waits ${seconds(waitingMs)}, so none would end within; give --duration ${seconds(wavesMs(waitingMs))}, or leave it out`,
  );
}

function seconds(ms: number): string {
  return `${Number((ms / 1000).toPrecision(3))}s`;
}

/** Throws a UserError for what this scenario does not have, or is too long for. */
function checkAsked(one: LoadedScenario, options: RunOptions): void {
  const { latency, faults } = options;
  const classes = one.classes.map(({ name }) => name);
  if (latency.slo !== null) checkSloClasses(latency.slo, one.id, classes);
  checkStalls(one, faults);
  checkWindow(one, options);
}

/** Only a service that is started for the run is stopped for a while. */
function checkStalls({ id, name, source, hasSetUp, given }: LoadedScenario, faults: RunOptions['faults']): void {
  if (faults?.faults.every(({ kind }) => kind !== 'upstream-stall') ?? true) return;
  const flag = '--fault upstream-stall';
  if (given !== null) {
    throw new UserError(`${flag}: what runs already is not stopped; leave --${name} out, so that one is started`);
  }
  const hasService = source.kind === 'built-in' ? scenariosWithService.some((one) => one === name) : hasSetUp;
  if (hasService) return;
  const those = scenariosWithService.map((one) => `-s ${one}`).join(', ');
  throw new UserError(`${flag}: ${id} has no service that could stall; of the built-in scenarios ${those} have one`);
}

/** The common ground of a point: that of the scenario but for what is varied. */
function groundAt({ workers, connections }: Setting, ground: CommonGround, { series }: RunOptions): CommonGround {
  const even = series.workers === null ? ground.connections : multipleOf(series.workers, ground.connections);
  return { ...ground, workers: workers ?? ground.workers, connections: connections ?? even };
}

/** So many connections or a few more, such that each of these numbers of workers gets as many as the others; as they are where that takes many more. */
function multipleOf(workers: readonly number[], connections: number): number {
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
  const common = workers.reduce((a, b) => (a * b) / gcd(a, b), 1);
  const even = Math.ceil(connections / common) * common;
  return even <= 2 * connections ? even : connections;
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
