/** From the text of `-m` to a model: a built-in one, or the user's own file. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { builtInModel, models } from '../../../servers/index.ts';
import type { Effort, Style } from '../../../servers/model.ts';
import { issueOf, messageOf, UserError } from '../../errors.ts';
import { modelNamed } from '../../plan/options/run.ts';
import { isPath } from '../../plan/options/scenario.ts';
import type { Launch, PlannedModel } from '../../plan/schedule/cells.ts';
import type { Manifest } from '../../store/schema.ts';
import { NoMessage, nextMessage } from '../processes/next-message.ts';
import type { ProcessRegistry } from '../processes/registry.ts';
import { findModule, type UserFile } from '../user-file.ts';
import { hostMessageSchema } from './messages.ts';
import { builtInUrl, HOST, send } from './hosted.ts';

type OwnModel = Manifest['ownModels'][number];

export interface LoadedModel extends PlannedModel {
  /** What is recorded of a file of the user; null for a built-in model. */
  readonly own: OwnModel | null;
}

/** What the harness has to know of a model. */
interface ModelDescription {
  readonly style: Style;
  readonly effort: Effort | null;
  /** Why it cannot run there; null where it can. */
  readonly unavailable: string | null;
}

/** Where a model is, and how the user named it. */
type ModelModule = Pick<UserFile, 'url' | 'path'>;

/** Loads a model where nothing of it can touch the harness, in this Node.js binary or in our own, and checks that it is one. */
export type DescribeModel = (module: ModelModule, signal: AbortSignal, binary?: string) => Promise<ModelDescription>;

const modelSchema = z.object({
  summary: z.string(),
  style: z.enum(['alone', 'replicated', 'offload']),
  effort: z.object({ rank: z.number(), why: z.string() }).optional(),
  unavailable: z.string().nullable(),
  start: z.literal('function', 'must be a function'),
});

const LOAD_LIMIT_MS = 30_000;

/** Describes models, each in a process of its own. Rejects with a UserError that names the file. */
export function modelDescriber(registry: ProcessRegistry): DescribeModel {
  return async ({ url, path }, signal, binary) => {
    const mistake = (what: string): UserError => new UserError(`--model ${path}: ${what}`);
    const host = registry.fork(HOST, [], null, { execPath: binary });
    try {
      send(host, { type: 'describe', model: url });
      const answer = await nextMessage(
        host,
        hostMessageSchema,
        (message) => (message.type === 'described' || message.type === 'failed' ? message : undefined),
        { forWhat: 'loading it', limitMs: LOAD_LIMIT_MS, signal },
      ).catch((error: unknown) => {
        throw error instanceof NoMessage ? mistake(error.message) : error;
      });
      if (answer.type === 'failed') throw mistake(`the file fails while loading: ${messageOf(answer.message)}`);
      if (answer.model === null) {
        throw mistake("the file has no default export; write 'export default { … }', see examples/");
      }
      const checked = modelSchema.safeParse(answer.model);
      if (!checked.success) throw mistake(`the default export is not a model: ${issueOf(checked.error)}`);
      const { style, effort = null, unavailable } = checked.data;
      return { style, effort, unavailable };
    } finally {
      await host.kill();
    }
  };
}

/** What was asked for, and the Node.js binaries that it is to run on; none for our own. */
interface Asked {
  readonly models: readonly string[];
  /** Those that may be of no use here. */
  readonly optionalModels: readonly string[];
  readonly binaries: readonly string[];
  readonly newerNode: NewerNode;
}

/** How whoever asked gives a model a newer Node.js. */
type NewerNode = 'give one with --runtime' | 'run fourways with that Node.js';

/**
 * Loads the models that were asked for. Throws UserError, also when two of them have the same name, and when one that was named can run
 * on none of the binaries.
 */
export async function loadModels(
  describe: DescribeModel,
  { models: references, optionalModels, ...on }: Asked,
  signal: AbortSignal,
): Promise<readonly LoadedModel[]> {
  const loaded: LoadedModel[] = [];
  for (const reference of references) {
    const model = optionalModels.includes(reference)
      ? builtIn(reference)
      : await loadModel(describe, reference, on, signal);
    const same = loaded.find(({ name }) => name === model.name);
    if (same === undefined) loaded.push(model);
    else if (same.own?.path !== model.own?.path)
      throw nameTaken(reference, `another model is named ${model.name} already`);
  }
  return loaded;
}

/** Loads the model that the argument names, which must be able to run on one of the binaries. Throws UserError. */
export async function loadModel(
  describe: DescribeModel,
  reference: string,
  on: Pick<Asked, 'binaries' | 'newerNode'>,
  signal: AbortSignal,
): Promise<LoadedModel> {
  const { binaries } = on;
  if (!isPath(reference)) {
    const model = builtIn(modelNamed(reference, Object.keys(models)));
    if (builtInModel(model.name)?.unavailable === undefined) return model;
    const module = { url: builtInUrl(model.name), path: model.name };
    const asked = (binaries.length === 0 ? [undefined] : binaries).map((binary) => describe(module, signal, binary));
    checkAvailable(reference, await Promise.all(asked), on);
    return model;
  }
  const file = findModule('--model', reference);
  const { name, url, path, sha256 } = file;
  if (builtInModel(name) !== undefined) throw nameTaken(reference, `a built-in model is named ${name}`);
  const described = await describe(file, signal);
  const { style, effort } = described;
  if (binaries.length === 0) checkAvailable(reference, [described], on);
  return { name, style, launch: { kind: 'hosted', modelUrl: url }, own: { name, path, sha256, effort } };
}

function builtIn(name: string): LoadedModel {
  const model = builtInModel(name);
  if (model === undefined) throw new Error(`model ${name} is not registered`);
  return { name, style: model.style, own: null };
}

function checkAvailable(
  reference: string,
  onEach: readonly ModelDescription[],
  { newerNode }: Pick<Asked, 'newerNode'>,
): void {
  const [first] = onEach;
  if (first === undefined || first.unavailable === null || onEach.some((one) => one.unavailable === null)) return;
  // Of a Node.js: what a model asks for otherwise, such as a package, has its way out already.
  const wayOut = first.unavailable.endsWith('or newer') ? `; ${newerNode}` : '';
  throw new UserError(`--model ${reference}: ${first.unavailable}${wayOut}`);
}

export type Startable = Pick<Manifest, 'ownModels' | 'externals' | 'runtimes'>;

/** What to start for cells of this model, or of what stands beside models under this name. */
export function launchOf({ ownModels, externals, runtimes }: Startable, name: string): Launch {
  const external = externals.find((one) => one.name === name);
  if (external !== undefined) return external;
  const there = runtimes.find((one) => one.name === name);
  const model = there?.model ?? name;
  const own = ownModels.find((one) => one.name === model);
  const modelUrl = own === undefined ? builtInUrl(model) : pathToFileURL(own.path).href;
  return { kind: 'hosted', modelUrl, ...(there !== undefined && { execPath: resolve(there.runtime.path) }) };
}

/** The Node.js binaries that these run on. */
export function binariesOf(runtimes: Manifest['runtimes']): readonly string[] {
  return [...new Set(runtimes.map(({ runtime }) => resolve(runtime.path)))];
}

function nameTaken(reference: string, why: string): UserError {
  return new UserError(`--model ${reference}: ${why}; rename the file`);
}
