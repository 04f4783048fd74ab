/** The words that the command line understands. Each command is loaded when it is called, to keep `--help` quick. */
import yargs, { type Argv } from 'yargs';
import { models } from '../../servers/index.ts';
import type { Io } from '../commands/io.ts';
import type { Examining } from '../doctor/examining.ts';
import { UserError } from '../errors.ts';
import type { Measuring } from '../measure/measuring.ts';
import { packageVersion } from '../version.ts';
import {
  abOptions,
  compareOptions,
  doctorOptions,
  listOptions,
  names,
  positionals,
  reportOptions,
  runOptions,
  serveOptions,
} from './flags.ts';
import { refuseBesideResume, refuseRepeats } from './given-flags.ts';
import { splitLists } from './lists.ts';
import { plainMessage } from './parser-message.ts';

/** What a test may put in the place of the real thing. */
export interface Substitutes {
  readonly measuring?: () => Measuring;
  readonly examining?: () => Examining;
  readonly open?: (path: string) => Promise<void>;
}

const aliases = Object.fromEntries(
  Object.entries(runOptions).flatMap(([name, option]) => ('alias' in option ? [[option.alias, name]] : [])),
);

const options = [runOptions, abOptions, reportOptions, compareOptions, listOptions, serveOptions, doctorOptions];
const flags = [...new Set(['help', 'version', ...options.flatMap(Object.keys)])];

/** Builds the parser. Each command's exit code goes to `ends`; a mistake in the words becomes a UserError. */
export function commandLine(
  argv: readonly string[],
  io: Io,
  substitutes: Substitutes,
  ends: (code: number) => void,
): Argv {
  const noRepeats = (): boolean => {
    refuseRepeats(argv, ['scenario', 'model', 'rate', 'connection-mode', 'require', 'control', 'chart'], aliases);
    return true;
  };
  const resumesAlone = (parsed: Readonly<Record<string, unknown>>): boolean => {
    refuseBesideResume(parsed, Object.keys(runOptions), ['resume', 'format', 'hdr', 'require', 'strict']);
    return true;
  };
  return yargs()
    .parserConfiguration({ 'boolean-negation': false, 'dot-notation': false })
    .scriptName('fourways')
    .locale('en')
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
          .example('$0 run -s mixed --slo light.p99=20ms', 'the highest rate within a limit')
          .example("$0 run -s cpu --require 'cpu/* p99<50ms'", 'exit code 1 when that does not hold')
          .example('$0 run --resume fourways-runs/2026-11-21T07-03-12', 'go on with a run that was stopped')
          .check(noRepeats)
          .check(resumesAlone),
      async ({ scenario, model, rate, 'connection-mode': connectionMode, ...rest }) => {
        const { runCommand } = await import('../commands/actions/run.ts');
        const measuring = substitutes.measuring ?? (await import('../measure/measuring.ts')).measureHere;
        const lists = {
          scenario: splitLists(scenario),
          model: splitLists(model),
          rate: splitLists(rate),
          connectionMode: splitLists(connectionMode),
        };
        ends(await runCommand({ ...rest, ...lists }, io, measuring));
      },
    )
    .command(
      'ab <base> <head>',
      'Measure two checkouts, scenario files or Node.js binaries together: is head worse?',
      (command) =>
        command
          .positional('base', positionals.base)
          .positional('head', positionals.head)
          .options(abOptions)
          .example('$0 ab ../main . -s ./bench/scenario.js', 'the same scenario from two checkouts')
          .example('$0 ab ./before.js ./after.js --budget 2m', 'two versions of a handler')
          .epilogue('Exit code 0 when nothing is shown to be worse, 1 when something is. docs/gates.md tells more.')
          .check(noRepeats),
      async ({ scenario, model, 'connection-mode': connectionMode, ...rest }) => {
        const { abCommand } = await import('../commands/actions/ab.ts');
        const measuring = substitutes.measuring ?? (await import('../measure/measuring.ts')).measureHere;
        const lists = {
          scenario: splitLists(scenario),
          model: splitLists(model),
          connectionMode: splitLists(connectionMode),
        };
        ends(await abCommand({ ...rest, ...lists }, io, measuring));
      },
    )
    .command(
      'report <run..>',
      'Draw a report again from its run file, or several runs side by side',
      (command) =>
        command
          .positional('run', positionals.runs)
          .options(reportOptions)
          .example('$0 report fourways-runs/2026-11-21T07-03-12', 'draw that run again')
          .example('$0 report before=runs/1 after=runs/2 --open', 'two runs side by side')
          .example('$0 report runs/1 --chart throughput --width 16:9', 'one chart for a slide')
          .check(noRepeats),
      async ({ chart, ...rest }) => {
        const { reportCommand } = await import('../commands/actions/report.ts');
        const open = substitutes.open ?? (await import('../commands/actions/open-file.ts')).openHere;
        ends(await reportCommand({ ...rest, chart: splitLists(chart) }, io, open));
      },
    )
    .command(
      'compare <base> <head>',
      'Did a change between two runs make anything slower? A verdict per cell',
      (command) =>
        command
          .positional('base', positionals.baseRun)
          .positional('head', positionals.headRun)
          .options(compareOptions)
          .example('$0 compare runs/main runs/branch --format markdown', 'for a comment on a pull request')
          .epilogue(
            'Exit code 1 when anything is worse, 3 when nothing can be said. docs/gates.md tells how to use it.',
          )
          .check(noRepeats),
      async ({ control, ...rest }) => {
        const { compareCommand } = await import('../commands/actions/compare.ts');
        ends(await compareCommand({ ...rest, control: splitLists(control) }, io));
      },
    )
    .command(
      'list',
      'Show scenarios, models and charts',
      (command) => command.options(listOptions).check(noRepeats),
      async (options) => ends(await (await import('../commands/list.ts')).listCommand(options, io)),
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
      async (options) => ends(await (await import('../commands/actions/serve.ts')).serveCommand(options, io)),
    )
    .command(
      'doctor',
      'Is this machine fit to measure, and is what is measured true? Takes two minutes',
      (command) =>
        command
          .options(doctorOptions)
          .example('$0 doctor --noise --budget 2m', 'how small a change can fourways ab find here?')
          .epilogue(
            'Exit code 0 when the machine is fit, 3 when it is not; with --noise 3 when equal sides are told apart. docs/doctor.md tells what each check means.',
          )
          .check(() => {
            refuseRepeats(argv, [], aliases);
            return true;
          }),
      async ({ noise, ...options }) => {
        if (noise === true) {
          const { doctorNoiseCommand } = await import('../commands/actions/noise.ts');
          const measuring = substitutes.measuring ?? (await import('../measure/measuring.ts')).measureHere;
          return ends(await doctorNoiseCommand(options, io, measuring));
        }
        const { doctorCommand } = await import('../commands/actions/doctor.ts');
        const examining = substitutes.examining ?? (await import('../doctor/examining.ts')).examineHere;
        ends(await doctorCommand(options, io, examining));
      },
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
      throw error instanceof Error && message !== error.message
        ? error
        : new UserError(plainMessage(message, argv, flags));
    });
}
