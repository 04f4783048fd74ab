/** Builds the parser from the registry of commands. */
import yargs, { type Argv } from 'yargs';
import { UserError } from '../errors.ts';
import { packageVersion } from '../version.ts';
import type { Command, Flags, Io } from './command.ts';
import { parserMistake, refuseRepeats } from './mistakes.ts';

/** By name. The one that is called returns its exit code to `ends`; a mistake in the words becomes a UserError. */
export function commandLine(
  commands: Readonly<Record<string, Command>>,
  argv: readonly string[],
  io: Io,
  ends: (code: number) => void,
): Argv {
  const known = {
    commands: Object.keys(commands),
    flags: [...new Set(['help', 'version', ...Object.values(commands).flatMap(({ flags }) => Object.keys(flags))])],
  };
  const parser = yargs()
    .parserConfiguration({ 'boolean-negation': false, 'dot-notation': false })
    .scriptName('fourways')
    .locale('en')
    .usage('$0 <command>\n\nWhich concurrency model should this Node.js service use?');
  for (const [name, command] of Object.entries(commands)) {
    parser.command(
      usageOf(name, command),
      command.summary,
      (own: Argv, isHelp = false) => declare(own, command, { argv, isHelp }),
      async (args) => ends(await command.run(args, io)),
    );
  }
  return parser
    .example('$0 run --preset quick', 'measure, in two to three minutes')
    .example('$0 list', 'what can be measured')
    .demandCommand(1, 'missing command; see fourways --help')
    .strict()
    .version(packageVersion())
    .help()
    .wrap(100)
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message, error) => {
      throw error instanceof Error && message !== error.message
        ? error
        : new UserError(parserMistake(message, argv, known));
    });
}

/** As in `ab <base> <head>`. */
function usageOf(name: string, { positionals }: Command): string {
  const words = Object.entries(positionals).map(([word, { array }]) => (array === true ? `<${word}..>` : `<${word}>`));
  return [name, ...words].join(' ');
}

function declare(
  parser: Argv,
  { positionals, flags, examples, epilogue = '' }: Command,
  { argv, isHelp }: { readonly argv: readonly string[]; readonly isHelp: boolean },
): Argv {
  for (const [word, options] of Object.entries(positionals)) parser.positional(word, options);
  if (!isHelp) parser.hide('help').hide('version');
  if (isHelp) for (const [command, purpose] of examples) parser.example(`$0 ${command}`, purpose);
  return parser
    .options(isHelp ? flags : withoutHelp(flags))
    .epilogue(epilogue)
    .check(() => {
      refuseRepeats(argv, flags);
      return true;
    });
}

/** yargs lays out the help of a command whenever it is called, asked for or not: half of the time of a short command. */
function withoutHelp(flags: Flags): Flags {
  return Object.fromEntries(Object.entries(flags).map(([name, options]) => [name, { ...options, hidden: true }]));
}
