/**
 * One HTTP front end, N threads, jobs by Piscina: the library that most services with a pool of threads have installed.
 *
 * The front end is that of our own pools; everything between it and the handler is the library's, set up as its documentation has it for
 * tasks that may wait for something: several tasks in a thread, whose event loop turns.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BroadcastChannel, isMainThread, parentPort, threadId, workerData } from 'node:worker_threads';
import type * as Library from 'piscina';
import { keepChannel } from './app/process.ts';
import { GRACEFUL } from './http/connections.ts';
import { joinHeaders, type LoadedHandler, loadHandler, splitHeaders, withShared } from './http/handler.ts';
import { inOneLine, PLAIN_TEXT, printError, whole } from './http/reply.ts';
import { type HttpServer, httpServer, respond } from './http/server.ts';
import type { BuiltInModel, Running, ServerContext } from './model.ts';
import { type FrontHandler, startFrontHandler } from './pool/front-handler.ts';
import { compact, LARGE_BYTES } from './pool/transfer.ts';
import { processUsage, startLoopProbe } from './usage.ts';
import { SILENT_MS, type WorkerCommand, type WorkerMessage, type WorkerReport } from './workers/group.ts';
import { limitsOf } from './workers/threads.ts';
import { followCommands } from './workers/worker.ts';

const ROLE = 'fourways-piscina-thread';
/** With one, work that waits would wait for the library: so many are all of the usual 64 connections on two workers. */
const TASKS_PER_THREAD = 32;
/** While a pool has tasks that another has taken the place of. */
const LOOK_EVERY_MS = 10;

interface Given {
  readonly role: typeof ROLE;
  readonly context: ServerContext;
  /** Over which all threads hear commands; they answer to the library, which passes on what it does not know. */
  readonly channel: string;
  /** The ticket of the last question, in memory that they share: a thread that has tasks hears nothing of the channel. */
  readonly asked: Int32Array;
}

interface Task {
  readonly method: string;
  readonly url: string;
  readonly headers: string;
  readonly body: Uint8Array;
}

interface Done {
  readonly status: number;
  readonly headers: string;
  readonly body: string | Uint8Array;
}

type Pool = Library.Piscina<Task, Done>;

/** The first version with the events and options that are used here. */
const OLDEST = 5;

/** That of the service first, whose folder this runs in; where none can be used, why, with the way out. */
function library(): typeof Library | string {
  for (const from of [join(process.cwd(), 'package.json'), import.meta.url]) {
    try {
      const found: typeof Library = createRequire(from)('piscina');
      const { version } = found;
      if (Number.parseInt(version, 10) >= OLDEST) return found;
      return `piscina ${version} is installed here, it takes ${OLDEST}: npm i piscina@${OLDEST}`;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') continue;
      return `piscina cannot be loaded here: ${inOneLine(error)}`;
    }
  }
  return 'piscina is not installed here: npm i piscina';
}

async function start(asked: ServerContext): Promise<Running> {
  const found = library();
  if (typeof found === 'string') throw new Error(found);
  const { Piscina } = found;
  const context = await withShared(asked);
  const probe = startLoopProbe();
  let threads = await threadsOf(Piscina, context);
  /** With those that others have taken the place of. */
  const all = [threads];
  let handler: FrontHandler;
  let front: HttpServer;
  let port: number;
  try {
    handler = await startFrontHandler(context, (request, body, response) => {
      const { method = 'GET', url = '/', rawHeaders } = request;
      const task: Task = { method, url, headers: joinHeaders(rawHeaders), body: compact(body) };
      const { buffer } = task.body;
      const isMoved = buffer.byteLength >= LARGE_BYTES && buffer instanceof ArrayBuffer;
      threads.run(task, isMoved ? { transferList: [buffer] } : {}).then(
        (done) => respond(response, done.status, splitHeaders(done.headers), done.body),
        () => respond(response, 503, PLAIN_TEXT, 'the worker was lost'),
      );
    });
    front = httpServer(handler.onRequest, context);
    port = await front.listen(context.port);
  } catch (error) {
    await threads.stop();
    throw error;
  }
  return {
    port,
    workers: context.workers,
    snapshot: async () => {
      const reports = await threads.report();
      return {
        processes: [processUsage('both')],
        front: { ...probe.usage(front.connections()), ...handler.usage() },
        workers: reports.map(({ worker }) => worker).toSorted((a, b) => a.id - b.id),
        lostWorkers: all.reduce((sum, { lost }) => sum + lost, 0),
        replacedWorkers: all.reduce((sum, { replaced }) => sum + replaced, (all.length - 1) * context.workers),
      };
    },
    stop: async (patience) => {
      await front.close(patience);
      await threads.stop();
    },
    // The library does not let go of a single thread in order, so it is a whole pool that takes the place of another.
    reload: async () => {
      const old = threads;
      threads = await threadsOf(Piscina, context);
      all.push(threads);
      await old.drained();
      await old.stop();
    },
  };
}

