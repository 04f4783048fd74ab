/** What a scenario needs outside the server: services and folders, started before it and taken away after it. */
import { messageOf } from '../../errors.ts';
import { nextMessage } from '../processes/conversation.ts';
import type { Keeper, Kept } from '../processes/keeper.ts';
import { serviceNoticeSchema } from '../server/messages.ts';
import type { LoadedScenario } from './load.ts';
import { openModule, type ScenarioModule } from './module.ts';

const SERVICE_LIMIT_MS = 10_000;

export interface Surroundings {
  readonly addresses: Readonly<Record<string, string>>;
  /** Resolves with what happened when a service, or the process that ran `setUp`, ends by itself. */
  readonly broken: Promise<string>;
  /** Of the services that were started. */
  readonly pids: readonly number[];
  takeAway(): Promise<void>;
}

/** Thrown when the surroundings of a scenario cannot be set up. */
export class SetUpError extends Error {
  override readonly name = 'SetUpError';
}

/**
 * Runs `setUp` in a process of its own, where the scenario has one. The process stays until everything is taken away, because
 * what `setUp` opened there may be what the handler talks to; it and the services stay on `cpus` where there is a list.
 */
export async function setUp(
  keeper: Keeper,
  loaded: LoadedScenario,
  signal: AbortSignal,
  cpus: readonly number[] | null = null,
): Promise<Surroundings> {
  const services: Kept[] = [];
  const folders: string[] = [];
  let module: ScenarioModule | undefined;
  let report = (_what: string): void => {};
  const broken = new Promise<string>((resolve) => {
    report = resolve;
  });
  const takeAway = async (): Promise<void> => {
    await Promise.all([module?.close(), ...services.map((service) => service.kill())]);
    await Promise.all(folders.map((folder) => keeper.deleteFolder(folder)));
  };
  const startService = async (entry: URL, args: readonly string[]): Promise<number> => {
    const service = keeper.fork(entry, args, cpus);
    services.push(service);
    const wait = { forWhat: 'the service to start', limitMs: SERVICE_LIMIT_MS, signal };
    const { port } = await nextMessage(service, serviceNoticeSchema, (notice) => notice, wait);
    void service.exited.then((how) => report(`a service that the scenario started has ended (${how})`));
    return port;
  };
  const makeFolder = async (): Promise<string> => {
    const folder = await keeper.makeFolder();
    folders.push(folder);
    return folder;
  };
  try {
    if (!loaded.hasSetUp) return { addresses: {}, broken, pids: [], takeAway };
    module = await openModule(keeper, loaded, signal, { cpus });
    const addresses = await module.setUp(loaded.parameters, { startService, makeFolder });
    void module.ended.then((how) => report(`the process that ran setUp has ended (${how})`));
    const pids = services.flatMap(({ child: { pid } }) => (pid === undefined ? [] : [pid]));
    return { addresses, broken, pids, takeAway };
  } catch (error) {
    await takeAway();
    if (signal.aborted) throw error;
    throw new SetUpError(messageOf(error));
  }
}
