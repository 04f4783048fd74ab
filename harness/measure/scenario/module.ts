/** The harness's side of the process in which a scenario's module runs. */
import { entryBeside } from '../../../scenarios/entry.ts';
import type { Expectation, ReceivedReply, Service } from '../../../scenarios/scenario.ts';
import { messageOf, UserError } from '../../errors.ts';
import type { ScenarioPlan } from '../../store/schema.ts';
import { NoMessage, nextMessage } from '../processes/next-message.ts';
import { endText } from '../processes/output.ts';
import type { OwnedProcess, ProcessRegistry } from '../processes/registry.ts';
import type { Asked, Description } from './description.ts';
import {
  type Purpose,
  type Resource,
  type ResourceRequest,
  type ScenarioCommand,
  type ScenarioEvent,
  type SetUpAsked,
  scenarioEventSchema,
} from './messages.ts';

const LOAD_LIMIT_MS = 30_000;
const ANSWER_LIMIT_MS = 30_000;
const SET_UP_LIMIT_MS = 60_000;

/** Which module, and what it is called in messages. */
export interface ModuleOf {
  readonly name: string;
  readonly url: string;
  readonly source: ScenarioPlan['source'];
}

/** A service as `setUp` asks for it. */
export type AskedService = Omit<Extract<ResourceRequest, { kind: 'service' }>, 'kind'>;

/** Provides what `setUp` asks for. */
export interface Provider {
  startService(asked: AskedService): Promise<Service>;
  /** Resolves with its path. */
  makeFolder(): Promise<string>;
}

/** A scenario's module, loaded in a process of its own. Each question has a limit. */
export interface ScenarioModule {
  /** Rejects with a UserError: also when the process ends, does not answer in time, or the module is no scenario. */
  describe(asked: Asked): Promise<Description>;
  /** What is wrong with the reply; null when it is right. Rejects with a UserError when the process ends or does not answer. */
  verify(reply: ReceivedReply, expectation: Expectation): Promise<string | null>;
  /** Runs `setUp` and resolves with the addresses. Rejects with what went wrong. */
  setUp(asked: SetUpAsked, provider: Provider): Promise<Readonly<Record<string, string>>>;
  /** Resolves with how its process ended, whoever ended it. */
  readonly ended: Promise<string>;
  /** Throws a UserError when the process has ended by itself. */
  checkAlive(): void;
  /** Ends the process and its descendants. */
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly signal: AbortSignal;
  /** To be described, or to verify replies and to set up. */
  readonly purpose?: Purpose;
  readonly cpus?: readonly number[] | null;
  readonly loadLimitMs?: number;
}

export type OpenModule = (module: ModuleOf, options: OpenOptions) => Promise<ScenarioModule>;

/** Opens modules in processes of this registry. */
export function moduleOpener(registry: ProcessRegistry): OpenModule {
  return (module, options) => openModule(registry, module, options);
}

