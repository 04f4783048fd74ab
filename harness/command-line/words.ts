/** The words of a command line as flags and arguments, by what a command declares. */
import { parseArgs } from 'node:util';
import type { Command } from './command.ts';

/** One flag or argument as it was written. */
export type Word =
  | {
      readonly kind: 'flag';
      /** The name of the flag; as it was written when the command has no such flag. */
      readonly name: string;
      readonly written: string;
      /** null when there is none. */
      readonly value: string | null;
      /** Whether the value stands in the same word, as in `--format=json`. */
      readonly isInline: boolean;
    }
  | { readonly kind: 'argument'; readonly text: string; readonly isBehindDashes: boolean };

/** Flags of every command. */
const SHORT: Readonly<Record<string, string>> = { help: 'h', version: 'v' };

/** Reads what follows the name of the command. What is wrong with it is left to whoever asks. */
export function wordsOf(words: readonly string[], { flags }: Pick<Command, 'flags'>): readonly Word[] {
  const options = Object.fromEntries([
    ...Object.entries(SHORT).map(([name, short]) => [name, { type: 'boolean', short }] as const),
    ...Object.entries(flags).map(([name, { type, alias }]) => {
      const kind = type === 'boolean' ? 'boolean' : 'string';
      return [name, { type: kind, ...(typeof alias === 'string' ? { short: alias } : {}) }] as const;
    }),
  ]);
  const { tokens } = parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true });
  const end = tokens.find(({ kind }) => kind === 'option-terminator')?.index ?? Number.POSITIVE_INFINITY;
  return tokens.flatMap((token): readonly Word[] => {
    if (token.kind === 'option-terminator') return [];
    if (token.kind === 'positional')
      return [{ kind: 'argument', text: token.value, isBehindDashes: token.index > end }];
    const { name, rawName, value = null, inlineValue: isInline = false } = token;
    const whole = words[token.index] ?? rawName;
    // `-preset quick` is one name with a dash too few, and not seven flags of one letter.
    const long = /^-([a-z][\w-]+)/i.exec(whole)?.[1];
    if (long !== undefined && (Object.hasOwn(options, long) || !Object.hasOwn(options, name))) {
      return [{ kind: 'flag', name: `-${long}`, written: `-${long}`, value: null, isInline: false }];
    }
    // `-w=2` is `-w 2`.
    const own = rawName.startsWith('--') || !isInline ? value : (value?.replace(/^=/, '') ?? null);
    return [{ kind: 'flag', name, written: rawName, value: own, isInline }];
  });
}
