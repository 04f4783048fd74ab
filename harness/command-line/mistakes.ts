/** Mistakes in a command line, each as one line that names the flag and what was typed, and says what to do. */
import { UserError } from '../errors.ts';
import { didYouMean, nearestName } from '../plan/options/values.ts';
import type { Command, Flag, Flags } from './command.ts';
import { type Word, wordsOf } from './words.ts';

type Commands = Readonly<Record<string, Command>>;
type WrittenFlag = Extract<Word, { kind: 'flag' }>;

/** Commands without a file of their own. */
export const BUILT_IN = ['help', 'version', 'completion'] as const;

/**
 * The command line in one form, `run --workers=2 --strict=true`, which the parser reads in one way only. Its own rules let
 * `--strict=yes` be no, an empty value be 0 and a repeated 1 be added to the number before it. Throws UserError.
 */
export function checkedWords(words: readonly string[], commands: Commands): readonly string[] {
  const [name = 'help', ...rest] = words;
  if (/^(?:help|--help|-h)$/.test(name)) return [...helped(rest, commands), '--help'];
  if (/^(?:version|--version|-v)$/.test(name)) return ['--version'];
  if (name.startsWith('-')) {
    throw new UserError(`${name} stands where a command belongs; write the command first, as in fourways run ${name}`);
  }
  const command = commandNamed(name, commands);
  const found = wordsOf(rest, command);
  for (const flag of ['help', 'version']) {
    if (found.some((word) => word.kind === 'flag' && word.name === flag)) return [name, `--${flag}`];
  }
  const flags = found.flatMap((word, i) => (word.kind === 'flag' ? [valueIn(name, word, found[i + 1], commands)] : []));
  refuseRepeats(flags, command.flags);
  const args = argumentsIn(name, found, command);
  // The parser takes a pair of quotes off.
  const quoted = (value: string): string => value.replace(/^(["']).*\1$/s, '$1$&$1');
  return [name, ...args, ...flags.map(([flag, value]) => `--${flag}=${quoted(value)}`)];
}

/** `help run` is `run --help`. */
function helped([name]: readonly string[], commands: Commands): readonly string[] {
  if (name === undefined || name.startsWith('-') || BUILT_IN.some((one) => one === name)) return [];
  commandNamed(name, commands);
  return [name];
}

function commandNamed(name: string, commands: Commands): Command {
  const found = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (found !== undefined) return found;
  if (name === 'completion') return { summary: '', positionals: {}, flags: {}, examples: [], run: async () => 0 };
  throw new UserError(`unknown command '${name}'.${didYouMean(name, [...Object.keys(commands), ...BUILT_IN])}`);
}

/** The name of a flag, and its value as it was written. */
type Given = readonly [flag: string, value: string];

function valueIn(command: string, word: WrittenFlag, next: Word | undefined, commands: Commands): Given {
  const flags = commands[command]?.flags ?? {};
  const flag = Object.hasOwn(flags, word.name) ? flags[word.name] : undefined;
  if (flag === undefined) throw new UserError(unknownFlag(command, word, flags, commands));
  const { name, value } = word;
  if (flag.type === 'boolean') return [name, onOrOff(name, word, next)];
  // The next flag is no value, though it follows; a negative number is one.
  const isFlag = !word.isInline && value !== null && /^-(?!\.?\d)/.test(value);
  const see = `see fourways ${command} --help`;
  if (value === null || isFlag) throw new UserError(`--${name} needs a value; ${see}`);
  if (value.trim() === '') throw new UserError(`--${name} '${value}': the value is empty; ${see}`);
  if (flag.type === 'number') checkNumber(name, value);
  if (flag.choices !== undefined && !flag.choices.includes(value)) {
    throw new UserError(`--${name} ${value}: unknown value.${didYouMean(value, flag.choices.map(String))}`);
  }
  return [name, value];
}

function onOrOff(name: string, { value, isInline }: WrittenFlag, next: Word | undefined): string {
  const apart = next?.kind === 'argument' && /^(?:true|false)$/i.test(next.text) ? next.text : null;
  const written = isInline ? value : apart;
  if (written === null) return 'true';
  if (apart === null && /^(?:true|false)$/.test(written)) return written;
  throw new UserError(`--${name}${isInline ? '=' : ' '}${written}: write --${name}, or --${name}=false for no`);
}

/** Its range depends on the flag, and on the machine. */
function checkNumber(name: string, value: string): void {
  const isWhole = /^(?:0|-?[1-9]\d*)$/.test(value);
  if (isWhole && Number.isSafeInteger(Number(value))) return;
  throw new UserError(`--${name} ${value}: give a whole number${isWhole ? ' with fewer digits' : ''}`);
}

function unknownFlag(command: string, { name, written }: WrittenFlag, flags: Flags, commands: Commands): string {
  const see = `see fourways ${command} --help`;
  const meant = name.replace(/^-/, '');
  const positive = meant.replace(/^no-/, '');
  if (flags[positive]?.type === 'boolean' && positive !== meant) {
    return `unknown flag ${written}. Did you mean '--${positive}=false'?`;
  }
  const nearest = nearestName(meant, Object.keys(flags));
  const elsewhere = Object.keys(commands).find((other) => Object.hasOwn(commands[other]?.flags ?? {}, meant));
  if (elsewhere !== undefined && nearest !== meant) {
    return `${written} is not a flag of fourways ${command}, but of fourways ${elsewhere}; ${see}`;
  }
  return `unknown flag ${written}${nearest === null ? `; ${see}` : `. Did you mean '--${nearest}'?`}`;
}

/** Refuses a flag that was given twice, and a value that is twice in a list. */
function refuseRepeats(given: readonly Given[], flags: Flags): void {
  for (const name of new Set(given.map(([flag]) => flag))) {
    const values = given.filter(([flag]) => flag === name).map(([, value]) => value);
    const { array, coerce }: Partial<Flag> = flags[name] ?? {};
    if (array !== true) {
      if (values.length > 1) throw new UserError(`--${name} was given ${values.length} times; give it once`);
      continue;
    }
    const items: readonly string[] = coerce === undefined ? values : coerce(values);
    if (items.length === 0) throw new UserError(`--${name} ${values.join(' ')}: there is no name in it; give one`);
    const twice = items.find((item, i) => items.indexOf(item) < i);
    if (twice !== undefined) throw new UserError(`--${name} ${twice} was given twice; give each value once`);
  }
}

function argumentsIn(name: string, words: readonly Word[], { positionals, flags }: Command): readonly string[] {
  const see = `see fourways ${name} --help`;
  const given = words.flatMap((word) => (word.kind === 'argument' ? [word] : []));
  const behind = given.filter(({ isBehindDashes }) => isBehindDashes).map(({ text }) => text);
  if (behind.length > 0) {
    const own =
      'command' in flags ? `a command is given as --command 'mine=${behind.join(' ')}'` : 'nothing stands behind --';
    throw new UserError(`'-- ${behind.join(' ')}': ${own}; ${see}`);
  }
  const wanted = Object.entries(positionals);
  const mostly = wanted.at(-1)?.[1].array === true ? Number.POSITIVE_INFINITY : wanted.length;
  const extra = given[mostly]?.text;
  if (extra !== undefined) {
    const [flag] = Object.entries(flags).find(([, { values }]) => values?.includes(extra)) ?? [];
    throw new UserError(
      `unexpected argument '${extra}'${flag === undefined ? `; ${see}` : `. Did you mean '--${flag} ${extra}'?`}`,
    );
  }
  const missing = wanted
    .filter(([, { demandOption }], i) => demandOption === true && (given[i]?.text ?? '').trim() === '')
    .map(([word]) => `<${word}>`);
  if (missing.length > 0) throw new UserError(`fourways ${name} needs ${missing.join(' and ')}; ${see}`);
  const empty = given.find(({ text }) => text.trim() === '');
  if (empty !== undefined) throw new UserError(`fourways ${name}: an argument is empty; ${see}`);
  return given.map(({ text }) => text);
}
