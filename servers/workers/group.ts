/**
 * The workers of a model: starts them, asks for their usage, replaces those that die or are reloaded, and stops them. The same for cluster
 * workers, forked processes and threads, so that models differ in how work reaches a worker and in nothing else.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { GRACEFUL, QUICK } from '../http/connections.ts';
import type { Patience, ProcessUsage, ServerContext, WorkerUsage } from '../model.ts';

/** Parent to worker. */
export type WorkerCommand =
  | { readonly type: 'start'; readonly id: number; readonly context: ServerContext }
  | { readonly type: 'report'; readonly ticket: number }
  | { readonly type: 'stop'; readonly patience: Patience };

/** Worker to parent. */
export type WorkerMessage =
  | { readonly type: 'started' }
  | { readonly type: 'ready'; readonly port: number }
  | { readonly type: 'failed'; readonly message: string; readonly code: string | null }
  | { readonly type: 'report'; readonly ticket: number; readonly report: WorkerReport };

export interface WorkerReport {
  readonly worker: WorkerUsage;
  /** null for a thread: its process reports for it. */
  readonly process: ProcessUsage | null;
}

/** The parent's side of one worker. */
export interface WorkerHandle {
  send(command: WorkerCommand): void;
  kill(): void;
}

/** Starts one worker. `onExit` must be called exactly once. */
export type SpawnWorker<W extends WorkerHandle> = (
  id: number,
  onMessage: (message: WorkerMessage) => void,
  onExit: (how: string) => void,
) => W;

/** Called when a worker can take work, and when it no longer can. */
export interface GroupEvents<W> {
  onReady(worker: W): void;
  /** It has died, or is about to end because another has taken its place. */
  onGone(worker: W): void;
  /**
   * Called before `onGone` of one that is about to end and may have work that came through its parent: gives it nothing more, and resolves
   * when it has answered what it has. `onGone` comes when it has ended.
   */
  onLeaving?(worker: W): Promise<void>;
  /** No worker is left, and none will come. */
  onNoneLeft?(): void;
}

/** How much longer than its patience a worker has, before it is killed. */
const KILL_AFTER_MS = 500;
/** A worker that a fault holds answers no question, and is left out. */
export const SILENT_MS = 1000;

/** Starts the workers, and resolves when all of them are ready. Rejects when one cannot load the scenario. */
export async function startWorkers<W extends WorkerHandle>(
  context: ServerContext,
  spawn: SpawnWorker<W>,
  events: GroupEvents<W>,
): Promise<WorkerGroup<W>> {
  const group = new WorkerGroup(context, spawn, events);
  await group.start();
  return group;
}

export class WorkerGroup<W extends WorkerHandle = WorkerHandle> {
  readonly #context: ServerContext;
  readonly #spawn: SpawnWorker<W>;
  readonly #events: GroupEvents<W>;
  readonly #alive = new Set<W>();
  readonly #ready = new Set<W>();
  /** Questions that have not been answered, by ticket. */
  readonly #pending = new Map<number, { readonly worker: W; settle(report: WorkerReport | null): void }>();
  /** Those whose places others take: ready to work until it is their turn. */
  readonly #outgoing = new Set<W>();
  /** Called when a worker that was told to end is gone. */
  readonly #leaving = new Map<W, () => void>();
  #reloads: Promise<void> = Promise.resolve();
  #port = 0;
  #lastId = 0;
  #lastTicket = 0;
  #lost = 0;
  #replaced = 0;
  #stopping = false;
  #onAllGone = (): void => {};

  constructor(context: ServerContext, spawn: SpawnWorker<W>, events: GroupEvents<W>) {
    this.#context = context;
    this.#spawn = spawn;
    this.#events = events;
  }

  /** The port that the workers share; 0 when they do not listen. */
  get port(): number {
    return this.#port;
  }

  /** Workers that died, replaced or not. */
  get lostWorkers(): number {
    return this.#lost;
  }

  /** Workers that took the place of another. */
  get replacedWorkers(): number {
    return this.#replaced;
  }