let pools = 0;

/** A pool whose threads can run tasks. */
async function threadsOf(Piscina: typeof Library.Piscina, context: ServerContext): Promise<Threads> {
  const given: Given = {
    role: ROLE,
    context,
    channel: `${ROLE}-${process.pid}-${++pools}`,
    asked: new Int32Array(new SharedArrayBuffer(4)),
  };
  const pool: Pool = new Piscina({
    ...{ filename: fileURLToPath(import.meta.url), name: 'runTask', workerData: given, ...limitsOf(context) },
    ...{ minThreads: context.workers, maxThreads: context.workers, idleTimeout: Number.POSITIVE_INFINITY },
    concurrentTasksPerWorker: TASKS_PER_THREAD,
    // Otherwise a thread without a task blocks, and with it all that a service does between two requests.
    atomics: 'disabled',
  });
  const threads = new Threads(pool, given);
  try {
    await threads.ready(context.workers);
    if (context.restarts === false) pool.options.minThreads = 0;
  } catch (error) {
    await threads.stop();
    throw error;
  }
  return threads;
}

type Told = WorkerMessage & { readonly id: number };

/** The threads of the library, which starts and replaces them itself: what is asked of them, and what they tell. */
class Threads {
  lost = 0;
  /** Those that took the place of one that was lost. */
  replaced = 0;
  readonly #pool: Pool;
  readonly #context: ServerContext;
  /** Whether all have been started that were asked for. */
  #isComplete = false;
  #isHopeless = false;
  readonly #channel: BroadcastChannel;
  readonly #asked: Int32Array;
  readonly #ready = new Set<number>();
  readonly #reports = new Map<number, { readonly ticket: number; readonly report: WorkerReport }>();
  #lastTicket = 0;
  #failure: Error | undefined;
  #isStopping = false;
  /** Called when something was told, or a thread ended, until they return true. */
  readonly #waiting = new Set<() => boolean>();

