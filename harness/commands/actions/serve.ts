import { visible } from '../../../reports/words/escape.ts';
import { frontRoutes } from '../../../servers/pool/front-handler.ts';
import { blame, EXIT, UserError } from '../../errors.ts';
import { calibrate } from '../../measure/calibration/calibrate.ts';
import { availableCpus } from '../../measure/host/available-cpus.ts';
import { Keeper } from '../../measure/processes/keeper.ts';
import { loadScenario } from '../../measure/scenario/load.ts';
import { type OpenModule, openModule } from '../../measure/scenario/module.ts';
import { setUp } from '../../measure/scenario/set-up.ts';
import { describeModel, loadModel } from '../../measure/server/models.ts';
import { startServer } from '../../measure/server/process.ts';
import { workersWithin } from '../../plan/options/run.ts';
import { whole } from '../../plan/options/values.ts';
import type { Io, Stream } from '../io.ts';
import { interruptible } from './session.ts';

export interface ServeCommand {
  readonly model: string;
  readonly scenario: string;
  readonly workers?: number | undefined;
  readonly port: number;
}

/** `fourways serve`: starts one server as a trial would, but bound to no CPUs, to be tried with curl. Runs until it is told to stop. */
export async function serveCommand(command: ServeCommand, io: Io): Promise<number> {
  const cpus = availableCpus();
  const workers = workersWithin(command.workers, cpus.count);
  const port = whole('--port', command.port, 0, 65_535);
  const keeper = new Keeper();
  try {
    return await interruptible(async (signal) => {
      const open: OpenModule = (module, ...rest) => openModule(keeper, module, ...rest);
      const { name: model, url: modelUrl } = await loadModel(
        (file, stop) => describeModel(keeper, file, stop),
        command.model,
        signal,
      );
      const loaded = await loadScenario(open, command.scenario, signal);
      if (loaded.kernel !== null) io.err.write(`${loaded.id}: calibrating\n`);
      const where = `scenario ${loaded.id} under ${model}`;
      const { iterations } = await blame(where, signal, () =>
        calibrate(keeper, loaded, { cpus: 1, boundTo: null, iterations: null }, signal),
      );
      const { parameters, classes } = loaded;
      const surroundings = await blame(where, signal, () => setUp(keeper, loaded, signal));
      const handlerContext = { parameters, iterations, addresses: surroundings.addresses };
      const onFront = frontRoutes(classes);
      const context = { scenarioUrl: loaded.url, handlerContext, workers, port, onFront };
      const server = await blame(where, signal, () =>
        startServer(keeper, model, context, signal, { modelUrl, onOutput: linesTo(io.err) }),
      );
      const [request] = classes;
      const path = request?.path ?? '/';
      io.out.write(`${model} serves ${loaded.id}\n  url      ${server.url.replace(/\/$/, '')}${path}\n`);
      io.out.write(`  workers  ${server.workers}\n  stop     Ctrl-C\n`);
      const broken = surroundings.broken.then(
        (what) => new UserError(`scenario ${loaded.id}: ${what}; start it again`),
      );
      const ended = server.exited.then(
        (how) => new UserError(`the ${model} server ended by itself (${how}); start it again`),
      );
      const trouble = await Promise.race([ended, broken, aborted(signal)]);
      if (trouble !== null) throw trouble;
      await server.stop();
      return EXIT.fine;
    });
  } finally {
    await keeper.close();
  }
}

/** Passes on what a server writes, so that it can neither move the cursor nor be taken for what we print. */
function linesTo(stream: Stream): (text: string) => void {
  return (text) => void stream.write(text.split('\n').map(visible).join('\n'));
}

/** Resolves with null when the signal fires. */
function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null)));
}
