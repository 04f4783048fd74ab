import { didYouMean } from '../plan/options/values.ts';

/** The parser's message, with a way out where it knows only what is wrong. `flags` are those of all commands. */
export function plainMessage(message: string, argv: readonly string[], flags: readonly string[]): string {
  const unknown = /^Unknown (?:argument|command)s?: (.*)$/.exec(message)?.[1]?.split(', ')[0];
  const missing = /^Not enough non-option arguments: got (\d+), need at least (\d+)$/.exec(message);
  if (missing !== null) {
    const names = missing[2] === '1' ? 'a name' : `${missing[2]} names`;
    return `fourways ${argv[0]} needs ${names} after it and got ${missing[1]}; see fourways ${argv[0]} --help`;
  }
  const bare = /^Not enough arguments following: (\S+)$/.exec(message)?.[1];
  if (bare !== undefined) {
    return `${bare.length === 1 ? '-' : '--'}${bare} needs a value after it; see fourways ${argv[0]} --help`;
  }
  if (unknown === undefined) return message.replace(/\s*\n\s*/g, ' ').trim();
  // The parser drops the dashes, so what was written tells a flag from a word.
  const flag = argv.find((word) => word.startsWith('-') && word.replace(/^--?(?:no-)?/, '').split('=')[0] === unknown);
  if (flag === undefined) {
    return `'${unknown}' is not understood here; commands are run, ab, report, compare, list, serve and doctor, see fourways --help`;
  }
  if (flags.includes(unknown)) return `--${unknown} is not a flag of this command; see fourways ${argv[0]} --help`;
  return `${flag.split('=')[0]}: there is no such flag.${didYouMean(unknown, flags)}`;
}
