/** From the text of `-s` to a scenario: a built-in one, or the user's own file, checked before it is believed. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { entryBeside } from '../../scenarios/entry.ts';
import { scenarios } from '../../scenarios/index.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { messageOf, UserError } from '../errors.ts';
import { hint } from '../plan/nearest.ts';
import { isPath, parseScenarioArgument, resolveParameters, scenarioId } from '../plan/scenario-argument.ts';
import type { ScenarioPlan } from '../store/schema.ts';

export interface LoadedScenario {
  /** Name and parameters in one word. */
  readonly id: string;
  readonly name: string;
  readonly source: ScenarioPlan['source'];
  /** What every worker imports. */
  readonly url: string;
  readonly scenario: Scenario;
  readonly parameters: Readonly<Record<string, number>>;
}

const functionSchema = z.custom<(...args: readonly never[]) => unknown>(
  (value) => typeof value === 'function',
  'must be a function',
);

const parameterSchema = z
  .object({
    summary: z.string(),
    default: z.number(),
    min: z.number(),
    max: z.number(),
    integer: z.boolean().optional(),
  })
  .refine((spec) => spec.min <= spec.default && spec.default <= spec.max, 'default must lie between min and max');

const scenarioSchema = z.object({
  summary: z.string(),
  question: z.string(),
  parameters: z.record(z.string().regex(/^[A-Za-z][\w-]*$/, 'parameter names are plain words'), parameterSchema),
  requests: functionSchema,
  createHandler: functionSchema,
  verify: functionSchema,
  kernel: z
    .object({ sizedBy: z.string().optional(), prepare: functionSchema, share: functionSchema.optional() })
    .optional(),
  waitingMs: functionSchema.optional(),
  openLoop: z.boolean().optional(),
  setUp: functionSchema.optional(),
});

const requestClassesSchema = z
  .array(
    z.object({
      name: z.string().min(1),
      weight: z.number().positive(),
      method: z.enum(['GET', 'POST', 'PUT', 'DELETE', 'PATCH']),
      path: z.string().startsWith('/'),
      headers: z.record(z.string(), z.string()).optional(),
      body: z.string().optional(),
      onFront: z.boolean().optional(),
    }),
  )
  .min(1);

/** Loads the scenario that the argument names, and settles its parameters. Throws UserError. */
export async function loadScenario(argument: string): Promise<LoadedScenario> {
  const { reference, settings } = parseScenarioArgument(argument);
  return loadReference(reference, settings);
}

/** Loads what a run was planned with. Throws UserError when it is no longer there, or no longer the same. */
export async function loadPlanned({ id, name, source, parameters }: ScenarioPlan): Promise<LoadedScenario> {
  const settings = Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, String(value)]));
  if (source.kind === 'file' && !existsSync(source.path)) {
    throw new UserError(`scenario ${id}: ${source.path} is not there; go on from the folder where the run was begun`);
  }
  const loaded = await loadReference(source.kind === 'file' ? source.path : name, settings);
  if (source.kind === 'file' && loaded.source.kind === 'file' && loaded.source.sha256 !== source.sha256) {
    throw new UserError(`scenario ${id}: ${source.path} has changed since the run began; start a new run`);
  }
  return loaded;
}

