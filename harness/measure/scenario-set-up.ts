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
          const service = keeper.fork(entry, args);
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
    const addresses = (await Promise.race([setting, endOf(signal)])) ?? {};
    return { addresses, broken, takeAway };
  } catch (error) {
    await takeAway();
    if (signal.aborted) throw error;
    throw new SetUpError(messageOf(error));
  }
}

/** Rejects when the signal fires, or when a set-up has taken longer than any should. */
function endOf(signal: AbortSignal): Promise<never> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(SET_UP_LIMIT_MS)]);
  return new Promise((_, reject) => {
    const end = (): void =>
      reject(signal.aborted ? signal.reason : new Error(`setUp was not done within ${SET_UP_LIMIT_MS / 1000} s`));
    if (limit.aborted) end();
    else limit.addEventListener('abort', end, { once: true });
  });
}
