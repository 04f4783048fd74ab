/** The harness's side of the process in which a scenario's module runs. */
import { entryBeside } from '../../../scenarios/entry.ts';
import type { Expectation, ReceivedReply } from '../../../scenarios/scenario.ts';
import { messageOf, UserError } from '../../errors.ts';
import type { ScenarioPlan } from '../../store/schema.ts';
import { NoMessage, nextMessage } from '../processes/conversation.ts';
import type { Keeper } from '../processes/keeper.ts';
import { endText } from '../processes/last-words.ts';
import type { Asked, Description } from './description.ts';
import {
  type Purpose,
  type ScenarioNotice,
  type ScenarioOrder,
  scenarioNoticeSchema,
  type Wanted,
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

/** What `setUp` is given when it asks. */
export interface Provider {
  /** Resolves with its port. */
  startService(entry: URL, args: readonly string[]): Promise<number>;
  /** Resolves with its path. */
  makeFolder(): Promise<string>;
}

/** A scenario's module, loaded in a process of its own. Each question has a limit. */
export interface ScenarioModule {
  /** Rejects with a UserError: also when the process ends, says nothing in time, or the module is no scenario. */
  describe(asked: Asked): Promise<Description>;
  /** What is wrong with the reply; null when it is right. Rejects with a UserError when the process ends or says nothing. */
  verify(reply: ReceivedReply, expectation: Expectation): Promise<string | null>;
  /** Runs `setUp` and resolves with the addresses. Rejects with what went wrong. */
  setUp(parameters: Readonly<Record<string, number>>, provider: Provider): Promise<Readonly<Record<string, string>>>;
  /** Resolves with how its process ended, whoever ended it. */
  readonly ended: Promise<string>;
  /** Throws a UserError when the process has ended by itself. */
  checkAlive(): void;
  /** Ends the process with all that it started. */
  close(): Promise<void>;
}

/** Opens modules where they are to run. */
export type OpenModule = (
  module: ModuleOf,
  signal: AbortSignal,
  how?: {
    /** To be described, or to verify replies and to set up. */
    readonly purpose?: Purpose;
    readonly cpus?: readonly number[] | null;
    readonly loadLimitMs?: number;
  },
) => Promise<ScenarioModule>;

/** Loads a module in a process of its own, which is to be closed. Rejects with a UserError that names the scenario. */
export async function openModule(
  keeper: Keeper,
  module: ModuleOf,
  signal: AbortSignal,
  { purpose = 'run', cpus = null, loadLimitMs = LOAD_LIMIT_MS }: Parameters<OpenModule>[2] = {},
): Promise<ScenarioModule> {
  const { name, url } = module;
  const entry = entryBeside(import.meta.url, 'process');
  const kept = keeper.fork(entry, [url, purpose], cpus, { serialization: 'advanced' });
  const order = (message: ScenarioOrder): void => void kept.child.send(message, () => {});
  const answer = async <T extends ScenarioNotice['type']>(
    types: readonly T[],
    ticket: number | null,
    forWhat: string,
    limitMs: number,
  ): Promise<Extract<ScenarioNotice, { type: T }>> => {
    const isOne = (notice: ScenarioNotice): notice is Extract<ScenarioNotice, { type: T }> =>
      types.some((type) => type === notice.type) &&
      (ticket === null || ('ticket' in notice && notice.ticket === ticket));
    const accept = (notice: ScenarioNotice) => (isOne(notice) ? notice : undefined);
    return nextMessage(kept, scenarioNoticeSchema, accept, { forWhat, limitMs, signal });
  };
  let lastTicket = 0;
  let ended: string | undefined;
  let closing = false;
  void kept.exited.then((how) => {
    ended = endText(how, kept.lastWords());
  });
  try {
    const loaded = await answer(['loaded', 'not-loaded'], null, 'while its module was loaded', loadLimitMs);
    if (loaded.type === 'not-loaded') throw notLoaded(module, loaded.message);
  } catch (error) {
    await kept.kill();
    throw mended(name, error, loadHint);
  }
  return {
    async describe(asked) {
      const ticket = ++lastTicket;
      order({ type: 'describe', ticket, asked });
      const said = await answer(['described', 'failed'], ticket, 'while it was described', ANSWER_LIMIT_MS).catch(
        (error: unknown) => {
          throw mended(name, error);
        },
      );
      if (said.type === 'described') return said.description;
      throw new UserError(said.message);
    },
    async verify({ status, headers, bytes }, expectation) {
      const ticket = ++lastTicket;
      order({ type: 'verify', ticket, reply: { status, headers, bytes }, expectation });
      const said = await answer(['verified', 'failed'], ticket, 'while a reply was verified', ANSWER_LIMIT_MS).catch(
        (error: unknown) => {
          throw mended(name, error);
        },
      );
      return said.type === 'verified' ? said.wrong : `verify of the scenario failed: ${said.message}`;
    },
    async setUp(parameters, provider) {
      kept.child.on('message', (raw) => {
        const notice = scenarioNoticeSchema.safeParse(raw);
        if (!notice.success || notice.data.type !== 'wanted') return;
        const { ticket, wanted } = notice.data;
        provided(provider, wanted).then(
          (given) => order({ type: 'given', ticket, given }),
          (error) => order({ type: 'given', ticket, given: { kind: 'nothing', message: messageOf(error) } }),
        );
      });
      const ticket = ++lastTicket;
      order({ type: 'set-up', ticket, parameters });
      const said = await answer(['set-up', 'failed'], ticket, 'while setUp ran', SET_UP_LIMIT_MS);
      if (said.type === 'set-up') return said.addresses;
      throw new Error(said.message);
    },
    ended: kept.exited.then((how) => endText(how, kept.lastWords())),
    checkAlive() {
      if (ended === undefined || closing) return;
      throw new UserError(`scenario ${name}: the process of its module ended by itself (${ended})`);
    },
    async close() {
      closing = true;
      await kept.kill();
    },
  };
}

/** The file that was named cannot be imported. */
export function notLoaded({ name, source }: ModuleOf, message: string): UserError {
  const reference = source.kind === 'file' ? source.path : name;
  return new UserError(`--scenario ${reference}: the file fails while loading: ${message}`);
}

async function provided(provider: Provider, wanted: Wanted) {
  switch (wanted.kind) {
    case 'service':
      return { kind: 'service', port: await provider.startService(new URL(wanted.entry), wanted.args) } as const;
    case 'folder':
      return { kind: 'folder', path: await provider.makeFolder() } as const;
    default:
      return wanted satisfies never;
  }
}

/** What goes wrong with the process of a user's module is theirs to mend. */
function mended(name: string, error: unknown, hintOf: (error: NoMessage) => string = () => ''): unknown {
  return error instanceof NoMessage ? new UserError(`scenario ${name}: ${error.message}${hintOf(error)}`) : error;
}

function loadHint({ ended }: NoMessage): string {
  return ended
    ? '; what stands at its top level must not end it'
    : '; let its top level await nothing that may never come';
}
