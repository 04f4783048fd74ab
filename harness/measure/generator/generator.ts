/** The harness's side of a load generator. */
import type { RequestClass } from '../../../scenarios/scenario.ts';
import { latestEndMs } from '../../stats/measured-window.ts';
import type { Cell, Failure } from '../../store/schema.ts';
import { FailedTrial } from '../failed-trial.ts';
import { NoMessage, nextMessage } from '../processes/conversation.ts';
import type { Kept } from '../processes/keeper.ts';
import type { Fingerprints } from '../replies/verify.ts';
import {
  type GeneratorLoad,
  type GeneratorOrder,
  type GeneratorResult,
  generatorNoticeSchema,
  type PlannedRequest,
} from './messages.ts';

const CONNECT_LIMIT_MS = 30_000;
/** Waiting for the window to end, beyond its own length. */
const LATE_MS = 10_000;
const STOP_LIMIT_MS = 5_000;
/** The longest window that waits for the right mix of requests: the larger of these. */
const LONGEST = { windows: 4, ms: 20_000 } as const;

export interface LoadTarget {
  readonly url: string;
  readonly classes: readonly RequestClass[];
  readonly expected: Fingerprints;
  readonly connections: number;
  readonly connectionMode: Cell['connectionMode'];
  readonly load: GeneratorLoad;
  /** A request without a reply after this long is a time-out. */
  readonly timeoutSec: number;
  /** Of what is left to chance: which replies are compared in full. */
  readonly seed: number;
}

/** The window that is asked for. */
export interface WindowRequest {
  readonly windowMs: number;
  /** With several classes the window lasts until their mix is right, and no longer than this: 4 windows, or 20 s if more. */
  readonly longestMs?: number;
  /** Processes of the server: what their threads did within the window is read from outside. */
  readonly pids: readonly number[];
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
  measure(window: WindowRequest, signal: AbortSignal): Promise<void>;
  /** Collects the replies that are still due, and the figures. */
  finish(signal: AbortSignal): Promise<GeneratorResult>;
  /** Ends the load. Resolves with whether the process is idle now and fit for another load; else it has been killed. */
  stop(): Promise<boolean>;
}

/** A process that is idle, as the generator of one load. Until `stop` nobody else may use it. */
export function generatorOf(kept: Kept): Generator {
  let sound = true;
  let timeoutMs = 0;
  let stopping: Promise<boolean> | undefined;
  let onProgress = (_completions: number): void => {};
  let onFault = (_error: FailedTrial): void => {};
  const fault = new Promise<never>((_, reject) => {
    onFault = (error) => {
      sound = false;
      reject(error);
    };
  });
  fault.catch(() => {}); // Whoever races against it hears of it; before that nobody needs to.
  const onMessage = (raw: unknown): void => {
    const notice = generatorNoticeSchema.safeParse(raw);
    if (!notice.success) return;
    if (notice.data.type === 'progress') onProgress(notice.data.completions);
    if (notice.data.type === 'fault') onFault(failedTrial(notice.data.reason));
  };
  kept.child.on('message', onMessage);
  void kept.exited.then((how) => onFault(new FailedTrial('generator', `the generator ended (${how})`)));
  const next = async <T extends Notice['type']>(type: T, forWhat: string, limitMs: number, signal: AbortSignal) => {
    try {
      return await nextNotice(kept, type, forWhat, limitMs, signal);
    } catch (error) {
      sound = false;
      throw error;
    }
  };
  return {
    async connect({ url, classes, expected, connections, connectionMode, load, timeoutSec, seed }, signal) {
      timeoutMs = timeoutSec * 1000;
      const requests = classes.map((one) => plannedRequest(one, expected));
      order(kept, { type: 'start', url, connections, connectionMode, load, requests, timeoutSec, seed });
      await next('connected', `${connections} connections to open`, CONNECT_LIMIT_MS, signal);
    },
    go(listener) {
      onProgress = listener;
      order(kept, { type: 'go' });
    },
    fault,
    async offer(signal) {
      order(kept, { type: 'offer' });
      await next('offering', 'the last replies of the warm-up', timeoutMs + LATE_MS, signal);
    },
    async measure({ windowMs, longestMs = Math.max(LONGEST.windows * windowMs, LONGEST.ms), pids }, signal) {
      order(kept, { type: 'begin', windowMs, longestMs, pids: [...pids] });
      const limitMs = Math.max(windowMs, latestEndMs(longestMs)) + LATE_MS;
      await next('window-over', 'the measured window to end', limitMs, signal);
    },
    async finish(signal) {
      order(kept, { type: 'finish' });
      const result = await next('result', 'the last replies', timeoutMs + LATE_MS, signal);
      if (result.fault !== null) sound = false;
      return result;
    },
    stop() {
      stopping ??= stopped();
      return stopping;
    },
  };

  async function stopped(): Promise<boolean> {
    if (sound) {
      order(kept, { type: 'stop' });
      const { signal } = new AbortController();
      await next('stopped', 'the load to end', STOP_LIMIT_MS, signal).catch(() => {});
    }
    kept.child.off('message', onMessage);
    if (!sound) await kept.kill();
    return sound;
  }
}

function failedTrial({ kind, message }: Failure): FailedTrial {
  return new FailedTrial(kind, message);
}

type Notice = ReturnType<typeof generatorNoticeSchema.parse>;

/** The next message of this type. Rejects with a FailedTrial when it does not come within the limit. */
export async function nextNotice<T extends Notice['type']>(
  kept: Kept,
  type: T,
  forWhat: string,
  limitMs: number,
  signal: AbortSignal,
): Promise<Extract<Notice, { type: T }>> {
  const wait = { forWhat, limitMs, signal };
  const accept = (notice: Notice): Extract<Notice, { type: T }> | undefined =>
    isOfType(notice, type) ? notice : undefined;
  try {
    return await nextMessage(kept, generatorNoticeSchema, accept, wait);
  } catch (error) {
    if (!(error instanceof NoMessage)) throw error;
    throw new FailedTrial(error.ended ? 'generator' : silence(type), error.message);
  }
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
    reply: { status: print.status, body: Buffer.from(print.body).toString('base64') },
  };
}
