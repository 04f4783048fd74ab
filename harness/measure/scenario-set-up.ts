/** What a scenario needs outside the server: services and folders, started before it and taken away after it. */
import type { Scenario } from '../../scenarios/scenario.ts';
import { messageOf } from '../errors.ts';
import { nextMessage } from './conversation.ts';
import type { Keeper, Kept } from './keeper.ts';
import { serviceNoticeSchema } from './messages.ts';

const SERVICE_LIMIT_MS = 10_000;
const SET_UP_LIMIT_MS = 60_000;

export interface Surroundings {
  readonly addresses: Readonly<Record<string, string>>;
  /** Resolves with what happened when a service ends by itself. */
  readonly broken: Promise<string>;
  /** Of the services that were started. */
  readonly pids: readonly number[];
  takeAway(): Promise<void>;
}

/** Thrown when the surroundings of a scenario cannot be set up. */
export class SetUpError extends Error {
  override readonly name = 'SetUpError';
}

export async function setUp(
  keeper: Keeper,
  scenario: Scenario,
  parameters: Readonly<Record<string, number>>,
  signal: AbortSignal,
  cpus: readonly number[] | null = null,
): Promise<Surroundings> {
  const services: Kept[] = [];
  const folders: string[] = [];
  let report = (_what: string): void => {};
  const broken = new Promise<string>((resolve) => {
    report = resolve;
  });
  const takeAway = async (): Promise<void> => {
    await Promise.all(services.map((service) => service.kill()));
    await Promise.all(folders.map((folder) => keeper.deleteFolder(folder)));
  };
  try {
    const setting = Promise.resolve(
      scenario.setUp?.({
        parameters,
        startService: async (entry, args) => {
          const service = keeper.fork(entry, args, cpus);
          services.push(service);
          const wait = { forWhat: 'the service to start', limitMs: SERVICE_LIMIT_MS, signal };
          const { port } = await nextMessage(service, serviceNoticeSchema, (notice) => notice, wait);
          void service.exited.then((how) => report(`a service that the scenario started has ended (${how})`));
          return { port };
        },
        makeFolder: async () => {
          const folder = await keeper.makeFolder();
          folders.push(folder);
          return folder;
        },
      }),
    );
    const addresses = (await before(SET_UP_LIMIT_MS, signal, setting)) ?? {};
    const pids = services.flatMap(({ child: { pid } }) => (pid === undefined ? [] : [pid]));
    return { addresses, broken, pids, takeAway };
  } catch (error) {
    await takeAway();
    if (signal.aborted) throw error;
    throw new SetUpError(messageOf(error));
  }
}

/**
 * What a set-up comes to, unless the signal fires first or it takes longer than any should. The limit is a timer, because
 * Node.js collects an `AbortSignal.timeout` that only `AbortSignal.any` holds, and it never fires (nodejs/node#57736).
 */
function before<T>(limitMs: number, signal: AbortSignal, setting: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    const late = (): void => reject(new Error(`setUp was not done within ${limitMs / 1000} s`));
    const timer = setTimeout(late, limitMs);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    setting.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    });
  });
}
