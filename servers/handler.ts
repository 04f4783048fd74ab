/** From a request on the wire to handler code and back, the same in every model. */
import type { Handler, HandlerRequest, Reply, Scenario } from '../scenarios/scenario.ts';
import type { ServerContext } from './model.ts';

/** Headers as `name, value, name, value, …`, as Node reports and accepts them. */
export type RawHeaders = readonly string[];

/** Headers as one string, which crosses a process or thread boundary far cheaper than an array of strings. */
export function joinHeaders(rawHeaders: RawHeaders): string {
  // A line feed cannot occur in a header: both Node's parser and its writer refuse it.
  return rawHeaders.join('\n');
}

export function splitHeaders(joined: string): RawHeaders {
  return joined === '' ? [] : joined.split('\n');
}

/** Loads the scenario in this worker and makes its handler. */
export async function loadHandler(context: ServerContext): Promise<Handler> {
  const module: { default: Scenario } = await import(context.scenarioUrl);
  return module.default.createHandler(context.handlerContext);
}

/** A request whose query and headers are only taken apart when the handler looks at them. */
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
    for (let i = 0; i + 1 < raw.length; i += 2) headers[(raw[i] ?? '').toLowerCase()] = raw[i + 1] ?? '';
    return headers;
  }
}

/** Told the outcome of one request, once. */
export type Answer = (status: number, headers: RawHeaders, body: string | Uint8Array) => void;

/**
 * Runs the handler. A handler that returns a plain reply is answered in the same turn of the event loop; an exception
 * becomes a 500, which fails the trial.
 */
export function handle(
  handler: Handler,
  method: string,
  url: string,
  rawHeaders: RawHeaders | string,
  body: Uint8Array,
  answer: Answer,
): void {
  const fulfil = (reply: Reply): void => answer(reply.status, flatten(reply.headers), reply.body);
  const fail = (error: unknown): void => answer(500, PLAIN_TEXT, `handler failed: ${String(error)}`);
  try {
    const reply = handler(new LazyRequest(method, url, rawHeaders, body));
    if ('then' in reply) reply.then(fulfil).catch(fail);
    else fulfil(reply);
  } catch (error) {
    fail(error);
  }
}

export const PLAIN_TEXT: RawHeaders = ['content-type', 'text/plain'];

function flatten(headers: Readonly<Record<string, string>>): string[] {
  const raw: string[] = [];
  for (const name in headers) raw.push(name, headers[name] ?? '');
  return raw;
}
