/** From the argument of `-s` to a scenario: a built-in one, or a file of the user. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { entryBeside } from '../../../scenarios/entry.ts';
import { scenarios } from '../../../scenarios/index.ts';
import { codeOf, UserError } from '../../errors.ts';
import { isPath, parseScenarioArgument, scenarioId } from '../../plan/options/scenario.ts';
import { didYouMean } from '../../plan/options/values.ts';
import type { ScenarioPlan } from '../../store/schema.ts';
import type { Description } from './description.ts';
import type { ModuleOf, OpenModule } from './module.ts';

/** A scenario as the harness knows it: plain data, and where its module is. */
export interface LoadedScenario extends Description, ModuleOf {
  /** Name and parameters in one word. */
  readonly id: string;
}

/** Loads the scenario that the argument names, and resolves its parameters. Throws UserError. */
export async function loadScenario(open: OpenModule, argument: string, signal: AbortSignal): Promise<LoadedScenario> {
  const { reference, settings } = parseScenarioArgument(argument);
  return loadReference(open, reference, settings, signal);
}

/** Loads what a run was planned with. Throws UserError when it no longer exists, or has changed. */
export async function loadPlanned(
  open: OpenModule,
  { id, name, source, parameters }: ScenarioPlan,
  signal: AbortSignal,
): Promise<LoadedScenario> {
  const settings = Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, String(value)]));
  if (source.kind === 'built-in') return loadReference(open, name, settings, signal);
  if (!existsSync(source.path)) {
    throw new UserError(
      `scenario ${id}: ${source.path} does not exist; resume from the folder where the run was started`,
    );
  }
  // Before it is loaded: a file that has changed is not what was planned.
  if (sha256Of(source.path) !== source.sha256) {
    throw new UserError(`scenario ${id}: ${source.path} has changed since the run began; start a new run`);
  }
  return loadReference(open, source.path, settings, signal);
}

async function loadReference(
  open: OpenModule,
  reference: string,
  settings: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<LoadedScenario> {
  const found = isPath(reference) ? findFile(reference) : findBuiltIn(reference);
  const module = await open(found, { signal, purpose: 'describe' });
  try {
    const description = await module.describe({ reference, name: found.name, settings });
    return { ...description, ...found, id: scenarioId(found.name, description.parameters) };
  } finally {
    // It may hold timers and pools, which would take CPU time from what is measured.
    await module.close();
  }
}

function findBuiltIn(name: string): ModuleOf {
  if (!Object.hasOwn(scenarios, name)) {
    throw new UserError(
      `--scenario ${name}: unknown scenario.${didYouMean(name, Object.keys(scenarios))} A file of yours needs a path: ./${name}.js`,
    );
  }
  const { href } = entryBeside(import.meta.url, `../../../scenarios/${name}`);
  return { name, url: href, source: { kind: 'built-in' } };
}

function findFile(reference: string): ModuleOf {
  const path = resolve(reference);
  if (!existsSync(path) || !statSync(path).isFile())
    throw new UserError(`--scenario ${reference}: there is no such file`);
  if (/\.m?ts$/.test(path) && !runsTypeScript()) {
    throw new UserError(
      `--scenario ${reference}: Node ${process.versions.node} does not run TypeScript; compile it to .js, or use Node 22.18 or newer`,
    );
  }
  return {
    name: basename(path, extname(path)),
    url: pathToFileURL(path).href,
    source: { kind: 'file', path: reference, sha256: sha256Of(path) },
  };
}

function sha256Of(path: string): string {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch (error) {
    throw new UserError(
      `--scenario ${path}: the file cannot be read (${codeOf(error)}); change its permissions, or give another file`,
    );
  }
}

function runsTypeScript(): boolean {
  return 'typescript' in process.features && process.features.typescript !== false;
}
