/** Mistakes in a command line, each as one line that says what to do. */
import { UserError } from '../errors.ts';

import { nearestName } from '../plan/options/values.ts';
import type { Flags } from './command.ts';

/**
 * Refuses a flag that was given twice, unless it makes a list. Looks at the words as they were written, because the parser
 * adds a repeated 1 to the number before it: `-w 2 -w 1` would be three workers. Throws UserError.
 */
export function refuseRepeats(words: readonly string[], flags: Flags): void {
  const times = new Map<string, number>();
  for (const word of words) {
    if (word === '--') break;
    const [, dashes, written] = /^(--?)([A-Za-z][\w-]*)/.exec(word) ?? [];
    if (written === undefined) continue;
    // `-w2` is `-w 2`.
    const short = written.charAt(0);
    const name = dashes === '--' ? written : (Object.keys(flags).find((one) => flags[one]?.alias === short) ?? short);
    times.set(name, (times.get(name) ?? 0) + 1);
  }
  for (const [name, count] of times) {
    if (count > 1 && flags[name]?.array !== true) {
      throw new UserError(`--${name} was given ${count} times; give it once`);
    }
  }
}

/** All names, to distinguish a flag of another command from one that does not exist. */
interface Known {
  readonly commands: readonly string[];
  /** Of all commands. */
  readonly flags: readonly string[];
}

/** The parser's message in the words of fourways, with what to do. `argv` is what was written. */
export function parserMistake(message: string, argv: readonly string[], { commands, flags }: Known): string {
  const [command = ''] = argv;
  const help = `see fourways ${command} --help`;
  const missing = /^Not enough non-option arguments: got (\d+), need at least (\d+)$/.exec(message);
  if (missing !== null) {
    const [, got, needed] = missing;
    return `fourways ${command} needs ${needed} argument${needed === '1' ? '' : 's'}, got ${got}; ${help}`;
  }
  const bare = /^Not enough arguments following: (\S+)$/.exec(message)?.[1];
  if (bare !== undefined) return `${bare.length === 1 ? '-' : '--'}${bare} needs a value; ${help}`;
  const unknown = /^Unknown (?:argument|command)s?: (.*)$/.exec(message)?.[1]?.split(', ')[0];
  if (unknown === undefined) return message.replace(/\s*\n\s*/g, ' ').trim();
  // The parser drops the dashes, so only what was written distinguishes a flag from a word.
  const flag = argv.find((word) => word.startsWith('-') && word.replace(/^--?(?:no-)?/, '').split('=')[0] === unknown);
  if (flag !== undefined) {
    if (flags.includes(unknown)) return `--${unknown} is not a flag of fourways ${command}; ${help}`;
    const nearest = nearestName(unknown, flags);
    return `unknown flag ${flag.split('=')[0]}${nearest === null ? `; ${help}` : `. Did you mean '--${nearest}'?`}`;
  }
  if (commands.includes(command)) return `unexpected argument '${unknown}'; ${help}`;
  return `unknown command '${unknown}'; commands: ${commands.join(', ')}`;
}
