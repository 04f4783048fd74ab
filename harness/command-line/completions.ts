/** What a shell offers while a command line is written. */
import type { Command, Flags } from './command.ts';
import { BUILT_IN } from './mistakes.ts';
import { wordsOf } from './words.ts';

/** The words that may stand in place of the last one, which may be empty or half written. `fourways` itself is left out. */
export function completionsOf(
  written: readonly string[],
  commands: Readonly<Record<string, Command>>,
): readonly string[] {
  // bash takes `--format=js` for three words.
  const words = written.filter((word) => word !== '=');
  const current = words.at(-1) ?? '';
  const [name = ''] = words;
  const starting = (candidates: readonly string[]): readonly string[] =>
    candidates.filter((candidate) => candidate.startsWith(current));
  if (words.length <= 1) return starting([...Object.keys(commands), ...BUILT_IN]);
  if (name === 'help') return starting(Object.keys(commands));
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) return [];
  const { flags, positionals } = command;
  const before = wordsOf(words.slice(1, -1), command);
  const [, inline] = /^(--[a-z-]+=)/.exec(current) ?? [];
  if (inline !== undefined) return starting(valuesOf(inline.slice(2, -1), current.slice(inline.length), flags, inline));
  const last = before.at(-1);
  if (last?.kind === 'flag' && last.value === null && takesValue(last.name, flags)) {
    return starting(valuesOf(last.name, current, flags));
  }
  const nth = before.filter(({ kind }) => kind === 'argument').length;
  const argument = Object.values(positionals)[nth];
  const isFull = argument === undefined && Object.values(positionals).at(-1)?.array !== true;
  if (current.startsWith('-') || (current === '' && isFull)) {
    const given = new Set(before.flatMap((word) => (word.kind === 'flag' ? [word.name] : [])));
    const open = Object.keys(flags).filter((flag) => flags[flag]?.array === true || !given.has(flag));
    return starting([...open, 'help'].map((flag) => `--${flag}`));
  }
  return starting(argument?.values ?? []);
}

function takesValue(name: string, flags: Flags): boolean {
  return Object.hasOwn(flags, name) && flags[name]?.type !== 'boolean';
}

/** Values of a flag; in a list behind the names that are there already. */
function valuesOf(name: string, current: string, flags: Flags, prefix = ''): readonly string[] {
  const { values = [], array = false } = (Object.hasOwn(flags, name) ? flags[name] : undefined) ?? {};
  const done = array ? current.slice(0, current.lastIndexOf(',') + 1) : '';
  const taken = done.split(',');
  return values.filter((value) => !taken.includes(value)).map((value) => `${prefix}${done}${value}`);
}