/** Loads a module in a process of its own, which the caller closes. Rejects with a UserError that names the scenario. */
export async function openModule(
  registry: ProcessRegistry,
  module: ModuleOf,
  { signal, purpose = 'run', cpus = null, loadLimitMs = LOAD_LIMIT_MS }: OpenOptions,
): Promise<ScenarioModule> {
  const { name, url } = module;
  const entry = entryBeside(import.meta.url, 'process');
  const owned = registry.fork(entry, [url, purpose], cpus, { serialization: 'advanced' });
  const channel = channelTo(owned, signal);
  let ended: string | undefined;
  let closing = false;
  const exited = owned.exited.then((how) => {
    ended = endText(how, owned.recentOutput());
    return ended;
  });
  try {
    const loaded = await channel.next(['loaded', 'not-loaded'], null, 'while its module was loaded', loadLimitMs);
    if (loaded.type === 'not-loaded') throw notLoaded(module, loaded.message);
  } catch (error) {
    await owned.kill();
    throw moduleError(name, error, loadHint);
  }
  return {
    async describe(asked) {
      const id = channel.send((id) => ({ type: 'describe', id, asked }));
      const answer = await channel
        .next(['described', 'failed'], id, 'while it was described', ANSWER_LIMIT_MS)
        .catch((error: unknown) => {
          throw moduleError(name, error);
        });
      if (answer.type === 'described') return answer.description;
      throw new UserError(answer.message);
    },
    async verify({ status, headers, bytes }, expectation) {
      const id = channel.send((id) => ({ type: 'verify', id, reply: { status, headers, bytes }, expectation }));
      const answer = await channel
        .next(['verified', 'failed'], id, 'while a reply was verified', ANSWER_LIMIT_MS)
        .catch((error: unknown) => {
          throw moduleError(name, error);
        });
      return answer.type === 'verified' ? answer.wrong : `verify of the scenario failed: ${answer.message}`;
    },
    async setUp(asked, provider) {
      provideOn(owned, provider);
      const id = channel.send((id) => ({ type: 'set-up', id, asked }));
      const answer = await channel.next(['set-up', 'failed'], id, 'while setUp ran', SET_UP_LIMIT_MS);
      if (answer.type === 'set-up') return answer.addresses;
      throw new Error(answer.message);
    },
    ended: exited,
    checkAlive() {
      if (ended === undefined || closing) return;
      throw new UserError(`scenario ${name}: the process of its module ended by itself (${ended})`);
    },
    async close() {
      closing = true;
      await owned.kill();
    },
  };
}

interface Channel {
  /** Sends a command with a new id, which it returns. */
  send(command: (id: number) => ScenarioCommand): number;
  /** The next event of one of these types, and with this id unless it is null. Rejects with NoMessage. */
  next<T extends ScenarioEvent['type']>(
    types: readonly T[],
    id: number | null,
    forWhat: string,
    limitMs: number,
  ): Promise<Extract<ScenarioEvent, { type: T }>>;
}

function channelTo(owned: OwnedProcess, signal: AbortSignal): Channel {
  let lastId = 0;
  return {
    send(command) {
      lastId++;
      owned.child.send(command(lastId), () => {});
      return lastId;
    },
    next<T extends ScenarioEvent['type']>(types: readonly T[], id: number | null, forWhat: string, limitMs: number) {
      const isAnswer = (event: ScenarioEvent): event is Extract<ScenarioEvent, { type: T }> =>
        types.some((type) => type === event.type) && (id === null || ('id' in event && event.id === id));
      const accept = (event: ScenarioEvent) => (isAnswer(event) ? event : undefined);
      return nextMessage(owned, scenarioEventSchema, accept, { forWhat, limitMs, signal });
    },
  };
}

/** From now on the process gets what `setUp` requests. */
function provideOn({ child }: OwnedProcess, provider: Provider): void {
  child.on('message', (raw) => {
    const event = scenarioEventSchema.safeParse(raw);
    if (!event.success || event.data.type !== 'request') return;
    const { id, request } = event.data;
    const answer = (resource: Resource): void => {
      child.send({ type: 'provide', id, resource } satisfies ScenarioCommand, () => {});
    };
    provided(provider, request).then(answer, (error) => answer({ kind: 'none', message: messageOf(error) }));
  });
}

async function provided(provider: Provider, request: ResourceRequest): Promise<Resource> {
  switch (request.kind) {
    case 'service':
      return { kind: 'service', service: await provider.startService(request) };
    case 'folder':
      return { kind: 'folder', path: await provider.makeFolder() };
    default:
      return request satisfies never;
  }
}

/** The file that was named cannot be imported. */
export function notLoaded({ name, source }: ModuleOf, message: string): UserError {
  const reference = source.kind === 'file' ? source.path : name;
  return new UserError(`--scenario ${reference}: the file fails while loading: ${message}`);
}

/** A failure of the process of a user's module is theirs to fix. */
function moduleError(name: string, error: unknown, hintOf: (error: NoMessage) => string = () => ''): unknown {
  return error instanceof NoMessage ? new UserError(`scenario ${name}: ${error.message}${hintOf(error)}`) : error;
}

function loadHint({ ended }: NoMessage): string {
  return ended
    ? '; code at the top level of the module must not end the process'
    : '; the top level of the module must not await something that may never happen';
}
