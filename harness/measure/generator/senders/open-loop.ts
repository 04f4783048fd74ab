/**
 * The open loop: requests are sent when they are due and wait for no reply. A server at a standstill is then seen as its users see
 * it, who arrive regardless.
 */
import { setTimeout } from 'node:timers/promises';
import { classMarks, type Stream } from '../../../stats/arrivals.ts';
import type { Loss } from '../../../store/fault-schema.ts';
import { type LoadListener, monotonicMs, type Window } from '../load.ts';
import {
  type Carrier,
  type Connections,
  isTolerable,
  type Outcome,
  type Prepared,
  type Sender,
} from './connections.ts';
import { OpenRecorder } from './open-recorder.ts';
import { type Pacer, startPacer } from './pacer.ts';
import type { TraceRecorder } from './trace-recorder.ts';

/** How often requests that exceed the time-out are looked for. */
const SWEEP_MS = 50;
/** A generator is on time when it was never later than this in a check period. */
const ON_TIME_MS = 20;
const ON_TIME_CHECK_MS = 100;

interface Settings {
  readonly stream: Stream;
  /** In the order of the scenario. */
  readonly classes: readonly Prepared[];
  readonly timeoutMs: number;
  /** Failures that an overloaded server may cause are counted, and are no fault. */
  readonly countErrors: boolean;
  /** With it all that a server may do is counted. */
  readonly trace?: TraceRecorder | null;
}

/** A request from its due time to its end. */
class Due implements Sender {
  readonly dueMs: number;
  readonly prepared: Prepared;
  sentMs: number | null = null;
  carrier: Carrier | null = null;
  readonly #loop: OpenLoop;

  constructor(loop: OpenLoop, prepared: Prepared, dueMs: number) {
    this.#loop = loop;
    this.prepared = prepared;
    this.dueMs = dueMs;
  }

  settled(outcome: Outcome): void {
    this.#loop.settled(this, outcome);
  }
}

export class OpenLoop {
  readonly #connections: Connections;
  readonly #settings: Settings;
  readonly #listener: Pick<LoadListener, 'completed' | 'fault'>;
  readonly #recorder: OpenRecorder;
  readonly #nextClass: () => number;
  /** In the order in which they were due. */
  readonly #outstanding = new Set<Due>();
  /** Due requests that wait for a connection. */
  #queue: Due[] = [];
  /** The longest delay of a request since this was last set to 0. */
  #latestMs = 0;
  #pacer: Pacer | undefined;
  #sweeper: NodeJS.Timeout | undefined;
  #onDrained: (() => void) | undefined;
  #unanswered = 0;
  #closed = false;

  constructor(connections: Connections, settings: Settings, listener: Pick<LoadListener, 'completed' | 'fault'>) {
    this.#connections = connections;
    connections.onFree(() => this.#next());
    this.#settings = settings;
    this.#listener = listener;
    this.#recorder = new OpenRecorder(settings.classes, settings.timeoutMs, settings.trace ?? null);
    this.#nextClass = classMarks(
      settings.classes.map(({ request }) => request.weight),
      settings.stream,
    );
  }

  /** Resolves when the schedule begins. */
  async start(): Promise<void> {
    this.#pacer = await startPacer(this.#settings.stream, (dueMs) => this.#due(dueMs));
    if (this.#closed) return this.close();
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS);
  }

  /**
   * Resolves when requests are sent on time. Code that has never run at this rate is slow for a second, and the backlog of that
   * time is sent first. Waits for at most `limitMs`: a generator that stays late gets a label.
   */
  async onTime(limitMs: number): Promise<void> {
    const untilMs = monotonicMs() + limitMs;
    do {
      this.#latestMs = 0;
      await setTimeout(ON_TIME_CHECK_MS);
    } while (this.#latestMs > ON_TIME_MS && monotonicMs() < untilMs);
  }

  inWindow(window: Window): void {
    this.#recorder.inWindow(window, this.#outstanding.size);
  }

  /** Sends what was due within the window, and nothing else; resolves when all of it has ended. */
  drain(): Promise<void> {
    this.#pacer?.stop(this.#recorder.endMs);
    return new Promise((resolve) => {
      this.#onDrained = resolve;
      this.#checkDrained();
    });
  }

  /** Sends nothing more, and ignores what still arrives. */
  close(): void {
    this.#closed = true;
    this.#pacer?.stop(Number.NEGATIVE_INFINITY);
    clearInterval(this.#sweeper);
    this.#outstanding.clear();
    this.#queue = [];
  }

  /** Requests that were sent and have had no good reply so far. */
  get unanswered(): number {
    return this.#unanswered;
  }

  record(): ReturnType<OpenRecorder['record']> {
    clearInterval(this.#sweeper);
    for (const due of this.#outstanding) this.#recorder.unfinished(due);
    return this.#recorder.record(this.#pacer?.startMs ?? 0);
  }

  #due(dueMs: number): void {
    const prepared = this.#settings.classes[this.#nextClass()];
    if (prepared === undefined) return;
    const due = new Due(this, prepared, dueMs);
    this.#outstanding.add(due);
    const canSend = this.#queue.length === 0 && this.#connections.hasFree();
    const delayMs = monotonicMs() - dueMs;
    if (delayMs > this.#latestMs) this.#latestMs = delayMs;
    this.#recorder.due(due, delayMs, this.#connections.isFull());
    if (canSend) this.#send(due);
    else this.#queue.push(due);
  }

  #send(due: Due): void {
    this.#unanswered++;
    due.sentMs = monotonicMs();
    due.carrier = this.#connections.send(due.prepared, due);
    this.#recorder.busy(this.#connections.busy());
  }

  settled(due: Due, outcome: Outcome): void {
    if (this.#closed) return;
    const endedMs = monotonicMs();
    this.#outstanding.delete(due);
    if (outcome.kind === 'good') {
      this.#unanswered--;
      this.#recorder.good(due, endedMs);
      this.#listener.completed(due.prepared.index, endedMs, outcome.isLost);
    } else if (outcome.loss !== null && this.#counts(outcome.loss)) {
      this.#recorder.failed(due, outcome.loss);
    } else {
      this.#listener.fault(outcome.reason);
    }
    this.#next();
    this.#checkDrained();
  }

  #counts(loss: Loss): boolean {
    const { trace = null, countErrors } = this.#settings;
    return trace !== null || (countErrors && isTolerable(loss));
  }

  #next(): void {
    while (this.#queue.length > 0 && this.#connections.hasFree()) {
      const due = this.#queue.shift();
      if (due !== undefined && this.#outstanding.has(due)) this.#send(due);
    }
  }

  #sweep(): void {
    const nowMs = monotonicMs();
    for (const due of this.#outstanding) {
      if (nowMs - due.dueMs < this.#settings.timeoutMs) break;
      this.#outstanding.delete(due);
      due.carrier?.abandon(due);
      this.#recorder.unfinished(due);
    }
    this.#next();
    this.#checkDrained();
  }

  #checkDrained(): void {
    if (this.#onDrained === undefined) return;
    for (const due of this.#outstanding) if (this.#recorder.counts(due)) return;
    this.#onDrained();
  }
}