async function loadReference(reference: string, settings: Readonly<Record<string, string>>): Promise<LoadedScenario> {
  const { name, url, scenario, source } = isPath(reference) ? await loadFile(reference) : await loadBuiltIn(reference);
  const parameters = resolveParameters(name, scenario.parameters, settings);
  const { kernel } = scenario;
  if (kernel?.sizedBy !== undefined && !Object.hasOwn(parameters, kernel.sizedBy)) {
    throw new UserError(`scenario ${name}: kernel.sizedBy is '${kernel.sizedBy}', which is not one of its parameters`);
  }
  const requests = requestClassesSchema.safeParse(called(name, 'requests', () => scenario.requests(parameters)));
  if (!requests.success) throw new UserError(`scenario ${name}: requests() ${issueOf(requests.error)}`);
  const names = requests.data.map((one) => one.name);
  const twice = names.find((one, i) => names.indexOf(one) !== i);
  if (twice !== undefined) throw new UserError(`scenario ${name}: requests() has two classes named '${twice}'`);
  const ambiguous = sharedRoute(requests.data);
  if (ambiguous !== undefined) {
    throw new UserError(
      `scenario ${name}: requests() marks '${ambiguous.marked}' onFront, and '${ambiguous.other}' has the same method and path`,
    );
  }
  const share = called(name, 'kernel.share', () => kernel?.share?.(parameters));
  if (share !== undefined && !(share > 0 && share <= 1)) {
    throw new UserError(`scenario ${name}: kernel.share() must return a number above 0 and at most 1, not ${share}`);
  }
  const waitingMs = called(name, 'waitingMs', () => scenario.waitingMs?.(parameters));
  if (waitingMs !== undefined && !(waitingMs > 0 && Number.isFinite(waitingMs))) {
    throw new UserError(`scenario ${name}: waitingMs() must return a number above 0, not ${waitingMs}`);
  }
  return { id: scenarioId(name, parameters), name, source, url, scenario, parameters };
}

/** A front tells requests by method and path alone, so a class for the workers must not look like one for the front. */
function sharedRoute(
  classes: z.infer<typeof requestClassesSchema>,
): { readonly marked: string; readonly other: string } | undefined {
  for (const { name, method, path } of classes.filter(({ onFront }) => onFront === true)) {
    const other = classes.find((one) => one.onFront !== true && one.method === method && one.path === path);
    if (other !== undefined) return { marked: name, other: other.name };
  }
  return undefined;
}

type Module = Pick<LoadedScenario, 'name' | 'url' | 'scenario' | 'source'>;

async function loadBuiltIn(name: string): Promise<Module> {
  const load = Object.entries(scenarios).find(([key]) => key === name)?.[1];
  if (load === undefined) {
    throw new UserError(
      `--scenario ${name}: there is no such scenario.${hint(name, Object.keys(scenarios))} A file of yours needs a path: ./${name}.js`,
    );
  }
  const { href } = entryBeside(import.meta.url, `../../scenarios/${name}`);
  return { name, url: href, scenario: (await load()).default, source: { kind: 'built-in' } };
}

async function loadFile(reference: string): Promise<Module> {
  const path = resolve(reference);
  if (!existsSync(path) || !statSync(path).isFile())
    throw new UserError(`--scenario ${reference}: there is no such file`);
  if (/\.m?ts$/.test(path) && !runsTypeScript()) {
    throw new UserError(
      `--scenario ${reference}: Node ${process.versions.node} does not run TypeScript; compile it to .js, or use Node 22.18 or newer`,
    );
  }
  const { href } = pathToFileURL(path);
  let module: { default?: unknown };
  try {
    module = await import(href);
  } catch (error) {
    throw new UserError(`--scenario ${reference}: the file fails while loading: ${messageOf(error)}`);
  }
  if (module.default === undefined) {
    throw new UserError(
      `--scenario ${reference}: the file has no default export; write 'export default { … }', see examples/`,
    );
  }
  const checked = scenarioSchema.safeParse(module.default);
  if (!checked.success)
    throw new UserError(`--scenario ${reference}: the default export is not a scenario: ${issueOf(checked.error)}`);
  // The object itself is returned, not the copy that the schema makes: its methods may use `this`.
  const scenario = z.custom<Scenario>().parse(module.default);
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
  return {
    name: basename(path, extname(path)),
    url: href,
    scenario,
    source: { kind: 'file', path: reference, sha256 },
  };
}

function runsTypeScript(): boolean {
  return 'typescript' in process.features && process.features.typescript !== false;
}

function issueOf(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return error.message;
  return `${issue.path.join('.') || 'value'}: ${issue.message}`;
}

function called<T>(name: string, method: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw new UserError(`scenario ${name}: ${method}() failed: ${messageOf(error)}`);
  }
}
