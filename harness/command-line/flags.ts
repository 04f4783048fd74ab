/** The flags of each command, in the words of `--help`. */

import { CHANGE_FORMATS } from '../../reports/change/formats.ts';
import { charts, overviews } from '../../reports/charts/index.ts';
import { scenarios } from '../../scenarios/index.ts';
import { models } from '../../servers/index.ts';
import { defaultPreset, presets } from '../plan/options/presets.ts';

const list = { type: 'string', array: true, nargs: 1 } as const;
const number = { type: 'number', requiresArg: true } as const;
const text = { type: 'string', requiresArg: true } as const;
/** The keys of a registry, as help lists them. */
export const names = (registry: object): string => Object.keys(registry).join(', ');

const word = { type: 'string', demandOption: true } as const;

/** What stands behind a command without a flag. */
export const positionals = {
  base: { ...word, describe: 'Folder, scenario file or Node.js binary' },
  head: { ...word, describe: 'Another of the same kind' },
  baseRun: { ...word, describe: 'Folder of a run, or its run.ndjson' },
  headRun: { ...word, describe: 'The same, of what changed' },
  runs: {
    ...word,
    array: true,
    describe: 'Folder of a run, or its run.ndjson; several are set side by side, named as in before=runs/1',
  },
} as const;

const format = {
  choices: ['text', 'json', 'markdown'] as const,
  default: 'text' as const,
  describe: 'Format of what is printed on stdout',
};

const requirements = {
  require: { ...list, describe: "Exit 1 when it is broken: 'cpu/cluster p99<50ms', '* errors<1'" },
  strict: { type: 'boolean', describe: 'Exit 3 when a requirement is neither met nor broken for certain' },
} as const;

export const runOptions = {
  scenario: {
    ...list,
    alias: 's',
    describe: `Workload: ${names(scenarios)}, or a file of yours; settings as cpu:ms=2`,
  },
  model: { ...list, alias: 'm', describe: `Model: ${names(models)}; all when left out` },
  workers: {
    ...number,
    alias: 'w',
    describe: 'Workers of each model but single; one for each CPU of the server when left out',
  },
  connections: { ...number, alias: 'c', describe: 'Connections kept busy; 64 or more when left out' },
  preset: { ...text, describe: `How much is measured: ${names(presets)}; ${defaultPreset} when left out` },
  budget: { ...text, describe: 'Time to settle the verdicts in, such as 5m, instead of what the preset says' },
  rounds: {
    ...number,
    describe: 'Trials of each cell, a fixed number instead of measuring until verdicts are settled',
  },
  margin: { ...text, describe: 'Differences up to this do not matter; 3% when left out' },
  duration: { ...text, describe: 'Measured window of a trial, such as 5s, instead of what the preset says' },
  rate: {
    ...list,
    describe: 'Offered in an open loop: 200 (a second), 50% (of the slowest ranked model), or none for capacity only',
  },
  arrivals: { ...text, describe: 'Schedule of an open loop: poisson or constant; poisson when left out' },
  'connection-mode': { ...list, describe: 'keep-alive or per-request, or both; keep-alive when left out' },
  sweep: { type: 'boolean', describe: 'Offer each model a range of rates around its capacity' } as const,
  slo: { ...text, describe: 'Find the highest rate within a limit, such as p99=100ms or light.p99=20ms,errors=0.1%' },
  hdr: { type: 'boolean', describe: 'Write .hgrm files for HdrHistogram plotters' } as const,
  seed: { ...number, describe: 'Seed of the order of trials; the time when left out' },
  generators: { ...number, describe: 'Processes that generate the load; one per reserved CPU when left out' },
  isolate: {
    ...number,
    describe: 'CPUs reserved for load generation, 0 for none; a quarter of four or more when left out',
  },
  retries: { ...number, describe: 'How often a failed trial is tried again; 2 when left out' },
  out: { ...text, describe: 'New folder for the results; fourways-runs/<time> when left out' },
  resume: { ...text, describe: 'Folder of a run that was stopped: go on with its plan, and with nothing else given' },
  ...requirements,
  format,
};

