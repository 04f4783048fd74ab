/** Before anything is timed: which models can run the scenario, and do all of them send the same bytes? */
import type { HandlerContext } from '../../../scenarios/scenario.ts';
import { asUserError, CannotRun, UserError } from '../../errors.ts';
import { type PlannedModel, workersOf } from '../../plan/schedule/cells.ts';
import { checkLimitMs, type Work } from '../../plan/schedule/time-outs.ts';
import type { Failure } from '../../store/schema.ts';
import { FailedTrial } from '../failed-trial.ts';
import type { ProcessRegistry } from '../processes/registry.ts';
import { ReplyTooLarge } from '../replies/exchange.ts';
import { type Fingerprints, isChunked, RepliesDiffer, type Verifier, verifyReplies } from '../replies/verify.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import { openModule } from '../scenario/module.ts';
import { type ScenarioResources, setUp } from '../scenario/set-up.ts';
import { BUILT_IN, serverContext, startServer } from '../server/launch.ts';
import type { RunningServer } from '../server/running.ts';
import { failureOf, rootCause } from './failure.ts';

/** What was found before the first trial. */
export interface Preflight {
  /** What a reply must be from here on. Where a model sends it in pieces, this is one of those. */
  readonly expected: Fingerprints;
  /** By name, the models that cannot run the scenario, and why. Never all of them. */
  readonly unable: ReadonlyMap<string, Failure>;
}

export interface PreflightRequest {
  readonly loaded: LoadedScenario;
  /** Size of the work of one request, as `calibrate` found it. */
  readonly iterations: number;
  readonly models: readonly PlannedModel[];
  /** Of the models that have several. */
  readonly workers: number;
  /** Of `--timeout`; null without one. */
  readonly timeoutMs?: number | null;
  /** Whether connections are to be kept alive, which not every server does. */
  readonly keepAlive?: boolean;
  /** Called with each server when its replies are right, before it is stopped. What it throws is thrown. */
  readonly visit?: (server: RunningServer, model: PlannedModel, expected: Fingerprints) => Promise<void>;
}

/** Also of a single worker, or a reply that is never the same would only show in the trials. */
const FEWEST_REPLIES = 2;
/** So many replies come from all workers of most servers that do not tell how many they have. */
export const UNKNOWN_WORKERS = 8;

/**
 * Starts every model once with the scenario, and checks every reply: by the scenario's own `verify`, and byte for byte
 * against the other models. Throws a UserError that names scenario and model when replies differ, because models that do not
 * do the same cannot be compared; when no model can run the scenario; and when its module fails by itself.
 */
export async function preflight(
  registry: ProcessRegistry,
  request: PreflightRequest,
  signal: AbortSignal,
): Promise<Preflight> {
  const { loaded, iterations, models } = request;
  const { id, parameters } = loaded;
  const resources = await asUserError(`scenario ${id}`, signal, () =>
    setUp(registry, loaded, { workers: mostWorkers(request) }, signal),
  );
  try {
    const module = await openModule(registry, loaded, { signal });
    try {
      const handlerContext = { parameters, iterations, addresses: resources.addresses };
      const verifier: Verifier = (reply, requestClass) => module.verify(reply, { ...handlerContext, requestClass });
      const check = { registry, request, handlerContext, resources, verifier, signal };
      const unable = new Map<string, Failure>();
      let expected: Fingerprints | null = null;
      for (const model of models) {
        const found: Fingerprints | Failure = await checked(check, model, expected);
        module.checkAlive();
        if ('kind' in found) unable.set(model.name, found);
        else if (expected === null || ![...expected.values()].some(isChunked)) expected = found;
      }
      const [first] = models;
      const why = first === undefined ? undefined : unable.get(first.name);
      if (first !== undefined && why !== undefined && unable.size === models.length) {
        throw new CannotRun(`${whereOf(loaded, first)}: ${why.message}`);
      }
      return { expected: expected ?? new Map(), unable };
    } finally {
      await module.close();
    }
  } finally {
    await resources.dispose();
  }
}

