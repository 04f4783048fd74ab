/** The harness's side of a load generator. */
import { entryBeside } from '../../scenarios/entry.ts';
import type { RequestClass } from '../../scenarios/scenario.ts';
import { requestOrder } from '../plan/request-order.ts';
import type { Cell, Failure } from '../store/schema.ts';
import { NoMessage, nextMessage } from './conversation.ts';
import { FailedTrial } from './failed-trial.ts';
import {
  type GeneratorLoad,
  type GeneratorOrder,
  type GeneratorResult,
  generatorNoticeSchema,
  type PlannedRequest,
} from './generator-messages.ts';
import type { Keeper, Kept } from './keeper.ts';
import { type SenderChoice, senderFor } from './start-load.ts';
import type { Fingerprints } from './verify.ts';

const READY_LIMIT_MS = 30_000;
const CONNECT_LIMIT_MS = 30_000;
/** Waiting for the window to end, beyond its own length. */
const LATE_MS = 10_000;

export interface LoadTarget {
  readonly url: string;
  readonly classes: readonly RequestClass[];
  readonly expected: Fingerprints;
  readonly connections: number;
  readonly connectionMode: Cell['connectionMode'];
  readonly load: GeneratorLoad;
  /** A request without a reply after this long is a time-out. */
  readonly timeoutSec: number;
}

export interface Generator {
  /** Opens the connections; resolves when all are open. */
  connect(target: LoadTarget, signal: AbortSignal): Promise<void>;
  /** Begins to send. `onProgress` is called about every 100 ms with the completions since the last call. */
  go(onProgress: (completions: number) => void): void;
  /** Of an open loop: ends the closed loop that warms up, and resolves when requests are sent on schedule. */
  offer(signal: AbortSignal): Promise<void>;
  /** Rejects with a FailedTrial as soon as the load meets something that makes the trial invalid. Never resolves. */
  readonly fault: Promise<never>;
  /** Resolves when the measured window has ended. The load runs on. */
  measure(windowMs: number, signal: AbortSignal): Promise<void>;
  /** Collects the replies that are still due, and the figures. */
  finish(signal: AbortSignal): Promise<GeneratorResult>;
  stop(): Promise<void>;
}

/** Spawns a generator for such a load; resolves when it is ready to start. */
export async function spawnGenerator(
  keeper: Keeper,
  choice: SenderChoice,
  cpus: readonly number[] | null,
  signal: AbortSignal,
): Promise<Generator> {
  const kept = keeper.fork(entryBeside(import.meta.url, 'generator-process'), [senderFor(choice)], cpus);
  const next = nextNotice(kept);
  await next('ready', 'the generator to start', READY_LIMIT_MS, signal).catch(async (error: unknown) => {
    await kept.kill();
    throw error;
  });
  const fault = new Promise<never>((_, reject) => {
    kept.child.on('message', (raw) => {
      const notice = generatorNoticeSchema.safeParse(raw);
      if (notice.success && notice.data.type === 'fault') {
        const { kind, message } = notice.data.reason;
        reject(new FailedTrial(kind, message));
      }
    });
    void kept.exited.then((how) => reject(new FailedTrial('generator', `the generator ended (${how})`)));
  });
  fault.catch(() => {}); // Whoever races against it hears of it; before that nobody needs to.
  let timeoutMs = 0;
  return {
    go(onProgress) {
      kept.child.on('message', (raw) => {
        const notice = generatorNoticeSchema.safeParse(raw);
        if (notice.success && notice.data.type === 'progress') onProgress(notice.data.completions);
      });
      order(kept, { type: 'go' });
    },
    async connect({ url, classes, expected, connections, connectionMode, load, timeoutSec }, signal) {
      timeoutMs = timeoutSec * 1000;
      order(kept, {
        type: 'start',
        url,
        connections,
        connectionMode,
        load,
        requests: classes.map((one) => plannedRequest(one, expected)),
        order: [...requestOrder(classes)],
        timeoutSec,
      });
      await next('connected', `${connections} connections to open`, CONNECT_LIMIT_MS, signal);
    },
    fault,
    async offer(signal) {
      order(kept, { type: 'offer' });
      await next('offering', 'the last replies of the warm-up', timeoutMs + LATE_MS, signal);
    },
    async measure(windowMs, signal) {
      order(kept, { type: 'begin', windowMs });
      await next('window-over', 'the measured window to end', windowMs + LATE_MS, signal);
    },
    finish(signal) {
      order(kept, { type: 'finish' });
      return next('result', 'the last replies', timeoutMs + LATE_MS, signal);
    },
    stop: () => kept.kill(),
  };
}

type Notice = ReturnType<typeof generatorNoticeSchema.parse>;

function nextNotice(kept: Kept) {
  return async <T extends Notice['type']>(type: T, forWhat: string, limitMs: number, signal: AbortSignal) => {
    const wait = { forWhat, limitMs, signal };
    try {
      return await nextMessage(
        kept,
        generatorNoticeSchema,
        (notice) => (isOfType(notice, type) ? notice : undefined),
        wait,
      );
    } catch (error) {
      if (!(error instanceof NoMessage)) throw error;
      throw new FailedTrial(error.ended ? 'generator' : silence(type), error.message);
    }
  };
}

/** What it means that a generator which lives does not say so. */
function silence(type: Notice['type']): Failure['kind'] {
  switch (type) {
    case 'connected':
      return 'connection-error'; // There is no server to connect to.
    case 'offering':
      return 'timeout'; // Requests of the warm-up have no reply.
    default:
      return 'generator';
  }
}

function isOfType<T extends Notice['type']>(notice: Notice, type: T): notice is Extract<Notice, { type: T }> {
  return notice.type === type;
}

function order(kept: Kept, message: GeneratorOrder): void {
  kept.child.send(message, () => {});
}

function plannedRequest(
  { name, weight, method, path, headers, body }: RequestClass,
  expected: Fingerprints,
): PlannedRequest {
  const print = expected.get(name);
  if (print === undefined) throw new Error(`request '${name}' has not been verified`);
  return {
    name,
    weight,
    method,
    path,
    headers: { ...headers },
    body: body ?? '',
    replyBytes: print.wireBytes,
    replyBodyBytes: print.body.length,
    replyBody: shortBody(print.body),
  };
}

const SHORT_BODY = 4096;

/** The body where it is short and plain ASCII; else null. */
function shortBody(body: Uint8Array): string | null {
  const text = Buffer.from(body).toString('latin1');
  return body.length <= SHORT_BODY && /^[\x20-\x7e]*$/.test(text) ? text : null;
}
