/** A whole run: prepare, visit every cell in seeded random rounds, record each trial as it ends. */

import { models as modelRegistry } from '../../servers/index.ts';
import type { Model } from '../../servers/model.ts';
import { blame, UserError } from '../errors.ts';
import { cellsOf, limitOf, type PlannedModel } from '../plan/cells.ts';
import type { RunOptions } from '../plan/options.ts';
import { schedule } from '../plan/schedule.ts';
import { type Manifest, SCHEMA_VERSION, type ScenarioPlan, type Trial } from '../store/schema.ts';
import { type LoadedScenario, loadScenario } from './load-scenario.ts';
import type { Measuring } from './measuring.ts';
import type { Fingerprints } from './verify.ts';

/** Everything that is settled before the first trial. */
export interface Prepared {
  readonly manifest: Manifest;
  readonly loaded: ReadonlyMap<string, LoadedScenario>;
  readonly expected: ReadonlyMap<string, Fingerprints>;
}

/** Told what happens during a run, for progress. */
export interface RunListener {
  preparing(what: string): void;
  planned(trials: number): void;
  trialBegins(cell: string, round: number): void;
  trialEnded(trial: Trial): void;
}

/** Loads, calibrates, and checks that all models send the same replies. Throws UserError when they do not. */
export async function prepare(
  measuring: Measuring,
  options: RunOptions,
  about: { readonly version: string; readonly startedAt: Date },
  listener: RunListener,
  signal: AbortSignal,
): Promise<Prepared> {
  const environment = measuring.environment();
  const models = await Promise.all(options.models.map(planned));
  const loaded = new Map<string, LoadedScenario>();
  for (const argument of options.scenarios) {
    const one = await loadScenario(argument);
    const same = loaded.get(one.id);
    if (same !== undefined && same.url !== one.url) {
      throw new UserError(`--scenario ${argument}: another scenario is named ${one.id} already; rename the file`);
    }
    loaded.set(one.id, one);
  }
  const cpus = Math.min(options.workers, environment.availableCpus.capacity);
  const plans: ScenarioPlan[] = [];
  const expected = new Map<string, Fingerprints>();
  for (const one of loaded.values()) {
    if (one.scenario.kernel !== undefined) listener.preparing(`${one.id}: calibrating`);
    const { iterations, calibration } = await blame(`scenario ${one.id}: its kernel failed`, signal, () =>
      measuring.calibrate(one, cpus, signal),
    );
    listener.preparing(`${one.id}: comparing the replies of all models`);
    expected.set(one.id, await measuring.preflight(one, iterations, models, options.workers, signal));
    const work = {
      kernelCpuMs: calibration?.kernelCpuMs ?? null,
      waitingMs: one.scenario.waitingMs?.(one.parameters) ?? null,
    };
    plans.push({
      id: one.id,
      name: one.name,
      question: one.scenario.question,
      parameters: one.parameters,
      requestClasses: one.scenario.requests(one.parameters).map(({ name }) => name),
      iterations,
      calibration,
      limit: limitOf(work, cpus, options.connections),
    });
  }
  const manifest: Manifest = {
    type: 'manifest',
    tool: 'fourways',
    schema: SCHEMA_VERSION,
    version: about.version,
    startedAt: about.startedAt.toISOString(),
    preset: options.preset,
    seed: options.seed,
    rounds: options.rounds,
    warmUpCapMs: options.warmUpCapMs,
    measureMs: options.measureMs,
    scenarios: plans,
    cells: [...cellsOf(plans, models, options.workers, options.connections)],
    environment,
  };
  return { manifest, loaded, expected };
}

/** Runs every trial of the plan, and hands each to `record` before the next begins. */
export async function measureAll(
  measuring: Measuring,
  { manifest, loaded, expected }: Prepared,
  record: (trial: Trial) => void,
  listener: RunListener,
  signal: AbortSignal,
): Promise<void> {
  const plans = new Map(manifest.scenarios.map((plan) => [plan.id, plan]));
  const visits = schedule(manifest.cells, manifest.rounds, manifest.seed);
  listener.planned(visits.length);
  for (const { cell, round } of visits) {
    signal.throwIfAborted();
    const plan = plans.get(cell.scenario);
    const one = loaded.get(cell.scenario);
    const prints = expected.get(cell.scenario);
    if (plan === undefined || one === undefined || prints === undefined) throw new Error(`cell ${cell.id} has no plan`);
    listener.trialBegins(cell.id, round);
    const { warmUpCapMs, measureMs } = manifest;
    const request = { cell, round, plan, loaded: one, expected: prints, warmUpCapMs, measureMs };
    const trial = await measuring.runTrial(request, signal);
    record(trial);
    listener.trialEnded(trial);
  }
}

async function planned(name: string): Promise<PlannedModel> {
  const load: (() => Promise<{ default: Model }>) | undefined = Object.entries(modelRegistry).find(
    ([key]) => key === name,
  )?.[1];
  if (load === undefined) throw new Error(`model ${name} is not registered`);
  return { name, style: (await load()).default.style };
}
