/** From the argument of `-s` to a scenario: a built-in one, or a file of the user. */
import { entryBeside } from '../../../scenarios/entry.ts';
import { scenarios, scenarioUrl } from '../../../scenarios/index.ts';
import type { RequestClass } from '../../../scenarios/scenario.ts';
import { addressOf } from '../../../servers/app/scenario.ts';
import { UserError } from '../../errors.ts';
import { lostOf } from '../../plan/options/expect.ts';
import type { AskedService } from '../../plan/options/service.ts';
import type { GivenServers } from '../../plan/options/external.ts';
import { isPath, parseScenarioArgument, scenarioId } from '../../plan/options/scenario.ts';
import { didYouMean } from '../../plan/options/values.ts';
import { bodyOf } from '../../store/load-schema.ts';
import type { AskedRequest, ReplyExpectation, ScenarioPlan } from '../../store/schema.ts';
import { findModule, findUserFile, serviceName } from '../user-file.ts';
import type { Asked, Description } from './description.ts';
import type { ModuleOf, OpenModule } from './module.ts';

/** A scenario as the harness knows it: plain data, and where its module is. */
export interface LoadedScenario extends Description, ModuleOf {
  /** Name and parameters in one word. */
  readonly id: string;
  /** Working directory of its servers; null for that of the harness. */
  readonly folder: string | null;
  /** What replies of a service must be; null where the scenario checks them itself. */
  readonly expect: readonly ReplyExpectation[] | null;
  /** Address of a server of the user that its `setUp` is to take, with user and password: it is stored nowhere. */
  readonly given: string | null;
}

/** Of a service, in its description. */
const SHOWN_REQUESTS = 3;
const SERVICE_MODULE = entryBeside(import.meta.url, '../../../servers/app/scenario');
/** Of a service that only commands and addresses serve. */
const SERVICE = 'service';

/** A service of the user as a scenario; its servers run in `folder`, if that is given. Throws UserError. */
export function loadService(
  { name: called, file: reference, requests, verify, expect }: Omit<AskedService, 'notes'>,
  folder: string | null = null,
): LoadedScenario {
  const found = reference === null ? null : findUserFile('--app', reference);
  const name = called ?? (found === null ? SERVICE : serviceName(found));
  const file = found === null ? null : { path: found.path, sha256: found.sha256 };
  const source = { kind: 'service' as const, file, requests, verify, expect };
  const words = requests.map((one) => `${one.method} ${one.path}`);
  const more = words.length > SHOWN_REQUESTS ? ` and ${words.length - SHOWN_REQUESTS} more` : '';
  return {
    ...{ id: name, name, url: addressOf(SERVICE_MODULE, found?.url ?? ''), source, parity: verify, expect },
    summary: 'a service of your own',
    inWords: words.slice(0, SHOWN_REQUESTS).join(', ') + more,
    classes: requests.map((one) => classOf(one, lostOf(expect, one.name))),
    ...{ folder, given: null, tls: false, shares: false },
    ...{ specs: {}, parameters: {}, kernel: null, waitingMs: null, openLoop: false, hasSetUp: false },
    severalWorkers: false,
  };
}

function classOf(request: AskedRequest, lost: string | undefined): RequestClass {
  const { body, bodies } = request;
  return { ...request, body: bodyOf(body), bodies: bodies?.map(bodyOf) ?? null, ...(lost !== undefined && { lost }) };
}

/** Loads the scenario that the argument names, and resolves its parameters. Throws UserError. */
export async function loadScenario(
  open: OpenModule,
  argument: string,
  signal: AbortSignal,
  given: GivenServers = {},
): Promise<LoadedScenario> {
  const { reference, settings } = parseScenarioArgument(argument);
  return loadReference(open, reference, settings, signal, given);
}

/** Loads what a run was planned with, which is unchanged. Throws UserError. */
export async function loadPlanned(
  open: OpenModule,
  { name, source, parameters }: ScenarioPlan,
  signal: AbortSignal,
  given: GivenServers = {},
): Promise<LoadedScenario> {
  const settings = Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, String(value)]));
  if (source.kind === 'built-in') return loadReference(open, name, settings, signal, given);
  if (source.kind === 'service') return loadService({ name, ...source, file: source.file?.path ?? null });
  return loadReference(open, source.path, settings, signal);
}

async function loadReference(
  open: OpenModule,
  reference: string,
  settings: Readonly<Record<string, string>>,
  signal: AbortSignal,
  given: GivenServers = {},
): Promise<LoadedScenario> {
  const found = isPath(reference) ? ownFile(reference) : findBuiltIn(reference);
  const loaded = await described(open, found, { reference, settings }, signal);
  return { ...loaded, given: found.source.kind === 'built-in' ? (given[found.name] ?? null) : null };
}

async function described(
  open: OpenModule,
  found: ModuleOf,
  asked: Omit<Asked, 'name'>,
  signal: AbortSignal,
): Promise<LoadedScenario> {
  const module = await open(found, { signal, purpose: 'describe' });
  try {
    const description = await module.describe({ ...asked, name: found.name });
    const id = scenarioId(found.name, description.parameters);
    return { ...description, ...found, id, expect: null, folder: null, given: null };
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
  return { name, url: scenarioUrl(name), source: { kind: 'built-in' } };
}

function ownFile(reference: string): ModuleOf {
  const { name, url, path, sha256 } = findModule('--scenario', reference);
  return { name, url, source: { kind: 'file', path, sha256 } };
}
