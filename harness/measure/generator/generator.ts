/** The harness's side of a load generator. */
import type { RequestClass } from '../../../scenarios/scenario.ts';
import { latestEndMs } from '../../stats/measured-window.ts';
import { storedBody } from '../../store/load-schema.ts';
import type { Cell, Failure } from '../../store/schema.ts';
import { FailedTrial } from '../failed-trial.ts';
import { NoMessage, nextMessage } from '../processes/next-message.ts';
import type { OwnedProcess } from '../processes/registry.ts';
import { type Fingerprints, isFixed } from '../replies/verify.ts';
import {
  type GeneratorCommand,
  type GeneratorEvent,
  type GeneratorLoad,
  type GeneratorResult,
  generatorEventSchema,
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
  /** Which of several generators that act as one it is; by default the only one. */
  readonly share?: { readonly index: number; readonly of: number };
  /** A request without a reply after this long is a time-out. */
  readonly timeoutSec: number;
  /** For everything random: which replies are compared in full. */
  readonly seed: number;
}

export interface WindowRequest {
  readonly windowMs: number;
  /** When it begins, on the monotonic clock; left out for now. */
  readonly atMs?: number;
  /** With several classes the window lasts until their mix is right, and no longer than this: 4 windows, or 20 s if more. */
  readonly longestMs?: number;
  /** Processes of the server: what their threads did within the window is read from outside. */
  readonly pids: readonly number[];
}

/** One load from one generator, or from several that act as one. */
export interface LoadControl<Result, Stopped> {
  /** Opens the connections; resolves when all are open. */
  connect(target: LoadTarget, signal: AbortSignal): Promise<void>;
  /** Begins to send. `onProgress` is called about every 100 ms with the completions since the last call. */
  go(onProgress: (completions: number) => void): void;
  /** Of an open loop: ends the closed loop that warms up, and resolves when requests are sent on schedule. */
  offer(signal: AbortSignal): Promise<void>;
  /** Rejects with a FailedTrial as soon as something makes the trial invalid. Never resolves. */
  readonly fault: Promise<never>;
  /** Resolves when the measured window has ended. The load goes on. */
  measure(window: WindowRequest, signal: AbortSignal): Promise<void>;
  /** Waits for the replies that are still due; resolves with what was recorded. */
  finish(signal: AbortSignal): Promise<Result>;
  /** Ends the load. Also when called again, resolves when it has ended. */
  stop(): Promise<Stopped>;
}

/** `stop` resolves with whether the process is idle and fit for another load; otherwise it has been killed. */
export type Generator = LoadControl<GeneratorResult, boolean>;

/** The generator of one load, in a process that is idle. Until `stop` nobody else may use that process. */
export class ProcessGenerator implements Generator {
  readonly fault: Promise<never>;
  readonly #owned: OwnedProcess;
  readonly #fail: (reason: FailedTrial) => void;
  #isSound = true;
  #timeoutMs = 0;
  #onProgress = (_completions: number): void => {};
  #stopping: Promise<boolean> | undefined;

