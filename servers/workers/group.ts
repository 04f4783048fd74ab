/**
 * The workers of a model: starts them, asks for their usage, replaces those that die, and stops them. The same for cluster
 * workers, forked processes and threads, so that models differ in how work reaches a worker and in nothing else.
 */
import type { ProcessUsage, ServerContext, WorkerUsage } from '../model.ts';

/** Parent to worker. */
export type WorkerCommand =
  | { readonly type: 'start'; readonly id: number; readonly context: ServerContext }
  | { readonly type: 'report'; readonly ticket: number }
  | { readonly type: 'stop' };

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
  onGone(worker: W): void;
}

const STOP_GRACE_MS = 1000;

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
  #port = 0;
  #lastId = 0;
  #lastTicket = 0;
  #lost = 0;
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

  /** Workers that died and were replaced. */
  get lostWorkers(): number {
    return this.#lost;
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

  /** Resolves when every worker is gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#alive.size === 0) return;
    const allGone = new Promise<void>((resolve) => {
      this.#onAllGone = resolve;
    });
    for (const worker of this.#alive) worker.send({ type: 'stop' });
    const killer = setTimeout(() => {
      for (const worker of this.#alive) worker.kill();
    }, STOP_GRACE_MS);
    await allGone;
    clearTimeout(killer);
  }

  /** Resolves with the port of the worker when it is ready. */
  #startOne(): Promise<number> {
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

  #onExit(worker: W): void {
    const wasReady = this.#ready.delete(worker);
    this.#alive.delete(worker);
    for (const question of this.#pending.values()) if (question.worker === worker) question.settle(null);
    if (this.#alive.size === 0) this.#onAllGone();
    if (!wasReady) return;
    this.#events.onGone(worker);
    if (this.#stopping) return;
    this.#lost++;
    // A worker that cannot start a second time is not tried a third time; it stays counted as lost.
    this.#startOne().catch(() => {});
  }

  #ask(worker: W): Promise<WorkerReport | null> {
    return new Promise((resolve) => {
      const ticket = ++this.#lastTicket;
      const settle = (report: WorkerReport | null): void => {
        this.#pending.delete(ticket);
        resolve(report);
      };
      this.#pending.set(ticket, { worker, settle });
      worker.send({ type: 'report', ticket });
    });
  }
}
