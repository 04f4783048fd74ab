/** Plans the two runs of `ab`: the same cells, the same amount of work, and each side with replies of its own. */
import { asUserError, CannotRun, EXIT, UserError } from '../../errors.ts';
import { AB, type AbOptions, abBudgetMs, abConnections } from '../../plan/options/ab.ts';
import { checkNames } from '../../plan/options/external.ts';
import { cellsOf, type PlannedModel, workersOf } from '../../plan/schedule/cells.ts';
import { SIDES, type Side } from '../../plan/schedule/pairs.ts';
import type { Cell, Environment, Failure, ScenarioPlan } from '../../store/schema.ts';
import { cpusForWork, limitFor } from '../calibration/calibrate.ts';
import { gitState } from '../host/git-state.ts';
import type { Measuring } from '../measuring.ts';
import { planOf, tellAbout } from '../planned.ts';
import { manifestOf, ownModelsOf, plannedExternal } from '../prepare.ts';
import { eitherVarying } from '../replies/learned.ts';
import { difference, type Fingerprint, type Fingerprints } from '../replies/verify.ts';
import type { Prepared, RunListener } from '../run.ts';
import { type LoadedScenario, loadScenario, loadService } from '../scenario/load.ts';
import type { OpenModule } from '../scenario/module.ts';
import { BUILT_IN, withNode } from '../server/launch.ts';
import { type LoadedModel, loadModels } from '../server/models.ts';
import type { Preflight } from '../trial/preflight.ts';
import type { SideWorkload } from './arguments.ts';
import { type AbSide, type BySide, isHosted, nodeOf } from './sides.ts';

/** One side, ready to be measured. */
export interface PreparedSide extends Prepared {
  /** The Node.js that its servers run on, when it is not our own. */
  readonly execPath: string | undefined;
}

export interface PreparedAb extends BySide<PreparedSide> {
  /** What the user should know before the first trial, one line each. */
  readonly notes: readonly string[];
  /** Whether the user said how long it may take at most. */
  readonly isBudgetAsked: boolean;
}

/** Throws UserError. */
export async function prepareAb(
  measuring: Measuring,
  options: AbOptions,
  sides: BySide<AbSide>,
  about: { readonly version: string; readonly startedAt: Date },
  listener: Pick<RunListener, 'preparing' | 'told'>,
  signal: AbortSignal,
): Promise<PreparedAb> {
  const environment = measuring.environment();
  const { externals } = sides.base;
  const hosted = await hostedModels(measuring, options, sides, signal);
  const models: readonly PlannedModel[] = [...hosted, ...externals.map(plannedExternal)];
  const loaded = await loadBoth(measuring, sides, signal);
  const plans: Record<Side, ScenarioPlan[]> = { base: [], head: [] };
  const expected = { base: new Map<string, Fingerprints>(), head: new Map<string, Fingerprints>() };
  const { placement, workers } = options;
  const mostWorkers = Math.max(...models.map(({ style }) => workersOf(style, workers) ?? 1));
  const connections = abConnections(options, mostWorkers);
  const boundTo = placement.kind === 'isolated' ? placement.serverCpus : null;
  const ground = { workers, connections, placement };
  const notes: string[] = [];
  const cells: Cell[] = [];
  for (const both of loaded) {
    const { base } = both;
    const cpus = cpusForWork(base, mostWorkers, placement, environment);
    if (base.kernel !== null) listener.preparing(`${base.id}: calibrating`);
    // The work of base, for both sides: a head that does more for the same request is what is to be detected.
    const sized = await asUserError(`scenario ${base.id}: its kernel failed`, signal, () =>
      measuring.calibrate(base, { cpus, boundTo, iterations: null }, signal),
    );
    const unable: Record<Side, Preflight['unable']> = { base: new Map(), head: new Map() };
    for (const side of SIDES) {
      const one = both[side];
      listener.preparing(`${base.id}: checking the replies of ${side}`);
      const { iterations } = sized;
      const execPath = nodeOf(sides[side]);
      const own = models.map((model) => ({ ...model, launch: withNode(model.launch ?? BUILT_IN, execPath) }));
      const keepAlive = options.connectionModes.includes('keep-alive');
      const { timeoutMs } = options;
      const request = { loaded: one, iterations, models: own, workers, keepAlive, timeoutMs };
      const found = await naming(side, () =>
        patiently(side, options.retries, listener, unable.base, () => measuring.preflight(request, signal)),
      );
      expected[side].set(base.id, found.expected);
      unable[side] = found.unable;
      tellAbout(listener, one, `${base.id}: ${side}`, found.expected);
      // Limits and time-outs are those of base too, so that windows and labels mean the same on both sides.
      const limit = limitFor(base, sized.calibration, cpus, connections);
      plans[side].push({ ...planOf(one, sized), id: base.id, name: base.name, limit, rates: options.rates ?? [] });
    }
    const isAble = ({ name }: PlannedModel): boolean => !unable.base.has(name);
    cells.push(...cellsOf([{ id: base.id, ground }], models.filter(isAble), options.connectionModes));
    notes.push(...inabilityNotes(base.id, unable));
    notes.push(...repliesNotes(base, expected.base.get(base.id), expected.head.get(base.id)));
  }
  const asked = { ...options, budgetMs: abBudgetMs(options, cells.length) };
  const prepared = (side: Side): PreparedSide => ({
    manifest: manifestOf(asked, AB, about, {
      scenarios: plans[side],
      ownModels: ownModelsOf(hosted),
      externals,
      runtimes: [],
      cells,
      environment: environmentOf(environment, sides[side]),
      failAbove: options.failAbove,
      ab: { id: `${about.startedAt.toISOString()}-${options.seed}`, side, duet: options.duet },
    }),
    loaded: new Map(loaded.map((both) => [both.base.id, both[side]])),
    expected: expected[side],
    execPath: nodeOf(sides[side]),
  });
  return { base: prepared('base'), head: prepared('head'), notes, isBudgetAsked: !options.isBudgetPerCell };
}

