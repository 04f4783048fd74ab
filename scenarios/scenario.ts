/**
 * The public contract of a scenario: the workload, the requests that exercise it, and what a right reply is.
 *
 * A scenario is one file with a default export. Its handler code is loaded unchanged in every model, so it may
 * import `node:` modules only. Everything else in the file runs in a process of its own, which the harness asks by message.
 */

/** Headers by name; a list is several of that name, each on a line of its own. */
export type Headers = Readonly<Record<string, string | readonly string[]>>;

/** What a handler is given. The same object shape in every model, wherever the handler happens to run. */
export interface HandlerRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Header names in lower case. Several of one name are one, with commas between them, or `; ` for cookies. */
  readonly headers: Readonly<Record<string, string>>;
  /** Empty when the request has no body. */
  readonly body: Uint8Array;
}

/** A body that is sent while it is made: a generator, or any stream of Node.js that is read from. */
export type Pieces = AsyncIterable<string | Uint8Array>;

/**
 * What a handler returns. How the body is sent and whether the connection is kept are for the server to say; everything else is sent
 * as given. `Pieces` have no length beforehand: servers send them as they come, the worker of a pool collects them first.
 */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string | Uint8Array | Pieces;
}

export type Handler = (request: HandlerRequest) => Reply | Promise<Reply>;

/** Everything a handler may depend on. It is identical for every model and every worker of a run. */
export interface HandlerContext<P extends string = string> {
  readonly parameters: Readonly<Record<P, number>>;
  /** Work units per request, fixed by the calibration; 1 for a scenario without a sized kernel. */
  readonly iterations: number;
  /** What `setUp` returned, for example the URL of an upstream service. */
  readonly addresses: Readonly<Record<string, string>>;
}

/** What a worker makes its handler from. */
export interface WorkerContext<P extends string = string> extends HandlerContext<P> {
  /** What `shared` made in this process; null for a scenario that shares nothing. */
  readonly shared: SharedArrayBuffer | null;
}

/** A numeric parameter, set on the command line as `-s name:parameter=value`. */
export interface ParameterSpec {
  readonly summary: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** Only whole numbers are accepted. */
  readonly integer?: boolean;
}

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'OPTIONS';

/** One kind of request. Classes with a larger weight are sent more often. */
export interface RequestClass {
  readonly name: string;
  readonly weight: number;
  readonly method: Method;
  /** Path with query, starting with a slash. */
  readonly path: string;
  /** Beside `host`, `connection` and `content-length`, which are added. */
  readonly headers?: Headers;
  readonly body?: string | Uint8Array;
  /** Sent in turn, instead of `body`; null for none. */
  readonly bodies?: readonly (string | Uint8Array)[] | null;
  /** What its replies must have; without it, any from 200 to 299. */
  readonly status?: number;
  /**
   * Whether `{{n}}` and `{{uuid}}` in path, headers and bodies stand for a number and a UUID that each request has of its own, and
   * `{{client}}` and `{{visit}}` for the number of the client that sends it and how often that client has sent with this one. A client
   * is a connection that is kept, or one of as many that open a connection for each request; on Linux each has an address of its own
   * where a request says `{{client}}`.
   */
  readonly varies?: boolean;
  /**
   * The body of another reply that is right, of the same status: that of a server which has lost what it was to keep for the client.
   * How many there are is counted and told. A client's first request must not be answered so.
   */
  readonly lost?: string;
  /**
   * Answered on the front end of a pool, as is usual for cheap routes. It recognises such a request by its method and
   * its path with query. In models without a pool it makes no difference.
   */
  readonly onFront?: boolean;
}

/**
 * CPU work that bounds the scenario, run by the calibration outside any server.
 *
 * With `sizedBy`, that parameter is a number of CPU milliseconds: the calibration turns it into a fixed iteration
 * count, which every model receives. Without it one iteration is one request, and the kernel is only timed.
 * Either way CPUs ÷ (kernel CPU time × share) is the physical limit drawn beside the result.
 */
