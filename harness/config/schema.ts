/**
 * What a config file may say: the one source of its type, of its validation and of the JSON Schema for editors. A key is a flag
 * of `fourways run` in camel case, in the plural where the flag may be repeated; what it means and its range are checked where
 * the flag is.
 */
import { z } from 'zod';

/** Files that say another version are not read: their keys may mean something else. */
export const CONFIG_VERSION = 1;

/** A number where the flag takes a text, such as `margin: 0.03`. */
const text = z.union([z.string(), z.number()]).transform(String);
const texts = z.array(z.string()).readonly();
/** A number, or several: a list, or a list or range as text. */
const numbers = z.union([z.number(), z.string(), z.array(z.number()).readonly()]).transform(String);
const headers = z
  .record(z.string(), z.union([z.string(), z.array(z.string()).readonly()]))
  .readonly()
  .describe('Headers by name, such as { accept: "text/html" }; a list is several of that name');
const NAME = /^[A-Za-z][\w-]*$/;
const named = z.string().regex(NAME, "must be a word of letters, digits, '-' and '_' that begins with a letter");

const request = z
  .strictObject({
    name: named.describe('What it is called in reports; default: method and path'),
    method: z.string().describe('GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS; default: GET'),
    path: z.string().describe('Path with query, such as /products?page=1'),
    weight: z.number().describe('How often it is sent, relative to the others; default: 1'),
    headers,
    body: z.json().describe('Text, @file, or a value that is sent as JSON, with that content type'),
  })
  .partial()
  .required({ path: true })
  .readonly();

/** What is sent to a service, for one workload or for the whole file. */
const service = {
  app: z.string().describe('File of your service: one that listens, or exports an app. Relative to the config file'),
  requests: z
    .array(z.union([z.string(), request]))
    .min(1)
    .readonly()
    .describe("What to send to it: 'GET /products', 'list=GET /products *3', or an object"),
  headers: headers.describe('Headers of all requests'),
  body: z.string().describe('Text or @file: body of all POST, PUT and PATCH requests that have none of their own'),
  har: z.string().describe('Recorded requests to send to it (HTTP Archive): those of one host, with their mix'),
  expect: texts.describe(
    "What it must answer: 'status=201', 'body~\"total\"', or 'list: status=404' for one request; 'lost=log in' is counted",
  ),
  verify: z.string().describe('What replies are compared by: learned (all that does not vary by itself) or status'),
};

/** What serves it beside the models, and how servers are started. */
const servers = {
  commands: z
    .record(named, z.string())
    .readonly()
    .describe("Servers by name, each started by a command: { pm2: 'pm2-runtime start server.js -i 2' }"),
  urls: z
    .record(named, z.string())
    .readonly()
    .describe("Servers by name that run already on this machine: { mine: 'http://127.0.0.1:3000' }"),
  ready: z.string().describe("What a command answers once it serves: 'GET /health'"),
  nodeArgs: texts.describe("Options of Node.js for the servers alone: ['--max-old-space-size=256']"),
  env: z
    .record(z.string(), text)
    .readonly()
    .describe("Variables for the servers alone: { LOG_LEVEL: 'warn' }; their values are not stored"),
  runtimes: texts.describe('Node.js binaries for the servers of the models, each of which is measured with each'),
};

const workload = z.strictObject(service).partial().readonly();

export const configSchema = z
  .strictObject({
    $schema: z.string().describe('Address of the JSON Schema, for editors'),
    version: z.literal(CONFIG_VERSION).describe('Version of this format'),
    ...service,
    ...servers,
    workloads: z
      .record(named, workload)
      .readonly()
      .describe('Several workloads by name, each with requests of its own, in place of requests'),
    scenarios: texts.describe("Built-in scenarios and files of your own, such as 'cpu:ms=2'"),
    models: texts.describe(
      "Models to compare, 'all' or patterns such as 'listener*', and files of your own; default: single, cluster, fork-pool, worker-threads",
    ),
    workers: numbers.describe(
      "Worker count of every model but single, or several to compare: [1, 2, 4] or '1..8'; default: one per CPU of the server",
    ),
    connections: numbers.describe(
      'Concurrent connections, or several to compare; default: as many as keep each scenario busy',
    ),
    breakEven: z.boolean().describe('Find the work per request from which each model beats single'),
    connectionModes: texts.describe('keep-alive, per-request, or both; default: keep-alive'),
    rates: z
      .array(text)
      .readonly()
      .describe("Open-loop rates: 200 (requests per second), '50%' of capacity, or 'none'"),
    arrivals: z.string().describe('Open-loop arrivals: poisson or constant; default: poisson'),
    sweep: z.boolean().describe('Measure each model at a range of rates around its capacity'),
    slo: z.string().describe('Find the highest rate that meets an SLO, such as p99=100ms'),
    faults: texts.describe(
      "What to do to every model under load: ['kill', 'crash', 'block=1s', 'loop', 'oom', 'leak', 'reload', 'upstream-stall=1s'], with @5s for when and *3 for how often",
    ),
    restart: z.string().describe('Whether models replace workers that die: on, off or both; default: on'),
    reloads: z
      .record(named, z.string())
      .readonly()
      .describe("How commands reload themselves, by name: { pm2: 'pm2 reload all' }"),
    generators: z.number().describe('Load generator processes; default: one per reserved CPU'),
    isolate: z.number().describe('CPUs reserved for load generators, 0 for none'),
    preset: z.string().describe('How much to measure: quick, standard or thorough'),
    budget: z.string().describe('Time to spend until every scenario is answered, such as 5m'),
    rounds: z.number().describe('Trials per cell, in place of a budget'),
    duration: z.string().describe('Measurement window of a trial, such as 5s'),
    timeout: z.string().describe('When a request without a reply is given up, such as 60s; default: 10s or later'),
    retries: z.number().describe('Retries of a failed trial; default: 2'),
    seed: z
      .number()
      .describe(
        'Seed for the order of trials and the times of requests; default: from what is measured, and of ab the current time',
      ),
    margin: text.describe("Differences up to this do not matter; default: '3%'"),
    require: texts.describe("Exit with 1 if one does not hold: 'orders/cluster p99<50ms', '* errors<1'"),
    strict: z.boolean().describe('Exit with 3 if a requirement can be neither confirmed nor refuted; default: CI=true'),
    lenient: z.boolean().describe('Not strict, even where CI=true'),
  })
  .partial();

/** What is written in a config file. */
export interface Config extends Readonly<z.input<typeof configSchema>> {}
/** The same after it was checked. */
export type CheckedConfig = z.output<typeof configSchema>;
/** A workload of it, or the whole file as one. */
export type Workload = Pick<CheckedConfig, keyof typeof service>;

type ConfigFunction = () => Config | Promise<Config>;

/** What a config file exports: itself, or a function that returns it. It changes nothing, and gives an editor the types. */
export function defineConfig(config: Config): Config;
export function defineConfig(config: ConfigFunction): ConfigFunction;
export function defineConfig(config: Config | ConfigFunction): Config | ConfigFunction {
  return config;
}

/** The JSON Schema of a config file, as `docs/schema/config.schema.json` has it. */
export function configJsonSchema(): object {
  return z.toJSONSchema(configSchema.meta({ title: 'fourways.config.json' }), {
    io: 'input',
    // Of a file this would say that nobody may write it.
    override: ({ jsonSchema }) => void delete jsonSchema.readOnly,
  });
}