function mostWorkers({ models, workers }: PreflightRequest): number {
  return Math.max(...models.map(({ style }) => workersOf(style, workers) ?? 1));
}

function whereOf({ id, source }: LoadedScenario, { name, launch = BUILT_IN }: PlannedModel): string {
  switch (launch.kind) {
    case 'command':
      return `--command ${name}`;
    case 'address':
      return `--url ${name}`;
    case 'hosted':
      return source.kind === 'service' && source.file !== null
        ? `--app ${source.file.path} under ${name}`
        : `scenario ${id} under ${name}`;
    default:
      return launch satisfies never;
  }
}

interface Check {
  readonly registry: ProcessRegistry;
  readonly request: PreflightRequest;
  readonly handlerContext: HandlerContext;
  readonly resources: ScenarioResources;
  readonly verifier: Verifier;
  readonly signal: AbortSignal;
}

/** The replies of one model, or why it cannot run the scenario. */
async function checked(
  check: Check,
  model: PlannedModel,
  expected: Fingerprints | null,
): Promise<Fingerprints | Failure> {
  const { registry, request, handlerContext, resources, verifier, signal } = check;
  const { loaded, visit } = request;
  const { classes, parity, expect, folder } = loaded;
  const workers = workersOf(model.style, request.workers) ?? 1;
  const context = serverContext(loaded, handlerContext, { workers });
  let server: RunningServer | undefined;
  try {
    let prints: Fingerprints;
    try {
      const options = { cwd: folder ?? undefined };
      server = await startServer(registry, model.name, model.launch ?? BUILT_IN, context, signal, options);
      const times = Math.max(FEWEST_REPLIES, server.workers ?? UNKNOWN_WORKERS);
      const limitMs = checkLimitMs(workAsked(loaded), times, request.timeoutMs ?? null);
      const checks = { url: server.url, classes, times, expected, verifier, expect, parity, limitMs, signal };
      prints = await verifyReplies(checks);
      if (request.keepAlive === true) checkKeptAlive(prints);
    } catch (error) {
      const cause = server === undefined ? error : await rootCause(error, server, resources, signal);
      signal.throwIfAborted();
      return inabilityOf(cause, model, whereOf(loaded, model));
    }
    await visit?.(server, model, prints);
    return prints;
  } finally {
    await server?.stop();
  }
}

/** What its requests are to take by their parameters, as what they do take has not been timed for every model. */
function workAsked({ kernel, parameters, waitingMs }: LoadedScenario): Work {
  const sizedBy = kernel?.sizedBy ?? null;
  return { kernelCpuMs: sizedBy === null ? 0 : (parameters[sizedBy] ?? 0), waitingMs: waitingMs ?? 0 };
}

/** Rejects what would fail under load, where every closed connection counts as a fault. */
function checkKeptAlive(prints: Fingerprints): void {
  for (const [name, { headerLines }] of prints) {
    if (!headerLines.some((line) => /^connection:\s*close/i.test(line))) continue;
    throw new FailedTrial(
      'connection-closed',
      `request '${name}': the server closes the connection after its reply; give --connection-mode per-request`,
    );
  }
}

/** Why the model is left out. Throws what is not a matter of this model alone. */
function inabilityOf(error: unknown, model: PlannedModel, where: string): Failure {
  if (error instanceof UserError) throw error;
  const failure = failureOf(error);
  // A command is right or wrong, whatever a model can do.
  if (model.style === 'external') throw new CannotRun(`${where}: ${failure.message}`);
  // Two models took part in replies that differ, and a service serves all of them.
  const isOfAll = error instanceof RepliesDiffer || error instanceof ReplyTooLarge || failure.kind === 'upstream';
  if (isOfAll) throw new UserError(`${where}: ${failure.message}`);
  return failure;
}