  constructor(owned: OwnedProcess) {
    this.#owned = owned;
    let rejectFault = (_reason: FailedTrial): void => {};
    this.fault = new Promise<never>((_, reject) => {
      rejectFault = reject;
    });
    this.fault.catch(() => {}); // It is handled by those that race against it, if any.
    this.#fail = (reason) => {
      this.#isSound = false;
      rejectFault(reason);
    };
    owned.child.on('message', this.#onMessage);
    void owned.exited.then((how) => this.#fail(new FailedTrial('generator', `the generator ended (${how})`)));
  }

  async connect(target: LoadTarget, signal: AbortSignal): Promise<void> {
    const { url, classes, expected, connections, connectionMode, load, timeoutSec, seed } = target;
    const { share = { index: 0, of: 1 } } = target;
    this.#timeoutMs = timeoutSec * 1000;
    const requests = classes.map((one) => plannedRequest(one, expected));
    this.#send({ type: 'start', url, connections, connectionMode, load, requests, timeoutSec, share, seed });
    await this.#next('connected', `opening ${connections} connections`, CONNECT_LIMIT_MS, signal);
  }

  go(onProgress: (completions: number) => void): void {
    this.#onProgress = onProgress;
    this.#send({ type: 'go' });
  }

  async offer(signal: AbortSignal): Promise<void> {
    this.#send({ type: 'offer' });
    await this.#next('offering', 'waiting for the last replies of the warm-up', this.#timeoutMs + LATE_MS, signal);
  }

  async measure(window: WindowRequest, signal: AbortSignal): Promise<void> {
    const { windowMs, atMs = null, longestMs = Math.max(LONGEST.windows * windowMs, LONGEST.ms), pids } = window;
    this.#send({ type: 'begin', atMs, windowMs, longestMs, pids: [...pids] });
    const limitMs = Math.max(windowMs, latestEndMs(longestMs)) + LATE_MS;
    await this.#next('window-over', 'waiting for the measured window to end', limitMs, signal);
  }

  async finish(signal: AbortSignal): Promise<GeneratorResult> {
    this.#send({ type: 'finish' });
    const result = await this.#next('result', 'waiting for the last replies', this.#timeoutMs + LATE_MS, signal);
    if (result.fault !== null) this.#isSound = false;
    return result;
  }

  stop(): Promise<boolean> {
    this.#stopping ??= this.#stopped();
    return this.#stopping;
  }

  async #stopped(): Promise<boolean> {
    if (this.#isSound) {
      this.#send({ type: 'stop' });
      const { signal } = new AbortController();
      await this.#next('stopped', 'ending the load', STOP_LIMIT_MS, signal).catch(() => {});
    }
    this.#owned.child.off('message', this.#onMessage);
    if (!this.#isSound) await this.#owned.kill();
    return this.#isSound;
  }

  readonly #onMessage = (raw: unknown): void => {
    const event = generatorEventSchema.safeParse(raw);
    if (!event.success) return;
    if (event.data.type === 'progress') this.#onProgress(event.data.completions);
    if (event.data.type === 'fault') this.#fail(new FailedTrial(event.data.reason.kind, event.data.reason.message));
  };

  #send(command: GeneratorCommand): void {
    this.#owned.child.send(command, () => {});
  }

  async #next<T extends GeneratorEvent['type']>(type: T, forWhat: string, limitMs: number, signal: AbortSignal) {
    try {
      return await nextEvent(this.#owned, type, { forWhat, limitMs, signal });
    } catch (error) {
      this.#isSound = false;
      throw error;
    }
  }
}

/** The next event of this type. Rejects with a FailedTrial when it does not come within the limit. */
export async function nextEvent<T extends GeneratorEvent['type']>(
  owned: OwnedProcess,
  type: T,
  wait: { readonly forWhat: string; readonly limitMs: number; readonly signal: AbortSignal },
): Promise<Extract<GeneratorEvent, { type: T }>> {
  const isWanted = (event: GeneratorEvent): event is Extract<GeneratorEvent, { type: T }> => event.type === type;
  try {
    return await nextMessage(owned, generatorEventSchema, (event) => (isWanted(event) ? event : undefined), wait);
  } catch (error) {
    if (!(error instanceof NoMessage)) throw error;
    throw new FailedTrial(error.ended ? 'generator' : kindOfSilence(type), error.message);
  }
}

/** What it means that a generator which is alive does not send this event. */
function kindOfSilence(type: GeneratorEvent['type']): Failure['kind'] {
  switch (type) {
    case 'connected':
      return 'connection-error'; // There is no server to connect to.
    case 'offering':
      return 'timeout'; // Requests of the warm-up have no reply.
    default:
      return 'generator';
  }
}

function plannedRequest(
  { name, weight, method, path, headers, body, bodies, varies, lost }: RequestClass,
  expected: Fingerprints,
): PlannedRequest {
  const print = expected.get(name);
  if (print === undefined) throw new Error(`request '${name}' has not been verified`);
  return {
    name,
    weight,
    method,
    path,
    headers: Object.fromEntries(
      Object.entries(headers ?? {}).map(([name, given]) => [name, typeof given === 'string' ? given : [...given]]),
    ),
    body: storedBody(body ?? ''),
    bodies: bodies?.map(storedBody) ?? null,
    varies: varies ?? false,
    reply: {
      status: print.status,
      body: isFixed(print) ? Buffer.from(print.body).toString('base64') : null,
      lost: lost === undefined ? null : Buffer.from(lost).toString('base64'),
    },
  };
}