export const reportOptions = {
  out: {
    ...text,
    describe:
      'New folder for the report; beside the run file when left out, of several runs fourways-runs/<time>-report',
  },
  chart: { ...list, describe: `Write the images of these charts alone: ${names({ ...overviews, ...charts })}` },
  title: { ...text, describe: 'Title of the images, instead of what each chart shows' },
  subtitle: { ...text, describe: 'What stands below it, instead of the question of the scenario' },
  theme: { ...text, describe: 'Of the images: light or dark; light when left out' },
  width: { ...text, describe: 'Of the images, in pixels, or 16:9 for a slide; 960 when left out' },
  open: { type: 'boolean', describe: 'Open the page, or the image, in the viewer of the system' },
  hdr: runOptions.hdr,
  salvage: { type: 'boolean', default: false, describe: 'Leave out a last line that was cut off' },
  ...requirements,
  format,
} as const;

export const compareOptions = {
  margin: runOptions.margin,
  control: {
    ...list,
    describe: 'Cells that the change cannot have touched; found by themselves, or none for no control',
  },
  force: { type: 'boolean', default: false, describe: 'Compare also what was not measured alike' },
  strict: { type: 'boolean', default: false, describe: 'Exit code 3 when anything is inconclusive or invalid' },
  salvage: reportOptions.salvage,
  format: {
    choices: CHANGE_FORMATS,
    default: 'text' as const,
    describe: format.describe,
  },
} as const;

export const listOptions = {
  format: { choices: ['text', 'json'] as const, default: 'text' as const, describe: 'Format of what is printed' },
};

export const serveOptions = {
  workers: runOptions.workers,
  port: { ...number, default: 0, describe: 'Port on 127.0.0.1; a free one when left out' },
};

export const doctorOptions = {
  noise: {
    type: 'boolean',
    describe: 'Measure a model against itself: the smallest change that fourways ab can find here',
  } as const,
  budget: { ...text, describe: 'With --noise: time for all of it, such as 2m; 60s when left out' },
  scenario: { ...text, alias: 's', describe: 'With --noise: as for run, one; cpu:ms=2 when left out' },
  model: { ...text, alias: 'm', describe: `With --noise: ${names(models)}; single when left out` },
  margin: { ...text, describe: 'With --noise: differences up to this do not matter; 3% when left out' },
  seed: { ...number, describe: 'Seed of the order in which servers are measured; the time when left out' },
  format: listOptions.format,
};

export const abOptions = {
  scenario: {
    ...list,
    alias: 's',
    describe:
      'Between folders: a scenario file in each, such as ./bench/scenario.js. Between Node.js binaries: as for run',
  },
  model: { ...list, alias: 'm', describe: `Model: ${names(models)}; single when left out` },
  workers: runOptions.workers,
  connections: { ...number, alias: 'c', describe: 'Connections kept busy; 16 for each worker when left out' },
  duet: {
    type: 'boolean',
    describe:
      'Measure both at the same time on the same CPUs, as is done anyway where they can have one CPU to themselves; --duet=false: one after the other',
  } as const,
  budget: { ...text, describe: 'Time to settle the verdicts in, such as 2m; 60s when left out' },
  rounds: {
    ...number,
    describe: 'Trials of each cell and side, a fixed number instead of measuring until all is settled',
  },
  margin: runOptions.margin,
  duration: { ...text, describe: 'Measured window of a trial, such as 2s; 800ms when left out' },
  'connection-mode': runOptions['connection-mode'],
  seed: runOptions.seed,
  generators: { ...number, describe: 'Processes that generate the load of a side; one when left out' },
  isolate: {
    ...number,
    describe: 'CPUs reserved for load generators; all but one for a single process when left out, 0 for none',
  },
  retries: runOptions.retries,
  strict: { type: 'boolean', describe: 'Exit 3 when something is left open' } as const,
  out: { ...text, describe: 'New folder for the results; fourways-runs/<time>-ab when left out' },
  format: { ...format, choices: CHANGE_FORMATS },
};
