import { scenarios } from '../../scenarios/index.ts';
import { models } from '../../servers/index.ts';
import { command } from '../command-line/command.ts';
import {
  boolean,
  connectionMode,
  hdr,
  keysOf,
  margin,
  names,
  number,
  pairs,
  requirements,
  retries,
  seed,
  text,
  workers,
} from '../command-line/flags.ts';
import { UserError } from '../errors.ts';
import { defaultPreset, presets } from '../plan/options/presets.ts';
import { formatFlag, summaryFormats } from './formats.ts';

const flags = {
  scenario: {
    ...names,
    alias: 's',
    describe: `Workload: ${keysOf(scenarios)}, or a file of your own; parameters as in cpu:ms=2`,
  },
  model: { ...names, alias: 'm', describe: `Model: ${keysOf(models)}, or a file of your own; default: all` },
  workers,
  connections: { ...number, alias: 'c', describe: 'Concurrent connections; default: 64 or more' },
  preset: { ...text, describe: `How much to measure: ${keysOf(presets)}; default: ${defaultPreset}` },
  budget: {
    ...text,
    describe:
      'Time to spend until every scenario is answered, such as 5m; default: that of the preset; with --resume, so much more',
  },
  rounds: {
    ...number,
    describe: 'Trials per cell, a fixed number instead of measuring until every scenario is answered',
  },
  margin,
  duration: { ...text, describe: 'Measurement window of a trial, such as 5s; default: that of the preset' },
  rate: {
    ...names,
    describe:
      'Open-loop rate: 200 (requests per second), 50% (of the capacity of the slowest ranked model), or none to measure capacity only',
  },
  arrivals: { ...text, describe: 'Open-loop arrivals: poisson or constant; default: poisson' },
  'connection-mode': connectionMode,
  sweep: { ...boolean, describe: 'Measure each model at a range of rates around its capacity' },
  slo: {
    ...text,
    describe: 'Find the highest rate that meets an SLO, such as p99=100ms or light.p99=20ms,errors=0.1%',
  },
  hdr,
  seed,
  generators: { ...number, describe: 'Load generator processes; default: one per reserved CPU' },
  isolate: {
    ...number,
    describe: 'CPUs reserved for load generators, 0 for none; default: a quarter of the CPUs if there are four or more',
  },
  retries,
  out: { ...text, describe: 'New folder for the results; default: fourways-runs/<time>' },
  resume: { ...text, describe: 'Folder of a run: continue it with its own plan, or with --budget measure it longer' },
  ...requirements,
  pairs,
  format: formatFlag(summaryFormats),
} as const;

/** Flags that do not change the plan. */
const ALLOWED_WITH_RESUME: readonly string[] = ['resume', 'budget', 'format', 'pairs', 'hdr', 'require', 'strict'];

export default command({
  summary: 'Measure scenarios under concurrency models; write a report',
  positionals: {},
  flags,
  examples: [
    ['run --preset quick', 'a first look, in two to three minutes'],
    ['run -s cpu:ms=2 -m cluster,worker-threads', 'two models, 2 ms of CPU time per request'],
    ['run -s ./my-workload.js -w 4', 'your own handler'],
    ['run -s mixed --slo light.p99=20ms', 'the highest rate that meets an SLO'],
    ["run -s cpu --require 'cpu/* p99<50ms'", 'exit code 1 if that does not hold'],
    ['run --resume runs/1 --budget 1m', 'a minute more for what is not answered yet'],
  ],
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