  async start(): Promise<void> {
    try {
      const ports = await Promise.all(Array.from({ length: this.#context.workers }, () => this.#startOne()));
      this.#port = ports[0] ?? 0;
    } catch (error) {
      this.#stopping = true;
      for (const worker of this.#alive) worker.kill();
      throw error;
    }
  }

  /** What each worker that is ready says of itself. */
  async report(): Promise<readonly WorkerReport[]> {
    const reports = await Promise.all([...this.#ready].map((worker) => this.#ask(worker)));
    return reports.filter((report) => report !== null);
  }

  /** Replaces each worker, one after the other. Rejects when a new one cannot start; the old one stays then. */
  reload(): Promise<void> {
    const reloaded = this.#reloads.then(() => this.#reloadAll());
    this.#reloads = reloaded.catch(() => {});
    return reloaded;
  }

  /** Resolves when every worker is gone. */
  async stop(patience: Patience = QUICK): Promise<void> {
    this.#stopping = true;
    if (this.#alive.size === 0) return;
    const before = this.#onAllGone;
    const allGone = new Promise<void>((resolve) => {
      this.#onAllGone = () => {
        before();
        resolve();
      };
    });
    for (const worker of this.#alive) worker.send({ type: 'stop', patience });
    const killer = setTimeout(() => {
      for (const worker of this.#alive) worker.kill();
    }, patience.limitMs + KILL_AFTER_MS);
    await allGone;
    clearTimeout(killer);
  }

  /** Resolves with the port of the worker when it is ready. `onFailed` gets one that cannot load what it is to serve, and has not ended. */
  #startOne(onFailed: (worker: W) => void = () => {}): Promise<number> {
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      const onMessage = (message: WorkerMessage | null): void => {
        // What is loaded before all else may send anything, also nothing.
        switch (message?.type) {
          case 'started':
            worker.send({ type: 'start', id, context: this.#context });
            return;
          case 'ready':
            this.#ready.add(worker);
            this.#events.onReady(worker);
            resolve(message.port);
            return;
          case 'failed':
            onFailed(worker);
            reject(Object.assign(new Error(message.message), { code: message.code }));
            return;
          case 'report':
            this.#pending.get(message.ticket)?.settle(message.report);
        }
      };
      const worker = this.#spawn(id, onMessage, (how) => {
        if (!this.#ready.has(worker)) reject(new Error(`worker ${id} ended before it was ready (${how})`));
        this.#onExit(worker);
      });
      this.#alive.add(worker);
    });
  }

  async #reloadAll(): Promise<void> {
    for (const worker of [...this.#ready]) {
      if (this.#stopping) throw new Error('the server is about to end');
      if (!this.#ready.has(worker)) continue;
      this.#outgoing.add(worker);
      await this.#replace().finally(() => this.#outgoing.delete(worker));
      // It may have died meanwhile.
      if (this.#ready.has(worker)) await this.#retire(worker);
    }
  }

  /** Starts a worker in place of another. It is not tried a second time. */
  async #replace(): Promise<void> {
    await this.#startOne((worker) => worker.kill());
    this.#replaced++;
  }

  /** Has a worker end in order. */
  async #retire(worker: W): Promise<void> {
    const gone = new Promise<void>((resolve) => this.#leaving.set(worker, resolve));
    this.#ready.delete(worker);
    if (this.#events.onLeaving === undefined) this.#events.onGone(worker);
    else await Promise.race([this.#events.onLeaving(worker), gone, delay(GRACEFUL.limitMs, undefined, { ref: false })]);
    worker.send({ type: 'stop', patience: GRACEFUL });
    const killer = setTimeout(() => worker.kill(), GRACEFUL.limitMs + KILL_AFTER_MS);
    await gone;
    clearTimeout(killer);
  }

  #onExit(worker: W): void {
    const wasReady = this.#ready.delete(worker);
    const onLeft = this.#leaving.get(worker);
    this.#leaving.delete(worker);
    this.#alive.delete(worker);
    for (const question of this.#pending.values()) if (question.worker === worker) question.settle(null);
    if (this.#alive.size === 0) this.#onAllGone();
    if (wasReady || (onLeft !== undefined && this.#events.onLeaving !== undefined)) this.#events.onGone(worker);
    onLeft?.();
    if (this.#stopping) return;
    if (wasReady) {
      this.#lost++;
      // One that cannot start stays counted as lost.
      if (this.#context.restarts !== false && !this.#outgoing.has(worker)) this.#replace().catch(() => {});
    }
    if (this.#alive.size === 0) this.#events.onNoneLeft?.();
  }

  #ask(worker: W): Promise<WorkerReport | null> {
    return new Promise((resolve) => {
      const ticket = ++this.#lastTicket;
      const silent = this.#context.faults === true ? setTimeout(() => settle(null), SILENT_MS) : undefined;
      const settle = (report: WorkerReport | null): void => {
        clearTimeout(silent);
        this.#pending.delete(ticket);
        resolve(report);
      };
      this.#pending.set(ticket, { worker, settle });
      worker.send({ type: 'report', ticket });
    });
  }
}
