import { frontRoutes } from '../../servers/front-handler.ts';
import { models } from '../../servers/index.ts';
import { blame, EXIT, UserError } from '../errors.ts';
import { interruptible } from '../interrupt.ts';
import type { Io } from '../io.ts';
import { availableCpus } from '../measure/available-cpus.ts';
import { calibrate } from '../measure/calibrate.ts';
import { Keeper } from '../measure/keeper.ts';
import { loadScenario } from '../measure/load-scenario.ts';
import { setUp } from '../measure/scenario-set-up.ts';
import { startServer } from '../measure/server-process.ts';
import { modelNamed, workersWithin } from '../plan/options.ts';
import { whole } from '../plan/whole.ts';

export interface ServeCommand {
  readonly model: string;
  readonly scenario: string;
  readonly workers?: number | undefined;
  readonly port: number;
}

/** `fourways serve`: starts one server as a trial would, but bound to no CPUs, to be tried with curl. Runs until it is told to stop. */
export async function serveCommand(command: ServeCommand, io: Io): Promise<number> {
  const model = modelNamed(command.model, Object.keys(models));
  const cpus = availableCpus();
  const workers = workersWithin(command.workers, cpus.count);
  const port = whole('--port', command.port, 0, 65_535);
  const loaded = await loadScenario(command.scenario);
  const keeper = new Keeper();
  try {
    return await interruptible(async (signal) => {
      if (loaded.scenario.kernel !== undefined) io.err.write(`${loaded.id}: calibrating\n`);
      const where = `scenario ${loaded.id} under ${model}`;
      const { iterations } = await blame(where, signal, () => calibrate(keeper, loaded, 1, null, signal));
      const { parameters } = loaded;
      const surroundings = await blame(where, signal, () => setUp(keeper, loaded.scenario, parameters, signal));
      const handlerContext = { parameters, iterations, addresses: surroundings.addresses };
      const classes = loaded.scenario.requests(parameters);
      const onFront = frontRoutes(classes);
      const context = { scenarioUrl: loaded.url, handlerContext, workers, port, onFront };
      const server = await blame(where, signal, () => startServer(keeper, model, context, signal));
      const [request] = classes;
      const path = request?.path ?? '/';
      io.out.write(`${model} serves ${loaded.id}\n  url      ${server.url.replace(/\/$/, '')}${path}\n`);
      io.out.write(`  workers  ${server.workers}\n  stop     Ctrl-C\n`);
      const ended = await Promise.race([server.exited, aborted(signal)]);
      if (ended !== null) throw new UserError(`the ${model} server ended by itself (${ended}); start it again`);
      await server.stop();
      return EXIT.fine;
    });
  } finally {
    await keeper.close();
  }
}

/** Resolves with null when the signal fires. */
function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null)));
}
