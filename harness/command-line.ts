/** The words that the command line understands. Each command is loaded when it is called, to keep `--help` quick. */
import yargs, { type Argv } from 'yargs';
import { scenarios } from '../scenarios/index.ts';
import { models } from '../servers/index.ts';
import { UserError } from './errors.ts';
import type { Io } from './io.ts';
import type { Measuring } from './measure/measuring.ts';
import { splitLists } from './plan/lists.ts';
import { hint } from './plan/nearest.ts';
import { defaultPreset, presets } from './plan/presets.ts';
import { packageVersion } from './version.ts';

/** What a test may put in the place of the real thing. */
export interface Substitutes {
  readonly measuring?: () => Measuring;
}

const list = { type: 'string', array: true, nargs: 1 } as const;
const number = { type: 'number', requiresArg: true } as const;
const text = { type: 'string', requiresArg: true } as const;
const names = (registry: object): string => Object.keys(registry).join(', ');

const format = {
  choices: ['text', 'json', 'markdown'] as const,
  default: 'text' as const,
  describe: 'Format of what is printed on stdout',
};

const runOptions = {
  scenario: {
    ...list,
    alias: 's',
    describe: `Workload: ${names(scenarios)}, or a file of yours; settings as cpu:ms=2`,
  },
  model: { ...list, alias: 'm', describe: `Model: ${names(models)}; all when left out` },
  workers: { ...number, alias: 'w', describe: 'Workers of each model but single; the available CPUs when left out' },
  connections: { ...number, alias: 'c', describe: 'Connections kept busy; 64 or more when left out' },
  preset: { ...text, default: defaultPreset, describe: `How much is measured: ${names(presets)}` },
  rounds: { ...number, describe: 'Trials of each cell, instead of what the preset says' },
  duration: { ...text, describe: 'Measured window of a trial, such as 5s, instead of what the preset says' },
  seed: { ...number, describe: 'Seed of the order of trials; the time when left out' },
  out: { ...text, describe: 'New folder for the results; fourways-runs/<time> when left out' },
  format,
};

const reportOptions = {
  out: { ...text, describe: 'Folder for the report; beside the run file when left out' },
  salvage: { type: 'boolean', default: false, describe: 'Leave out a last line that was cut off' },
  format,
} as const;

const listOptions = {
  format: { choices: ['text', 'json'] as const, default: 'text' as const, describe: 'Format of what is printed' },
};

const serveOptions = {
  workers: runOptions.workers,
  port: { ...number, default: 0, describe: 'Port on 127.0.0.1; a free one when left out' },
};

const flags = [
  ...new Set(['help', 'version', ...[runOptions, reportOptions, listOptions, serveOptions].flatMap(Object.keys)]),
];

/** Builds the parser. Each command's exit code goes to `ends`; a mistake in the words becomes a UserError. */
export function commandLine(
  argv: readonly string[],
  io: Io,
  substitutes: Substitutes,
  ends: (code: number) => void,
): Argv {
  return yargs()
    .parserConfiguration({ 'boolean-negation': false, 'dot-notation': false })
    .scriptName('fourways')
    .usage('$0 <command>\n\nWhich concurrency model should this Node.js service use?')
    .command(
      'run',
      'Measure scenarios under models, and write a report',
      (command) =>
        command
          .options(runOptions)
          .example('$0 run --preset quick', 'a first look, in under two minutes')
          .example('$0 run -s cpu:ms=2 -m cluster,worker-threads', 'two models, 2 ms of CPU a request')
          .example('$0 run -s ./my-workload.js -w 4', 'your own handler')
          .check(noRepeats),
      async ({ scenario, model, ...rest }) => {
        const { runCommand } = await import('./commands/run.ts');
        const measuring = substitutes.measuring ?? (await import('./measure/measuring.ts')).measureHere;
        ends(await runCommand({ ...rest, scenario: splitLists(scenario), model: splitLists(model) }, io, measuring));
      },
    )
    .command(
      'report <run>',
      'Draw the report again from a run file',
      (command) =>
        command
          .positional('run', { type: 'string', demandOption: true, describe: 'Folder of a run, or its run.ndjson' })
          .options(reportOptions)
          .example('$0 report fourways-runs/2026-11-21T07-03-12', 'draw that run again')
          .check(noRepeats),
      async (options) => ends(await (await import('./commands/report.ts')).reportCommand(options, io)),
    )
    .command(
      'list',
      'Show scenarios, models and charts',
      (command) => command.options(listOptions).check(noRepeats),
      async (options) => ends(await (await import('./commands/list.ts')).listCommand(options, io)),
    )
    .command(
      'serve <model> <scenario>',
      'Start one server to try with curl',
      (command) =>
        command
          .positional('model', { type: 'string', demandOption: true, describe: names(models) })
          .positional('scenario', { type: 'string', demandOption: true, describe: 'As for run --scenario' })
          .options(serveOptions)
          .example('$0 serve cluster cpu:ms=2 --port 8080', 'then: curl http://127.0.0.1:8080/')
          .check(noRepeats),
      async (options) => ends(await (await import('./commands/serve.ts')).serveCommand(options, io)),
    )
    .example('$0 run --preset quick', 'measure, in under two minutes')
    .example('$0 list', 'what can be measured')
    .demandCommand(1, 'name a command; fourways --help shows them')
    .strict()
    .version(packageVersion())
    .help()
    .wrap(100)
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message, error) => {
      throw error instanceof Error && message !== error.message ? error : new UserError(plain(message, argv));
    });
}

/** yargs makes a list of a flag that is given twice; only lists may be. */
function noRepeats(parsed: Readonly<Record<string, unknown>>): boolean {
  for (const [name, value] of Object.entries(parsed)) {
    if (Array.isArray(value) && !['_', 'scenario', 's', 'model', 'm'].includes(name)) {
      throw new UserError(`--${name} is given ${value.length} times; give it once`);
    }
  }
  return true;
}

/** The parser's message, with a way out where it knows only what is wrong. */
function plain(message: string, argv: readonly string[]): string {
  const unknown = /^Unknown (?:argument|command)s?: (.*)$/.exec(message)?.[1]?.split(', ')[0];
  const missing = /^Not enough non-option arguments: got (\d+), need at least (\d+)$/.exec(message);
  if (missing !== null)
    return `fourways ${argv[0]} needs ${missing[2]} names after it and got ${missing[1]}; see fourways ${argv[0]} --help`;
  if (unknown === undefined) return message.replace(/\s*\n\s*/g, ' ').trim();
  // The parser drops the dashes, so what was written tells a flag from a word.
  const flag = argv.find((word) => word.startsWith('-') && word.replace(/^--?(?:no-)?/, '').split('=')[0] === unknown);
  if (flag === undefined) {
    return `'${unknown}' is not understood here; commands are run, report, list and serve, see fourways --help`;
  }
  if (flags.includes(unknown)) return `--${unknown} is not a flag of this command; see fourways ${argv[0]} --help`;
  return `${flag.split('=')[0]}: there is no such flag.${hint(unknown, flags)}`;
}
