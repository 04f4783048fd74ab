import { models } from '../../servers/index.ts';
import { command } from '../command-line/command.ts';
import {
  boolean,
  connectionMode,
  failAbove,
  folder,
  GROUP,
  list,
  modelNames,
  margin,
  names,
  number,
  positional,
  quiet,
  retries,
  seed,
  serverNode,
  service,
  strictness,
  text,
  time,
  timeout,
  workers,
} from '../command-line/flags.ts';
import { changeFormats, formatFlag } from './formats.ts';

export default command({
  summary: 'Measure two versions together: is head worse than base?',
  positionals: {
    base: { ...positional, describe: 'Checkout (a folder), file of a service or scenario, or Node.js binary' },
    head: { ...positional, describe: 'Another one of the same kind' },
  },
  flags: {
    scenario: {
      ...names,
      alias: 's',
      group: GROUP.what,
      describe:
        'For folders: a scenario file that is in both, such as ./bench/scenario.js. For Node.js binaries: as for run',
    },
    ...service,
    app: {
      ...service.app,
      describe:
        'For folders: your service, a file that is in both, such as ./server.js. Two files are services when a --request is given',
    },
    request: {
      ...service.request,
      describe:
        "What to send to it: 'GET /products', or 'list=GET /products' with a name. Each is judged by itself; with weights, 'GET /products *3', they are one mix",
    },
    command: {
      ...list,
      group: GROUP.what,
      takes: '<line>',
      describe:
        "For folders: a command that serves HTTP, started in each: 'node server.js'; it gets its port in PORT, or for {port}",
    },
    ready: {
      ...text,
      group: GROUP.what,
      takes: '<request>',
      describe: "What a command answers once it serves: 'GET /health'; default: the first GET of --request",
    },
    model: {
      ...names,
      alias: 'm',
      group: GROUP.what,
      values: Object.keys(models),
      describe: `Model; ${modelNames}; or all, 'listener*', a file of your own; default: single`,
    },
    ...serverNode,
    budget: {
      ...time,
      group: GROUP.long,
      describe: 'Time limit for settling the verdicts, such as 2m; default: 60s for each cell (request × model)',
    },
    rounds: {
      ...number,
      group: GROUP.long,
      describe: 'Trials per cell and side, a fixed number instead of measuring until verdicts are settled',
    },
    duration: {
      ...time,
      group: GROUP.long,
      describe: 'Measurement window of a trial, such as 2s; default: 800ms',
    },
    retries,
    seed: { ...seed, describe: 'Seed for the order of trials; default: the current time' },
    connections: {
      ...number,
      alias: 'c',
      group: GROUP.load,
      describe: 'Concurrent connections; default: 16 per worker',
    },
    workers,
    rate: {
      ...names,
      group: GROUP.load,
      takes: '<rates>',
      describe:
        'Open-loop rate at which latency is compared: 200 (requests per second), 50% (of what the slower side carries alone), or none; default: 50%',
    },
    duet: {
      ...boolean,
      group: GROUP.load,
      describe:
        'Measure both sides at the same time on the same CPUs; default where they can have a CPU of their own. --duet=false: one after the other',
    },
    timeout,
    'connection-mode': connectionMode,
    generators: {
      ...number,
      group: GROUP.load,
      describe: 'Load generator processes of each side; default: one',
    },
    isolate: {
      ...number,
      group: GROUP.load,
      describe: 'CPUs reserved for load generators, 0 for none; default: all but one for a single process',
    },
    margin,
    'fail-above': failAbove,
    ...strictness,
    out: { ...folder, group: GROUP.output, describe: 'New folder for the results; default: fourways-runs/<time>-ab' },
    profile: {
      ...boolean,
      group: GROUP.output,
      describe: 'Profile both sides of a cell that is worse: what got slower. --profile=false: do not',
    },
    format: formatFlag(changeFormats),
    quiet,
  },
  examples: [
    ["ab ../main . --app ./server.js --request 'GET /products'", 'your own service in two checkouts'],
    ["ab ../main . --command 'node server.js' --request 'GET /'", 'any server that is started in both'],
    ['ab ../main . -s ./bench/scenario.js', 'the same scenario in two checkouts'],
    ['ab ./before.js ./after.js --budget 2m', 'two versions of a handler'],
  ],
  epilogue:
    'Exit code 0 if nothing is shown to be worse, 1 if something is, 3 if head is broken or nothing can be concluded. See docs/gates.md.',
  run: async (args, io) => (await import('./actions/ab.ts')).measureSides(args, io),
});
