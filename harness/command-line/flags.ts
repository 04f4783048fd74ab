/** Kinds of flags, and those that several commands share. */
import { modelGroups } from '../../servers/index.ts';
import { VERIFICATIONS } from '../plan/options/requests.ts';
import { CONNECTION_MODES } from '../plan/options/run.ts';

/** The headings of `--help`. */
export const GROUP = {
  what: 'What to measure:',
  server: 'Servers:',
  load: 'Load:',
  faults: 'Faults:',
  long: 'How long:',
  verdict: 'Verdict and exit code:',
  images: 'Images:',
  input: 'Input:',
  output: 'Output:',
} as const;

/** May be given several times. */
export const list = { type: 'string', array: true, nargs: 1, takes: '<text>' } as const;
/** A list of names, which may also be separated by commas. */
export const names = { ...list, coerce: splitNames, takes: '<names>' } as const;
/** A whole number. */
export const number = { type: 'number', takes: '<n>' } as const;
export const text = { type: 'string', takes: '<text>' } as const;
export const time = { type: 'string', takes: '<time>' } as const;
export const folder = { type: 'string', takes: '<folder>' } as const;
export const boolean = { type: 'boolean' } as const;
/** An argument without a flag. */
export const positional = { type: 'string', demandOption: true } as const;

/** One that may be left out. */
export const optional = { type: 'string' } as const;

/** The keys of a registry, as help lists them. */
export const keysOf = (registry: object): string => Object.keys(registry).join(', ');

/** The models, as help lists them. */
export const modelNames = Object.entries(modelGroups)
  .map(([group, names]) => `${group}: ${names.join(', ')}`)
  .join('; ');

export const workers = {
  ...number,
  alias: 'w',
  group: GROUP.load,
  describe: 'Worker count of every model but single; default: one per CPU of the server',
} as const;
/** A number, or several that are measured one beside the other. */
export const numbers = { type: 'string', takes: '<numbers>' } as const;
export const margin = {
  ...text,
  group: GROUP.verdict,
  takes: '<share>',
  describe: 'Differences up to this do not matter; default: 3%',
} as const;
export const failAbove = {
  ...text,
  group: GROUP.verdict,
  takes: '<share>',
  describe:
    'Exit with 1 only where head is shown to be worse by more than this, such as 10%, and than the margin of the metric; default: the margin',
} as const;
const lenient = {
  ...boolean,
  group: GROUP.verdict,
  describe: 'Turn --strict off, which is on where CI=true',
} as const;
/** Of what compares head with base. */
export const strictness = {
  strict: {
    ...boolean,
    group: GROUP.verdict,
    describe:
      'Exit with 3 also if head is probably worse and that is not certain, or hardly anything is known; default where CI=true',
  },
  lenient,
} as const;
export const connectionMode = {
  ...names,
  group: GROUP.load,
  takes: '<modes>',
  values: CONNECTION_MODES,
  describe: 'keep-alive, per-request, or both; default: keep-alive',
} as const;
export const seed = {
  ...number,
  group: GROUP.long,
  describe: 'Seed for the order of trials and the times of requests; default: from what is measured',
} as const;
export const timeout = {
  ...time,
  group: GROUP.load,
  describe:
    'When a request without a reply is given up, such as 60s; default: 10s, or later where a scenario says that its requests take long',
} as const;

export const retries = { ...number, group: GROUP.long, describe: 'Retries of a failed trial; default: 2' } as const;
export const hdr = {
  ...boolean,
  group: GROUP.output,
  describe: 'Also write .hgrm files, for HdrHistogram plotters',
} as const;
export const detail = {
  ...boolean,
  group: GROUP.output,
  describe: 'Also print tables: intervals, costs, every pair of models, latency',
} as const;
export const quiet = {
  ...boolean,
  group: GROUP.output,
  describe: 'No progress on stderr, only errors and warnings',
} as const;
export const salvage = {
  ...boolean,
  default: false,
  group: GROUP.input,
  describe: 'Ignore a last line that was cut off',
} as const;
export const historyFile = {
  ...text,
  group: GROUP.input,
  takes: '<file>',
  describe: 'History of runs; default: fourways-history/history.ndjson',
} as const;
/** A service of the user, and what is sent to it. */
export const service = {
  app: {
    ...text,
    group: GROUP.what,
    takes: '<file>',
    describe:
      'A service of your own, unchanged: a file that listens, or exports an app (Express, Fastify, Koa, Nest, Hono)',
  },
  request: {
    ...list,
    group: GROUP.what,
    takes: '<request>',
    describe: "What to send to it: 'GET /products', or 'list=GET /products *3' with a name and a weight",
  },
  header: { ...list, alias: 'H', group: GROUP.what, describe: "Header of every request to it: 'accept: text/html'" },
  body: {
    ...text,
    group: GROUP.what,
    describe:
      'Body of its POST, PUT and PATCH requests: text, @file, or @file.jsonl with one per line; {{n}}, {{uuid}}, {{client}}, {{visit}} differ',
  },
  har: {
    ...text,
    group: GROUP.what,
    takes: '<file>',
    describe: 'Recorded requests to send to it (HTTP Archive): those of one host, with their mix',
  },
  expect: {
    ...list,
    group: GROUP.what,
    takes: '<rule>',
    describe:
      "What it must answer: 'status=201', 'body~\"total\"', or 'list: status=404' for one request; 'lost=log in' is counted",
  },
  verify: {
    ...text,
    group: GROUP.what,
    takes: '<how>',
    values: VERIFICATIONS,
    describe:
      'What its replies are compared by: learned (all that does not vary by itself) or status; default: learned',
  },
} as const;
/** How the Node.js of the servers is started. */
export const serverNode = {
  'node-arg': {
    ...list,
    group: GROUP.server,
    takes: '<option>',
    describe: 'Option of Node.js for the servers alone, as in --node-arg=--max-old-space-size=256',
  },
  env: {
    ...list,
    group: GROUP.server,
    takes: '<name=value>',
    describe: 'Variable for the servers alone, as in --env LOG_LEVEL=warn; its value is not stored',
  },
} as const;
/** Servers that run already, for the scenarios of their names. */
export const given = {
  postgres: {
    ...text,
    group: GROUP.server,
    takes: '<url>',
    describe: 'PostgreSQL that runs on this machine, for scenario postgres; default: one that is started for the run',
  },
  redis: {
    ...text,
    group: GROUP.server,
    takes: '<url>',
    describe: 'Redis that runs on this machine, for scenario redis; default: one that is started for each trial',
  },
} as const;
/** What must hold of a run. */
export const requirements = {
  require: {
    ...list,
    group: GROUP.verdict,
    takes: '<requirement>',
    describe: "Exit with 1 if this does not hold: 'cpu/cluster p99<50ms', '* errors<1'",
  },
  strict: {
    ...boolean,
    group: GROUP.verdict,
    describe: 'Exit with 3 if a requirement is not confirmed, also where the figure keeps it; default where CI=true',
  },
  lenient,
} as const;

/** `-m cluster,single` is `-m cluster -m single`. A comma within parameters (`files:count=2,kib=8`, `cpu:ms=1,2`) does not separate. */
export function splitNames(values: readonly string[]): string[] {
  return values.flatMap((value) => {
    const items: string[] = [];
    for (const part of value.split(',')) {
      const last = items.at(-1);
      if (last?.includes(':') === true && /^([A-Za-z][\w-]*=|\d+(\.|$))/.test(part))
        items[items.length - 1] = `${last},${part}`;
      else if (part !== '') items.push(part);
    }
    return items;
  });
}
