/** From a request on the wire to handler code and back, the same in every model. */
import { AsyncResource } from 'node:async_hooks';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import { importDefault } from '../../scenarios/import.ts';
import type { Handler, HandlerRequest, Reply, Scenario } from '../../scenarios/scenario.ts';
import { inject } from '../app/inject.ts';
import { loadApp } from '../app/load.ts';
import { standAlone } from '../app/process.ts';
import type { AppScenario } from '../app/scenario.ts';
import type { Faults } from '../fault.cts';
import type { ServerContext } from '../model.ts';
import { type Answer, checkReply, flatten, PLAIN_TEXT, printError, type RawHeaders, whatFailed } from './reply.ts';

/** Headers as one string, which crosses a process or thread boundary far cheaper than an array of strings. */
export function joinHeaders(rawHeaders: RawHeaders): string {
  // A line feed cannot occur in a header: both Node's parser and its writer refuse it.
  return rawHeaders.join('\n');
}

export function splitHeaders(joined: string): RawHeaders {
  return joined === '' ? [] : joined.split('\n');
}

/** A handler as a worker runs it. */
export interface LoadedHandler {
  /**
   * Runs the handler, in an async context of its own. A plain reply is answered before this returns; an exception, or
   * a reply that cannot be sent, becomes a 500 that says what is wrong, which fails the trial.
   */
  handle(method: string, url: string, rawHeaders: RawHeaders | string, body: Uint8Array, answer: Answer): void;
  /** Time that requests have spent waiting in asynchronous handler code, all of them added up. */
  waitingMs(): number;
}

/** Loads the scenario in this worker and makes its handler. */
export async function loadHandler(context: ServerContext): Promise<LoadedHandler> {
  const handler = await withoutFaults(context);
  return context.faults === true ? committing(handler, loadFaults()) : handler;
}

/** What commits the faults that requests ask for. For a server that faults are put into; nothing of it is loaded elsewhere. */
export function loadFaults(): Faults {
  const faults: Faults = createRequire(import.meta.url)(`../fault.${import.meta.url.endsWith('.ts') ? 'cts' : 'cjs'}`);
  return faults;
}

export const FAULT_HEADER = 'fourways-fault';

/** Commits what a request asks for before the handler sees it. */
function committing({ handle, waitingMs }: LoadedHandler, { commit }: Faults): LoadedHandler {
  return {
    handle: (method, url, rawHeaders, body, answer) => {
      const raw = typeof rawHeaders === 'string' ? splitHeaders(rawHeaders) : rawHeaders;
      const at = raw.findIndex((name, i) => i % 2 === 0 && name.toLowerCase() === FAULT_HEADER);
      if (at < 0 || commit(raw[at + 1] ?? '')) handle(method, url, rawHeaders, body, answer);
    },
    waitingMs,
  };
}

async function withoutFaults(context: ServerContext): Promise<LoadedHandler> {
  const scenario = await importDefault<Scenario | AppScenario>(context.scenarioUrl);
  const waiting = new Waiting();
  if ('app' in scenario) {
    standAlone(scenario.app);
    return injected(await loadApp(scenario.app, { kind: 'nowhere' }), waiting);
  }
  const { handlerContext, shared = await sharedBy(scenario, context) } = context;
  const handler = await scenario.createHandler({ ...handlerContext, shared });
  return {
    // Jobs follow each other in one callback, and the requests of a connection share the context of its parser: without
    // a context for each, what one sets with `AsyncLocalStorage.enterWith` would be there for the next.
    handle: (method, url, rawHeaders, body, answer) =>
      new AsyncResource('FOURWAYS_REQUEST', NO_TRACKING).runInAsyncScope(
        run,
        undefined,
        handler,
        waiting,
        new LazyRequest(method, url, rawHeaders, body),
        answer,
      ),
    waitingMs: () => waiting.totalMs(),
  };
}

