/** Before anything is timed: which models can run the scenario, and do all of them send the same bytes? */
import type { HandlerContext } from '../../../scenarios/scenario.ts';
import { frontRoutes } from '../../../servers/pool/front-handler.ts';
import { blame, UserError } from '../../errors.ts';
import type { PlannedModel } from '../../plan/schedule/cells.ts';
import type { Failure } from '../../store/schema.ts';
import type { Keeper } from '../processes/keeper.ts';
import { type Fingerprints, type Judge, RepliesDiffer, verifyReplies } from '../replies/verify.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import { openModule } from '../scenario/module.ts';
import { type Surroundings, setUp } from '../scenario/set-up.ts';
import { type ServerProcess, startServer } from '../server/process.ts';
import { rootCause } from './root-cause.ts';
import { reasonOf } from './trial.ts';

/** What was found before the first trial. */
export interface Preflight {
  /** What a reply must be from here on. */
  readonly expected: Fingerprints;
  /** By name, the models that cannot run the scenario, and why. Never all of them. */
  readonly unable: ReadonlyMap<string, Failure>;
}

export interface PreflightOptions {
  /** Another Node.js than our own for the servers. */
  readonly execPath?: string | undefined;
  /** Called with each server when its replies are right, before it is stopped. What it throws is thrown. */
  readonly visit?: (server: ServerProcess, model: PlannedModel, expected: Fingerprints) => Promise<void>;
}

/** Also of a single worker, or a reply that is never the same would only show in the trials. */
const FEWEST_REPLIES = 2;

/**
 * Starts every model once with the scenario, and checks every reply: by the scenario's own `verify`, and byte for byte against
 * the other models. Throws a UserError that names scenario and model when replies differ, because a comparison between models
 * that do not do the same is worth nothing; when no model can run the scenario; and when its module fails by itself.
 */
export async function preflight(
  keeper: Keeper,
  loaded: LoadedScenario,
  iterations: number,
  models: readonly PlannedModel[],
  workers: number,
  signal: AbortSignal,
  options: PreflightOptions = {},
): Promise<Preflight> {
  const { id, parameters } = loaded;
  const surroundings = await blame(`scenario ${id}: its setUp failed`, signal, () => setUp(keeper, loaded, signal));
  try {
    const module = await openModule(keeper, loaded, signal);
    try {
      const handlerContext = { parameters, iterations, addresses: surroundings.addresses };
      const judge: Judge = (reply, requestClass) => module.verify(reply, { ...handlerContext, requestClass });
      const check = { keeper, loaded, handlerContext, surroundings, judge, workers, signal, options };
      const unable = new Map<string, Failure>();
      let expected: Fingerprints | null = null;
      for (const model of models) {
        const found: Fingerprints | Failure = await checked(check, model, expected);
        module.checkAlive();
        if ('kind' in found) unable.set(model.name, found);
        else expected = found;
      }
      const [first] = unable;
      if (first !== undefined && unable.size === models.length) {
        throw new UserError(`scenario ${id} under ${first[0]}: ${first[1].message}`);
      }
      return { expected: expected ?? new Map(), unable };
    } finally {
      await module.close();
    }
  } finally {
    await surroundings.takeAway();
  }
}

interface Check {
  readonly keeper: Keeper;
  readonly loaded: LoadedScenario;
  readonly handlerContext: HandlerContext;
  readonly surroundings: Surroundings;
  readonly judge: Judge;
  readonly workers: number;
  readonly signal: AbortSignal;
  readonly options: PreflightOptions;
}

/** What the replies of one model are, or why it cannot run the scenario. */
async function checked(
  check: Check,
  model: PlannedModel,
  before: Fingerprints | null,
): Promise<Fingerprints | Failure> {
  const { keeper, loaded, handlerContext, surroundings, signal, options } = check;
  const { classes, url: scenarioUrl } = loaded;
  const workers = model.style === 'alone' ? 1 : check.workers;
  const context = { scenarioUrl, handlerContext, workers, port: 0, onFront: frontRoutes(classes) };
  let server: ServerProcess | undefined;
  try {
    let prints: Fingerprints;
    try {
      server = await startServer(keeper, model.name, context, signal, {
        modelUrl: model.url,
        execPath: options.execPath,
      });
      const times = Math.max(FEWEST_REPLIES, server.workers);
      prints = await verifyReplies(server.url, classes, times, before, check.judge, signal);
    } catch (error) {
      const cause = server === undefined ? error : await rootCause(error, server, surroundings, signal);
      signal.throwIfAborted();
      return inabilityOf(cause, `scenario ${loaded.id} under ${model.name}`);
    }
    await options.visit?.(server, model, prints);
    return prints;
  } finally {
    await server?.stop();
  }
}

/** Why the model is left out. Throws what the other models have to do with. */
function inabilityOf(error: unknown, where: string): Failure {
  if (error instanceof UserError) throw error;
  const reason = reasonOf(error);
  // Replies that differ are of two models, and a service is there for all of them.
  if (error instanceof RepliesDiffer || reason.kind === 'upstream') throw new UserError(`${where}: ${reason.message}`);
  return reason;
}
