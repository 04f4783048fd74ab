/** Builds the parser from the registry of commands. */
import yargs, { type Argv } from 'yargs';
import { UserError } from '../errors.ts';
import { packageVersion } from '../version.ts';
import type { Command, Flags, Io, Stream } from './command.ts';
import { completionsOf } from './completions.ts';
import { checkedWords } from './mistakes.ts';

/** What the script that `fourways completion` prints calls. */
const COMPLETES = '--get-yargs-completions';
/** In characters: into a pipe, and the limits of a terminal. Longer lines of prose are hard to follow. */
const [PIPE, NARROWEST, WIDEST] = [80, 40, 120] as const;

/** What yargs adds to arguments and to `--help`, and their form says already. */
const NOTES = /\s+(?:\[(?:array|required|boolean|default: \[\])\] ?)+$/gm;

/** Runs the command that the words name, which passes its exit code to `ends`. A mistake in the words is a UserError. */
export async function runWords(
  words: readonly string[],
  commands: Readonly<Record<string, Command>>,
  io: Io,
  ends: (code: number) => void,
): Promise<void> {
  const [first, , ...rest] = words;
  if (first === COMPLETES) {
    io.out.write(
      completionsOf(rest, commands)
        .map((word) => `${word}\n`)
        .join(''),
    );
    return;
  }
  const checked = checkedWords(words, commands);
  const parser = parserOf(commands, { ...io, words: checked }, ends);
  await parser.parseAsync([...checked], {}, (_error: unknown, _argv: unknown, output: string) => {
    // Help, version and the completion script come this way, and nothing else does.
    if (output !== '') io.out.write(`${output.replace(NOTES, '')}\n`);
  });
}

function parserOf(commands: Readonly<Record<string, Command>>, io: Io, ends: (code: number) => void): Argv {
  const parser = yargs()
    .parserConfiguration({ 'boolean-negation': false, 'dot-notation': false })
    .scriptName('fourways')
    .locale('en')
    .updateStrings({ 'Positionals:': 'Arguments:' })
    .usage('$0 <command>\n\nWhich concurrency model should this Node.js service use?');
  for (const [name, command] of Object.entries(commands)) {
    parser.command(
      usageOf(name, command),
      command.summary,
      (own: Argv, isHelp = false) => declare(own, command, isHelp),
      async (args) => ends(await command.run(args, io)),
    );
  }
  return parser
    .completion('completion', 'Print a completion script for bash or zsh')
    .command('help [command]', 'Show the flags of a command')
    .command('version', 'Show version number')
    .example('$0 run --preset quick', 'measures, in two to three minutes')
    .example('$0 help run', 'every flag of run')
    .example('$0 list', 'everything that can be named')
    .version(packageVersion())
    .alias({ help: 'h', version: 'v' })
    .wrap(widthOf(io.out))
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message, error) => {
      throw error instanceof Error && message !== error.message ? error : new UserError(message);
    });
}

function widthOf({ isTTY, columns = PIPE }: Stream): number {
  return isTTY === true ? Math.min(Math.max(columns, NARROWEST), WIDEST) : PIPE;
}

/** As in `ab <base> <head>`, or `serve <model> [scenario]`. */
function usageOf(name: string, { positionals }: Command): string {
  const words = Object.entries(positionals).map(([word, { array, demandOption }]) => {
    const inside = array === true ? `${word}..` : word;
    return demandOption === true ? `<${inside}>` : `[${inside}]`;
  });
  return [name, ...words].join(' ');
}

function declare(parser: Argv, { positionals, flags, examples, epilogue = '' }: Command, isHelp: boolean): Argv {
  for (const [word, { describe = '', ...options }] of Object.entries(positionals)) {
    parser.positional(word, isHelp ? { describe } : { describe, ...options });
  }
  parser.hide('help').hide('version');
  if (isHelp) {
    // In columns, yargs breaks a command that is longer than half a line, and nobody can copy it.
    for (const [command, purpose] of examples) parser.example(`# ${purpose}`, '').example(`$0 ${command}`, '');
  }
  return parser.options(isHelp ? asHelp(flags) : withoutHelp(flags)).epilogue(epilogue);
}

/** `--duration <time>`: the value is part of the name, and the description has the default. */
function asHelp(flags: Flags): Flags {
  return Object.fromEntries(
    Object.entries(flags).map(([name, { takes, alias, group, describe }]) => [
      takes === undefined ? name : `${name} ${takes}`,
      { group, ...(alias === undefined ? {} : { alias }), ...(describe === undefined ? {} : { describe }) },
    ]),
  );
}

/** yargs lays out the help of a command whenever it is called, asked for or not: half of the time of a short command. */
function withoutHelp(flags: Flags): Flags {
  return Object.fromEntries(Object.entries(flags).map(([name, options]) => [name, { ...options, hidden: true }]));
}
