import { defaultScenarios, scenarios } from '../../scenarios/index.ts';
import { defaultModels, models } from '../../servers/index.ts';
import { command } from '../command-line/command.ts';
import {
  boolean,
  connectionMode,
  detail,
  folder,
  GROUP,
  given,
  hdr,
  keysOf,
  modelNames,
  list,
  margin,
  names,
  number,
  numbers,
  quiet,
  requirements,
  retries,
  seed,
  serverNode,
  service,
  text,
  time,
  timeout,
  workers,
} from '../command-line/flags.ts';
import { UserError } from '../errors.ts';
import { FAULTS, RESTARTS } from '../plan/options/faults.ts';
import { defaultPreset, presets } from '../plan/options/presets.ts';
import { ARRIVALS } from '../plan/options/run.ts';
import { formatFlag, summaryFormats } from './formats.ts';

const flags = {
  scenario: {
    ...names,
    alias: 's',
    group: GROUP.what,
    values: Object.keys(scenarios),
    describe: `Workload: ${keysOf(scenarios)}, or a file of your own; parameters as in cpu:ms=2, several values as in cpu:ms=1,5 or 0.1..10; default: ${defaultScenarios.join(', ')}`,
  },
  ...service,
  command: {
    ...list,
    group: GROUP.what,
    takes: '<name=line>',
    describe:
      "Any server, started by a command and beside the models: 'pm2=pm2-runtime start server.js -i 2'; it gets its port in PORT, or for {port}",
  },
  url: {
    ...list,
    group: GROUP.what,
    takes: '<name=url>',
    describe: "A server that runs already on this machine: 'mine=http://127.0.0.1:3000'",
  },
  ready: {
    ...text,
    group: GROUP.what,
    takes: '<request>',
    describe: "What a command answers once it serves: 'GET /health'; default: the first GET of --request",
  },
  config: {
    ...text,
    group: GROUP.what,
    takes: '<file>',
    describe: 'Config file, or none; default: fourways.config.js (.ts, .mjs, .json) in this folder, if there is one',
  },
  workload: { ...names, group: GROUP.what, describe: 'Workloads of the config file to measure; default: all of them' },
  model: {
    ...names,
    alias: 'm',
    group: GROUP.what,
    values: ['all', ...Object.keys(models)],
    describe: `Model; ${modelNames}; or all, 'listener*', a file of your own; default: ${defaultModels.join(', ')}`,
  },
  resume: {
    ...folder,
    group: GROUP.what,
    describe: 'Folder of a run: continue it with its own plan, or with --budget measure it longer',
  },
  ...serverNode,
  ...given,
  runtime: {
    ...list,
    group: GROUP.server,
    takes: '<file>',
    describe: 'Node.js binary for the servers of the models; given several times, each model is measured with each',
  },
  preset: {
    ...text,
    group: GROUP.long,
    takes: '<name>',
    values: Object.keys(presets),
    describe: `How much to measure: ${keysOf(presets)}; default: ${defaultPreset}`,
  },
  budget: {
    ...time,
    group: GROUP.long,
    describe:
      'Time to spend until every scenario is answered, such as 5m; default: that of the preset; with --resume, so much more',
  },
  rounds: {
    ...number,
    group: GROUP.long,
    describe: 'Trials per cell, a fixed number instead of measuring until every scenario is answered',
  },
  duration: {
    ...time,
    group: GROUP.long,
    describe: 'Measurement window of a trial, and time after a fault, such as 5s; default: that of the preset, and 4s',
  },
  retries,
  seed,
  yes: { ...boolean, group: GROUP.long, describe: 'Measure a series of points also where it takes hours' },
  connections: {
    ...numbers,
    alias: 'c',
    group: GROUP.load,
    describe: 'Concurrent connections, or several numbers: 16,64,256; default: as many as keep each scenario busy',
  },
  workers: { ...workers, ...numbers, describe: `${workers.describe}; several are compared: 1,2,4 or 1..8` },
  'break-even': {
    ...boolean,
    group: GROUP.load,
    describe: 'Find the work per request from which each model beats single, as in -s cpu:ms=0.01..10',
  },
  rate: {
    ...names,
    group: GROUP.load,
    takes: '<rates>',
    values: ['50%', '80%', 'none'],
    describe:
      'Open-loop rate: 200 (requests per second), 50% (of the capacity of the slowest ranked model), or none to measure capacity only; default: that of preset and scenario',
  },
  arrivals: {
    ...text,
    group: GROUP.load,
    takes: '<name>',
    values: ARRIVALS,
    describe: 'Open-loop arrivals: poisson or constant; default: poisson',
  },
  sweep: {
    ...boolean,
    group: GROUP.load,
    describe: 'Measure each model at a range of rates around its capacity',
  },
  slo: {
    ...text,
    group: GROUP.load,
    takes: '<limits>',
    describe: 'Find the highest rate that meets an SLO, such as p99=100ms or light.p99=20ms,errors=0.1%',
  },
  timeout,
  'connection-mode': connectionMode,
  generators: {
    ...number,
    group: GROUP.load,
    describe: 'Load generator processes; default: one per reserved CPU',
  },
  isolate: {
    ...number,
    group: GROUP.load,
    describe: 'CPUs reserved for load generators, 0 for none; default: a quarter of the CPUs if there are four or more',
  },
  fault: {
    ...names,
    group: GROUP.faults,
    takes: '<faults>',
    values: FAULTS,
    describe: `What to do to every model under load, after all else: ${FAULTS.join(', ')}; @5s is when, *3 how often, as in kill@5s*3`,
  },
  restart: {
    ...text,
    group: GROUP.faults,
    takes: '<how>',
    values: RESTARTS,
    describe: 'Whether models replace workers that die: on, off or both, each measured; default: on',
  },
  reload: {
    ...list,
    group: GROUP.faults,
    takes: '<name=line>',
    describe: "How a --command reloads itself, for --fault reload: 'pm2=pm2 reload all'",
  },
  margin,
  ...requirements,
  out: { ...folder, group: GROUP.output, describe: 'New folder for the results; default: fourways-runs/<time>' },
  format: formatFlag(summaryFormats),
  detail,
  quiet,
  hdr,
  profile: {
    ...boolean,
    group: GROUP.output,
    describe: 'After the rounds, profile each cell once more: where its CPU time goes, and .cpuprofile files',
  },
} as const;

