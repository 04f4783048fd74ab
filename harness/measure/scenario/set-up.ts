/** What a scenario needs outside the server: services and folders, created before it and disposed of after it. */
import type { Service } from '../../../scenarios/scenario.ts';
import { messageOf } from '../../errors.ts';
import type { ProcessRegistry } from '../processes/registry.ts';
import { holdersOf } from '../processes/sockets.ts';
import type { LoadedScenario } from './load.ts';
import { type AskedService, openModule, type ScenarioModule } from './module.ts';
import { type RunningService, startOrGet } from './services.ts';

export interface ScenarioResources {
  readonly addresses: Readonly<Record<string, string>>;
  /** Resolves with what happened when a service, or the process that ran `setUp`, ends by itself. */
  readonly broken: Promise<string>;
  /** Of the services that were started, or of the server that was given. */
  readonly pids: readonly number[];
  /** Of the services that were started. */
  readonly started: readonly number[];
  /** Ends the services that are not kept, and deletes the folders. */
  dispose(): Promise<void>;
}

/** Thrown when the resources of a scenario cannot be set up. */
export class SetUpError extends Error {
  override readonly name = 'SetUpError';
}

/** For whom. */
interface SetUpFor {
  /** Of the server that has the most of them. */
  readonly workers: number;
  /** Those that the process of `setUp` and the services are bound to; null for any. */
  readonly cpus?: readonly number[] | null;
}

/**
 * Runs `setUp`, where the scenario has one, in a process of its own. That process stays until `dispose`, because the handler
 * may talk to what `setUp` opened in it.
 */
export async function setUp(
  registry: ProcessRegistry,
  loaded: LoadedScenario,
  { workers, cpus = null }: SetUpFor,
  signal: AbortSignal,
): Promise<ScenarioResources> {
  const services: RunningService[] = [];
  const folders: string[] = [];
  let module: ScenarioModule | undefined;
  let report = (_what: string): void => {};
  const broken = new Promise<string>((resolve) => {
    report = resolve;
  });
  const dispose = async (): Promise<void> => {
    const own = services.filter(({ isKept }) => !isKept);
    await Promise.all([module?.close(), ...own.map(({ owned }) => owned.kill())]);
    await Promise.all(folders.map((folder) => registry.deleteFolder(folder)));
  };
  const startService = async (asked: AskedService): Promise<Service> => {
    const service = await startOrGet(registry, asked, cpus, signal);
    services.push(service);
    void service.owned.exited.then((how) => report(`a service of the scenario ended (${how})`));
    return { port: service.port, url: service.url };
  };
  const makeFolder = async (): Promise<string> => {
    const folder = await registry.makeFolder();
    folders.push(folder);
    return folder;
  };
  try {
    if (!loaded.hasSetUp) return { addresses: {}, broken, pids: [], started: [], dispose };
    module = await openModule(registry, loaded, { signal, cpus });
    const { parameters, given } = loaded;
    const addresses = await module.setUp({ parameters, workers, given }, { startService, makeFolder });
    void module.ended.then((how) => report(`the process that ran setUp ended (${how})`));
    const started = services.flatMap(({ owned: { child } }) => child.pid ?? []);
    const pids = given === null ? started : holdersOf(Number(new URL(given).port));
    return { addresses, broken, pids, started, dispose };
  } catch (error) {
    await dispose();
    if (signal.aborted) throw error;
    throw new SetUpError(messageOf(error));
  }
}
