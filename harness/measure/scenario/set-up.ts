/** What a scenario needs outside the server: services and folders, created before it and disposed of after it. */
import { z } from 'zod';
import { messageOf } from '../../errors.ts';
import { nextMessage } from '../processes/next-message.ts';
import type { OwnedProcess, ProcessRegistry } from '../processes/registry.ts';
import type { LoadedScenario } from './load.ts';
import { openModule, type ScenarioModule } from './module.ts';

const SERVICE_LIMIT_MS = 10_000;
/** The first message of a service: it listens. */
const serviceReadySchema = z.object({ type: z.literal('ready'), port: z.int().min(1).max(65_535) });

export interface ScenarioResources {
  readonly addresses: Readonly<Record<string, string>>;
  /** Resolves with what happened when a service, or the process that ran `setUp`, ends by itself. */
  readonly broken: Promise<string>;
  /** Of the services that were started. */
  readonly pids: readonly number[];
  /** Ends the services and deletes the folders. */
  dispose(): Promise<void>;
}

/** Thrown when the resources of a scenario cannot be set up. */
export class SetUpError extends Error {
  override readonly name = 'SetUpError';
}

/**
 * Runs `setUp`, where the scenario has one, in a process of its own. That process stays until `dispose`, because the handler
 * may talk to what `setUp` opened in it. With `cpus`, it and the services are bound to these CPUs.
 */
export async function setUp(
  registry: ProcessRegistry,
  loaded: LoadedScenario,
  signal: AbortSignal,
  cpus: readonly number[] | null = null,
): Promise<ScenarioResources> {
  const services: OwnedProcess[] = [];
  const folders: string[] = [];
  let module: ScenarioModule | undefined;
  let report = (_what: string): void => {};
  const broken = new Promise<string>((resolve) => {
    report = resolve;
  });
  const dispose = async (): Promise<void> => {
    await Promise.all([module?.close(), ...services.map((service) => service.kill())]);
    await Promise.all(folders.map((folder) => registry.deleteFolder(folder)));
  };
  const startService = async (entry: URL, args: readonly string[]): Promise<number> => {
    const service = registry.fork(entry, args, cpus);
    services.push(service);
    const wait = { forWhat: 'starting a service', limitMs: SERVICE_LIMIT_MS, signal };
    const { port } = await nextMessage(service, serviceReadySchema, (ready) => ready, wait);
    void service.exited.then((how) => report(`a service of the scenario ended (${how})`));
    return port;
  };
  const makeFolder = async (): Promise<string> => {
    const folder = await registry.makeFolder();
    folders.push(folder);
    return folder;
  };
  try {
    if (!loaded.hasSetUp) return { addresses: {}, broken, pids: [], dispose };
    module = await openModule(registry, loaded, { signal, cpus });
    const addresses = await module.setUp(loaded.parameters, { startService, makeFolder });
    void module.ended.then((how) => report(`the process that ran setUp ended (${how})`));
    const pids = services.flatMap(({ child: { pid } }) => (pid === undefined ? [] : [pid]));
    return { addresses, broken, pids, dispose };
  } catch (error) {
    await dispose();
    if (signal.aborted) throw error;
    throw new SetUpError(messageOf(error));
  }
}