/** None where commands alone serve what is measured. */
async function hostedModels(
  { describeModel }: Measuring,
  options: AbOptions,
  sides: BySide<AbSide>,
  signal: AbortSignal,
): Promise<readonly LoadedModel[]> {
  if (!isHosted(sides.base)) return [];
  const binaries = SIDES.flatMap((side) => nodeOf(sides[side]) ?? []);
  const newerNode = 'run fourways with that Node.js';
  const models = await loadModels(describeModel, { ...options, binaries, newerNode }, signal);
  const names = models.map(({ name }) => name);
  checkNames(sides.base.externals, names);
  return models;
}

type Both = BySide<LoadedScenario>;

/** The nth workload of one side with the nth of the other. Both have the name of base, whatever the file of head is called. */
async function loadBoth(
  { openModule }: Measuring,
  sides: BySide<AbSide>,
  signal: AbortSignal,
): Promise<readonly Both[]> {
  const both: Both[] = [];
  for (const [i, workload] of sides.base.workloads.entries()) {
    const { kind, asked } = workload;
    const other = sides.head.workloads[i];
    if (other === undefined) throw new Error('the sides do not have the same workloads');
    const base = await naming('base', () => load(openModule, workload, signal));
    const head = await naming('head', () => load(openModule, other, signal));
    const same = both.find((one) => one.base.id === base.id);
    if (same !== undefined && same.base.url !== base.url) {
      throw new UserError(`--${kind} ${asked}: another scenario already has the name ${base.id}; rename the file`);
    }
    checkSameSizing(asked, base, head);
    if (same === undefined) both.push({ base, head });
  }
  return both;
}

async function load(open: OpenModule, workload: SideWorkload, signal: AbortSignal): Promise<LoadedScenario> {
  switch (workload.kind) {
    case 'app':
      return loadService(workload.service, workload.folder);
    case 'scenario':
      return loadScenario(open, workload.argument, signal);
    default:
      return workload satisfies never;
  }
}

/**
 * Both sides do the iterations of base. Were only head sized, it would do next to nothing; were only base sized, head would do
 * its work many times.
 */
