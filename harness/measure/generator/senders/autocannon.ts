/**
 * autocannon sends the load. Everything that is measured is measured here, because its own figures cannot be trusted:
 * latencies are cut to whole milliseconds and leave out time-outs, requests in flight at the end are dropped, and after the
 * server closes a connection all later latencies are wrong without an error.
 */
import type { ComparisonSample } from '../../../stats/comparison-sample.ts';
import type { Failure } from '../../../store/schema.ts';
import { type Load, type LoadListener, monotonicMs } from '../load.ts';
import type { GeneratorCommand } from '../messages.ts';
import { requestOrder } from '../request-order.ts';
import { AutocannonConnection, type ConnectionOwner, type Kind } from './autocannon-client.ts';
import { autocannon } from './autocannon-inside.ts';
import { Clients } from './clients.ts';
import { prepareAll, timedOut } from './connections.ts';

/** Far longer than any trial: the harness decides when it ends. */
const FOREVER_SEC = 1_000_000;
/** autocannon stops its timers at the first tick after its connections are gone. */
const TICK_MS = 250;
/** How often requests that exceed the time-out are looked for. */
const SWEEP_MS = 100;

/**
 * Opens the connections, and sends nothing before `go`: a server accepts one connection per turn of its event loop, so with
 * slow requests under way the last of many connections would wait for seconds to be accepted. After `go`, each connection
 * sends the next request of the order when it has received the reply to its last one.
 */
export class AutocannonLoad implements Load, ConnectionOwner {
  readonly open = null;
  readonly sample: ComparisonSample;
  readonly #listener: LoadListener;
  readonly #timeoutSec: number;
  readonly #connectionCount: number;
  readonly #nextIndex: () => number;
  readonly #connections: AutocannonConnection[] = [];
  readonly #kinds: readonly Kind[];
  #opened = 0;
  #underWay = 0;
  #isSending = false;
  #isClosed = false;
  #onDrained = (): void => {};
  #sweeper: NodeJS.Timeout | undefined;

  constructor(command: Extract<GeneratorCommand, { type: 'start' }>, listener: LoadListener, sample: ComparisonSample) {
    const { url, connections, timeoutSec } = command;
    this.sample = sample;
    this.#listener = listener;
    this.#timeoutSec = timeoutSec;
    this.#connectionCount = connections;
    const clients = new Clients(command, () => sample.random());
    const classes = prepareAll(command);
    this.#nextIndex = requestOrder(classes.map(({ request }) => request.weight));
    const hop = { host: new URL(url).host, connection: 'keep-alive' } as const;
    this.#kinds = classes.map((prepared) => {
      const nth = prepared.nthBytes(hop);
      return { prepared, bytes: (by) => nth(prepared.next(), by), layout: null };
    });
    const setupClient = (client: object): void => {
      this.#connections.push(new AutocannonConnection(client, clients.take(), this));
    };
    autocannon(
      { url, connections, pipelining: 1, duration: FOREVER_SEC, sampleInt: TICK_MS, setupClient },
      (error: Error | null) => {
        if (error) this.fault({ kind: 'generator', message: `autocannon: ${error.message}` });
      },
    );
  }

  next(): Kind | null {
    const kind = this.#isSending ? this.#kinds[this.#nextIndex()] : undefined;
    if (kind === undefined) return null;
    this.#underWay++;
    return kind;
  }

  opened(): void {
    if (++this.#opened === this.#connectionCount) this.#listener.connected();
  }

  replied(kind: Kind, startedMs: number, endedMs: number, isLost: boolean): void {
    this.#underWay--;
    this.#listener.reply(kind.prepared.index, startedMs, endedMs, isLost);
    if (this.#underWay === 0 && !this.#isSending) this.#onDrained();
  }

  fault(reason: Failure): void {
    if (!this.#isClosed) this.#listener.fault(reason);
  }

  go(): void {
    this.#isSending = true;
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS);
    for (const connection of this.#connections) connection.send(monotonicMs());
  }

  drain(): Promise<void> {
    this.#isSending = false;
    return new Promise((resolve) => {
      this.#onDrained = resolve;
      if (this.#underWay === 0) resolve();
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#isSending = false;
    clearInterval(this.#sweeper);
    for (const connection of this.#connections) connection.close();
  }

  #sweep(): void {
    const nowMs = monotonicMs();
    if (this.#connections.some((connection) => nowMs - connection.waitingSinceMs >= this.#timeoutSec * 1000)) {
      this.fault(timedOut(this.#timeoutSec * 1000));
    }
  }
}