/** Flags that do not change the plan. */
const ALLOWED_WITH_RESUME: readonly string[] = [
  'resume',
  'budget',
  'env',
  'postgres',
  'redis',
  'format',
  'detail',
  'quiet',
  'hdr',
  'require',
  'strict',
  'lenient',
];

export default command({
  summary: 'Measure scenarios under concurrency models; write a report',
  positionals: {},
  flags,
  examples: [
    ['run --preset quick', 'a first look, in two to three minutes'],
    ['run -s cpu:ms=2 -m cluster,worker-threads', 'two models, 2 ms of CPU time per request'],
    ["run --app ./server.js --request 'GET /products'", 'your own service, unchanged, under every model'],
    ["run --command 'one=node server.js' --request 'GET /'", 'any command that serves HTTP, of any language'],
    ['run --workload orders', 'a workload of fourways.config.js, which fourways init writes'],
    ['run -s ./my-workload.js -w 4', 'your own handler'],
    ['run -s cpu:ms=2 --workers 1,2,4', 'how many workers'],
    ['run -s mixed --slo light.p99=20ms', 'the highest rate that meets an SLO'],
    ['run -s cpu --fault kill,block=1s', 'what a killed worker and a blocked event loop cost each model'],
    ["run -s cpu --require 'cpu/* p99<50ms'", 'exit code 1 if that does not hold'],
    ['run --resume runs/1 --budget 1m', 'a minute more for what is not answered yet'],
  ],
  epilogue:
    'Exit code 1 if a requirement does not hold, 3 if a model or a search has no valid result. See docs/running.md.',
  run: async (args, io) => {
    if (args.resume === undefined) return (await import('./actions/run.ts')).measureRun(args, io);
    const other = Object.keys(flags).find((name) => args[name] !== undefined && !ALLOWED_WITH_RESUME.includes(name));
    if (other !== undefined) {
      throw new UserError(
        `--resume continues a run with its own plan; leave out --${other}, or start a new run without --resume`,
      );
    }
    return (await import('./actions/resume.ts')).resumeRun(args.resume, args, io);
  },
});