function checkSameSizing(asked: string, base: LoadedScenario, head: LoadedScenario): void {
  const having = [
    { what: 'a kernel', has: ({ kernel }: LoadedScenario): boolean => kernel !== null },
    {
      what: 'kernel.sizedBy',
      has: ({ kernel }: LoadedScenario): boolean => kernel !== null && kernel.sizedBy !== null,
    },
  ];
  const differing = having.find(({ has }) => has(base) !== has(head));
  if (differing === undefined) return;
  const side: Side = differing.has(base) ? 'base' : 'head';
  throw new UserError(
    `scenario ${asked}: only ${side} has ${differing.what}, so the sides would do different work; define it in both or in neither`,
  );
}

/** Puts the side that the user has to fix before the message of a UserError. */
async function naming<T>(side: Side, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw error instanceof UserError ? new UserError(`${side}: ${error.message}`, error.exitCode) : error;
  }
}

/**
 * A launch that fails may be chance, so it is tried as often as in a trial. Rejects with a UserError, whose exit code says that head
 * is broken where it is head that never starts: base does, which was tried before.
 */
async function patiently(
  side: Side,
  retries: number,
  listener: Pick<RunListener, 'told'>,
  ofBase: Preflight['unable'],
  act: () => Promise<Preflight>,
): Promise<Preflight> {
  for (let attempt = 0; ; attempt++) {
    const found = await act().catch((error: unknown) => {
      if (error instanceof CannotRun) return error;
      throw error;
    });
    const failure = found instanceof CannotRun ? found : side === 'head' ? onlyIn(found.unable, ofBase) : undefined;
    if (failure !== undefined && attempt < retries) {
      listener.told(`${side}: ${failure.message}; it is tried again`);
      continue;
    }
    if (!(found instanceof CannotRun)) return found;
    throw side === 'base' ? found : new UserError(found.message, EXIT.untrusted);
  }
}

function onlyIn(unable: Preflight['unable'], other: Preflight['unable']): Failure | undefined {
  return [...unable].find(([model]) => !other.has(model))?.[1];
}

/** With the commit of a checkout or the version of a binary; the rest is common to both sides. */
function environmentOf(environment: Environment, { subject }: AbSide): Environment {
  switch (subject.kind) {
    case 'folder':
      return { ...environment, git: gitState(subject.path) };
    case 'scenario':
    case 'service':
      return environment;
    case 'node':
      return { ...environment, ...subject.versions };
    default:
      return subject satisfies never;
  }
}

/** A model that can run neither side is left out. Throws a UserError for one that can run only one side; where head broke it, with that exit code. */
function inabilityNotes(id: string, unable: BySide<Preflight['unable']>): readonly string[] {
  for (const side of SIDES) {
    const other: Side = side === 'base' ? 'head' : 'base';
    for (const [model, { message }] of unable[side]) {
      if (unable[other].has(model)) continue;
      const exitCode = side === 'head' ? EXIT.untrusted : EXIT.usage;
      throw new UserError(`${side}: scenario ${id} under ${model}: ${message}`, exitCode);
    }
  }
  return [...unable.base].map(
    ([model, { message }]) => `${id}: ${model} is left out because it can run neither side: ${message}`,
  );
}

/**
 * Replies that differ may be the very change, so they are noted. Those of a service are refused unless that is asked for: nobody wrote
 * down what is right, and one side that compresses or fails politely would be compared with one that does not.
 */
function repliesNotes(
  { id, parity }: LoadedScenario,
  base: Fingerprints | undefined,
  head: Fingerprints | undefined,
): readonly string[] {
  const names = [...new Set([...(base?.keys() ?? []), ...(head?.keys() ?? [])])];
  return names.flatMap((name) => {
    const [before, after] = [base?.get(name), head?.get(name)];
    if (before === undefined || after === undefined) {
      return [`${id}: only ${before === undefined ? 'head' : 'base'} has requests '${name}'`];
    }
    const differs = difference(onEitherSide(before, after), after);
    if (differs === null) return [];
    const note = `${id}: the replies of head to '${name}' differ from those of base: ${differs}`;
    if (parity === 'learned') throw new UserError(`${note}; if that is what the change is for, give --verify status`);
    return [note];
  });
}

/** What varies by itself on one side says nothing of the change. */
function onEitherSide(before: Fingerprint, { varying }: Fingerprint): Fingerprint {
  if (before.varying === null || varying === null) return before;
  return { ...before, varying: eitherVarying(before, before.varying, varying) };
}