export interface Kernel<P extends string = string> {
  readonly sizedBy?: P;
  prepare(parameters: Readonly<Record<P, number>>): (iterations: number) => unknown;
  /** The libuv pool runs it, beside the event loops, so that a single worker may use every CPU. */
  readonly inPool?: boolean;
  /** Share of the requests that run the kernel, above 0 and at most 1; 1 when left out. */
  share?(parameters: Readonly<Record<P, number>>): number;
}

/** A process started by `setUp`. It is stopped when the trial ends, also when the harness is killed. */
export interface Service {
  /** The port that the service reported, on 127.0.0.1. */
  readonly port: number;
  /** What it reported beside the port, such as a URL with a password; null when it reported nothing. */
  readonly url: string | null;
}

export interface ServiceOptions {
  /**
   * For one that takes long to start: it stays until the command ends, and whoever starts the same file with the same arguments
   * gets it again. Then `setUp` must bring it into the same state for each trial.
   */
  readonly keep?: boolean;
}

/** What `setUp` may use. Everything started or created through it is removed when the trial is over. */
export interface SetUpContext<P extends string = string> {
  readonly parameters: Readonly<Record<P, number>>;
  /** Of the server that has the most of them. */
  readonly workers: number;
  /** Address of a server of the user to take instead of one that is started here, from the flag with the name of the scenario. */
  readonly given: string | null;
  /**
   * Starts a Node.js file as a process of its own, and waits until it has called `process.send({ type: 'ready', port })`, with a
   * `url` if need be, or `process.send({ type: 'failed', message })`. `args` arrive in `process.argv`.
   */
  startService(entry: URL, args?: readonly string[], options?: ServiceOptions): Promise<Service>;
  /** Creates an empty folder and returns its path. */
  makeFolder(): Promise<string>;
}

/** What a reply is judged against. */
export interface Expectation<P extends string = string> extends HandlerContext<P> {
  readonly requestClass: string;
}

/** A reply as it came over the wire. */
export interface ReceivedReply {
  readonly status: number;
  /** Header names in lower case. Several of one name are one, with commas between them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  /** The body read as UTF-8. */
  readonly text: string;
}

export interface Scenario<P extends string = string> {
  /** One line for `fourways list`. */
  readonly summary: string;
  readonly parameters: Readonly<Record<P, ParameterSpec>>;
  /** What a request asks for, as charts and reports call it: `10 ms of CPU per request`. Without it they have its name and parameters. */
  inWords?(parameters: Readonly<Record<P, number>>): string;
  requests(parameters: Readonly<Record<P, number>>): readonly RequestClass[];
  /** Called once per worker, in the worker; also on the front end of a pool that answers some of the classes itself. */
  createHandler(context: WorkerContext<P>): Handler | Promise<Handler>;
  /**
   * Memory for all workers that are threads of one process: made once in each process, before its threads start. A worker that is a
   * process has its own. It must be ready to use, for workers that are there already use it when another starts.
   */
  shared?(context: HandlerContext<P>): SharedArrayBuffer | null | Promise<SharedArrayBuffer | null>;
  /** Returns what is wrong with the reply, or nothing when it is right. Called before anything is timed. */
  verify(reply: ReceivedReply, expectation: Expectation<P>): string | undefined;
  /**
   * Right replies to the same request differ, as in an id or a date. What varies is found before anything is timed, and is not compared.
   */
  readonly repliesVary?: boolean;
  readonly kernel?: Kernel<P>;
  /** Milliseconds that a request spends waiting whatever the model; connections ÷ this bounds a closed loop. */
  waitingMs?(parameters: Readonly<Record<P, number>>): number;
  /**
   * It is about latency under a rate load, so it is measured at common rates also where the preset measures
   * capacity only.
   */
  readonly openLoop?: boolean;
  /**
   * It is about what several workers do to each other, so it is not measured with one of them where that would leave the load a CPU
   * of its own.
   */
  readonly severalWorkers?: boolean;
  /** Served over HTTPS, with a certificate of fourways that clients do not verify. Every connection is a full handshake. */
  readonly tls?: boolean;
  /** Starts what the handler needs outside the server, and returns the addresses handed to it. */
  setUp?(context: SetUpContext<P>): Promise<Readonly<Record<string, string>>>;
}