/** For whoever starts threads, before they start: the context with what they share. */
export async function withShared(context: ServerContext): Promise<ServerContext> {
  if (context.shares !== true) return context;
  return { ...context, shared: await sharedBy(await importDefault<Scenario>(context.scenarioUrl), context) };
}

async function sharedBy(scenario: Scenario, { handlerContext }: ServerContext): Promise<SharedArrayBuffer | null> {
  return (await scenario.shared?.(handlerContext)) ?? null;
}

/** A service that was written to listen, given requests instead. */
function injected(server: Server, waiting: Waiting): LoadedHandler {
  return {
    handle: (method, url, rawHeaders, body, answer) => {
      const raw = typeof rawHeaders === 'string' ? splitHeaders(rawHeaders) : rawHeaders;
      const over: Answer = (status, headers, bytes) => {
        waiting.change(-1);
        answer(status, headers, bytes);
      };
      waiting.change(1);
      new AsyncResource('FOURWAYS_REQUEST', NO_TRACKING).runInAsyncScope(
        inject,
        undefined,
        ...[server, method, url, raw, body, over],
      );
    },
    waitingMs: () => waiting.totalMs(),
  };
}

/** Adds up how long how many requests waited. Only asynchronous handlers pay for it. */
class Waiting {
  #now = 0;
  #sinceMs = 0;
  #totalMs = 0;

  change(by: number): void {
    const atMs = performance.now();
    this.#totalMs += this.#now * (atMs - this.#sinceMs);
    this.#sinceMs = atMs;
    this.#now += by;
  }

  totalMs(): number {
    this.change(0);
    return this.#totalMs;
  }
}

/** A request whose query and headers are parsed only when the handler reads them. */
class LazyRequest implements HandlerRequest {
  readonly method: string;
  readonly body: Uint8Array;
  readonly #url: string;
  readonly #rawHeaders: RawHeaders | string;

  constructor(method: string, url: string, rawHeaders: RawHeaders | string, body: Uint8Array) {
    this.method = method;
    this.body = body;
    this.#url = url;
    this.#rawHeaders = rawHeaders;
  }

  get path(): string {
    const mark = this.#url.indexOf('?');
    return mark < 0 ? this.#url : this.#url.slice(0, mark);
  }

  get query(): URLSearchParams {
    const mark = this.#url.indexOf('?');
    return new URLSearchParams(mark < 0 ? '' : this.#url.slice(mark + 1));
  }

  get headers(): Readonly<Record<string, string>> {
    const raw = typeof this.#rawHeaders === 'string' ? splitHeaders(this.#rawHeaders) : this.#rawHeaders;
    const headers: Record<string, string> = {};
    for (let i = 0; i + 1 < raw.length; i += 2) {
      const [name, value] = [(raw[i] ?? '').toLowerCase(), raw[i + 1] ?? ''];
      const before = headers[name];
      headers[name] = before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`;
    }
    return headers;
  }
}

const NO_TRACKING = { requireManualDestroy: true };

function run(handler: Handler, waiting: Waiting, request: HandlerRequest, answer: Answer): void {
  const fulfil = (reply: Reply): void => {
    checkReply(reply);
    answer(reply.status, flatten(reply, request.method), reply.body);
  };
  const fail = (error: unknown): void => {
    printError(error);
    answer(500, PLAIN_TEXT, whatFailed(error));
  };
  try {
    const reply = handler(request);
    if (!isPromise(reply)) {
      fulfil(reply);
      return;
    }
    waiting.change(1);
    const over = (): void => waiting.change(-1);
    reply
      .then(
        (settled) => {
          over();
          fulfil(settled);
        },
        (error: unknown) => {
          over();
          fail(error);
        },
      )
      .catch(fail);
  } catch (error) {
    fail(error);
  }
}

function isPromise(reply: Reply | Promise<Reply>): reply is Promise<Reply> {
  return typeof reply === 'object' && reply !== null && 'then' in reply;
}
