import { visible } from '../../../reports/words/escape.ts';
import type { Io, Stream } from '../../command-line/command.ts';
import { asUserError, EXIT, UserError } from '../../errors.ts';
import { calibrate } from '../../measure/calibration/calibrate.ts';
import { availableCpus } from '../../measure/host/available-cpus.ts';
import { ProcessRegistry } from '../../measure/processes/registry.ts';
import { type LoadedScenario, loadService, loadScenario } from '../../measure/scenario/load.ts';
import { moduleOpener, type OpenModule } from '../../measure/scenario/module.ts';
import { setUp } from '../../measure/scenario/set-up.ts';
import { loadModel, modelDescriber } from '../../measure/server/models.ts';
import { BUILT_IN, serverContext, startServer } from '../../measure/server/launch.ts';
import { type GivenRequest, parseGiven } from '../../plan/options/external.ts';
import { parseService } from '../../plan/options/service.ts';
import { workersWithin } from '../../plan/options/run.ts';
import type { ServerNodeRequest } from '../../plan/options/server-node.ts';
import { integerFlag } from '../../plan/options/values.ts';
import { serversAsked, withSession } from './session.ts';

export interface ServeArgs extends ServerNodeRequest, GivenRequest {
  readonly model: string;
  readonly scenario?: string | undefined;
  readonly app?: string | undefined;
  readonly workers?: number | undefined;
  readonly port: number;
}

/** Starts one server as a trial would, but bound to no CPUs, to try it with curl. Runs until a signal stops it. */
export async function serve(args: ServeArgs, io: Io): Promise<number> {
  const workers = workersWithin(args.workers, availableCpus().count);
  const port = integerFlag('--port', args.port, 0, 65_535);
  const load = loaderOf(args);
  const registry = new ProcessRegistry(serversAsked(args));
  return withSession({
    processes: registry,
    ifInterrupted: 'Interrupted before the server was ready.',
    measure: async (signal) => {
      const node = { binaries: [], newerNode: 'run fourways with that Node.js' } as const;
      const { name: model, launch } = await loadModel(modelDescriber(registry), args.model, node, signal);
      const loaded = await load(moduleOpener(registry), signal);
      if (loaded.kernel !== null) io.err.write(`${loaded.id}: calibrating\n`);
      const where = `scenario ${loaded.id} under ${model}`;
      const { iterations } = await asUserError(where, signal, () =>
        calibrate(registry, loaded, { cpus: 1, boundTo: null, iterations: null }, signal),
      );
      const { parameters, classes } = loaded;
      const resources = await asUserError(where, signal, () => setUp(registry, loaded, { workers }, signal));
      const handlerContext = { parameters, iterations, addresses: resources.addresses };
      const context = serverContext(loaded, handlerContext, { workers, port });
      const server = await asUserError(where, signal, () =>
        startServer(registry, model, launch ?? BUILT_IN, context, signal, { onOutput: linesTo(io.err) }),
      );
      const [request] = classes;
      const path = request?.path ?? '/';
      io.out.write(`${model} serves ${loaded.id}\n  url      ${server.url.replace(/\/$/, '')}${path}\n`);
      io.out.write(`  workers  ${server.workers}\n  stop     Ctrl-C\n`);
      const broken = resources.broken.then((what) => new UserError(`scenario ${loaded.id}: ${what}; start it again`));
      const ended = server.exited.then(
        (how) => new UserError(`the ${model} server ended by itself (${how}); start it again`),
      );
      const trouble = await Promise.race([ended, broken, aborted(signal)]);
      if (trouble !== null) throw trouble;
      await server.stop();
    },
    conclude: () => EXIT.fine,
  });
}

/** Loads what was named, which is one thing. Throws UserError. */
function loaderOf(args: ServeArgs): (open: OpenModule, signal: AbortSignal) => Promise<LoadedScenario> {
  const { scenario, app } = args;
  const given = parseGiven(args, scenario === undefined ? [] : [scenario]);
  if (app === undefined && scenario !== undefined) return (open, signal) => loadScenario(open, scenario, signal, given);
  // Nothing is sent to it; the address is printed with the path of the first request.
  const asked = parseService({ app, request: app === undefined ? undefined : ['GET /'] }, false);
  if (asked !== null && scenario === undefined) return async () => loadService(asked);
  const mistake =
    app === undefined ? 'needs a scenario, or a service with --app' : `serves ${scenario} or --app ${app}`;
  throw new UserError(`fourways serve ${mistake}; name one of them, as in fourways serve cluster --app ./server.js`);
}

/** Passes on what a server writes, so that it can neither move the cursor nor be taken for what we print. */
function linesTo(stream: Stream): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) stream.write(`${visible(line)}\n`);
  };
}

/** Resolves with null when the signal fires. */
function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null)));
}