  constructor(pool: Pool, { context, channel, asked }: Given) {
    this.#pool = pool;
    this.#context = context;
    this.#asked = asked;
    this.#channel = new BroadcastChannel(channel);
    pool.on('error', printError);
    pool.on('message', (told: Told) => {
      if (told.type === 'ready') {
        this.#ready.add(told.id);
        if (this.#isComplete) this.replaced++;
      }
      if (told.type === 'report') this.#reports.set(told.id, told);
      if (told.type === 'failed') this.#failure = Object.assign(new Error(told.message), { code: told.code });
      this.#look();
    });
    pool.on('workerDestroy', () => {
      if (this.#isStopping) return;
      // So that the library starts no other, not even for a task that waits. The thread is still among its threads.
      if (this.#isComplete && context.restarts === false) pool.options.maxThreads = pool.threads.length - 1;
      // By then the library has started another, or not.
      setImmediate(() => this.#onGone());
    });
  }

  /** Some thread has ended. Which one is seen by who is left: one that has ended has lost its id. */
  #onGone(): void {
    if (this.#isStopping) return;
    const left = new Set(this.#pool.threads.map(({ threadId: id }) => id));
    const gone = [...this.#ready].filter((id) => !left.has(id));
    for (const id of gone) this.#ready.delete(id);
    this.lost += gone.length;
    if (!this.#isComplete) this.#failure ??= new Error('a thread ended before it was ready');
    else if (left.size === 0) this.#giveUp();
    this.#look();
  }

  /** Resolves when so many of them can run tasks. Rejects when one cannot load what is to be served. */
  ready(count: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#wait(() => {
        this.#isComplete = this.#failure === undefined && this.#ready.size >= count;
        if (this.#failure !== undefined) reject(this.#failure);
        else if (this.#isComplete) resolve();
        else return false;
        return true;
      });
    });
  }

  run(task: Task, options: { readonly transferList?: ArrayBuffer[] }): Promise<Done> {
    return this.#isHopeless ? Promise.reject(new Error('no thread is left')) : this.#pool.run(task, options);
  }

  /** Resolves when all tasks are over, and not later than a server that ends would wait for them. */
  async drained(): Promise<void> {
    const untilMs = performance.now() + GRACEFUL.limitMs;
    // Closing a pool in order is what the library offers for this, which forgets tasks of a thread that has several.
    const isBusy = ({ queueSize, idleThreads, threads }: Pool): boolean =>
      queueSize > 0 || idleThreads < threads.length;
    while (isBusy(this.#pool) && performance.now() < untilMs) await setTimeout(LOOK_EVERY_MS);
  }

  /** The library starts no other thread, and what waits would wait for ever. */
  #giveUp(): void {
    this.#isHopeless = true;
    void this.#pool.destroy();
  }

  report(): Promise<readonly WorkerReport[]> {
    const ticket = ++this.#lastTicket;
    const command: WorkerCommand = { type: 'report', ticket };
    Atomics.store(this.#asked, 0, ticket);
    this.#channel.postMessage(command);
    return new Promise((resolve) => {
      const look = (isLast = false): boolean => {
        const own = [...this.#ready].map((id) => this.#reports.get(id));
        // Of several questions at once the answer to the last may be the one that is kept.
        const reports = own.flatMap((one) => (one !== undefined && one.ticket >= ticket ? [one.report] : []));
        if (reports.length < this.#ready.size && !isLast) return false;
        resolve(reports);
        return true;
      };
      this.#wait(() => look());
      if (this.#context.faults === true) void setTimeout(SILENT_MS).then(() => look(true));
    });
  }

  #wait(isOver: () => boolean): void {
    this.#waiting.add(isOver);
    this.#look();
  }

  #look(): void {
    for (const isOver of this.#waiting) if (isOver()) this.#waiting.delete(isOver);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#channel.close();
    await this.#pool.destroy();
  }
}

/** Runs in each thread: makes what the library calls, which waits for it before it gives the thread a task. */
async function load({ context, channel, asked }: Given, port: NonNullable<typeof parentPort>) {
  const commands = new BroadcastChannel(channel);
  let handler: LoadedHandler | undefined;
  let requests = 0;
  const probe = startLoopProbe();
  const follow = followCommands(
    (message) => port.postMessage({ ...message, id: threadId }),
    async (_, id) => {
      keepChannel();
      const loaded = await loadHandler(context);
      handler = loaded;
      return {
        port: 0,
        report: () => ({
          worker: { ...probe.usage(0), id, requests, waitingMs: loaded.waitingMs() },
          process: null,
        }),
        stop: async () => {},
      };
    },
  );
  commands.onmessage = (event: unknown) => {
    if (event instanceof MessageEvent) void follow(event.data);
  };
  await follow({ type: 'start', id: threadId, context });
  let answered = 0;
  return ({ method, url, headers, body }: Task): Promise<Done> =>
    new Promise((resolve) => {
      // The library runs tasks for as long as others come, up to a thousand, before the event loop turns.
      const ticket = Atomics.load(asked, 0);
      if (ticket !== answered) {
        answered = ticket;
        void follow({ type: 'report', ticket });
      }
      handler?.handle(
        ...([method, url, headers, body] as const),
        whole((status, rawHeaders, reply) => {
          requests++;
          const own = typeof reply === 'string' ? reply : compact(reply);
          resolve({ status, headers: joinHeaders(rawHeaders), body: own });
        }),
      );
    });
}

const given: Given | null | undefined = isMainThread ? null : workerData;

/**
 * What the library calls, by name.
 * @public
 */
export const runTask = given?.role === ROLE && parentPort !== null ? load(given, parentPort) : undefined;

const model: BuiltInModel = {
  summary: 'one HTTP front end and a pool of N threads of the library Piscina',
  style: 'offload',
  colour: { light: '#5f7a1f', dark: '#a8cf5a' },
  effort: { rank: 2.8, why: 'one process, and a library that passes requests to its threads' },
  unavailable: async () => {
    const found = library();
    return typeof found === 'string' ? found : null;
  },
  start,
};

export default model;
