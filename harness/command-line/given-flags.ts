/** Flags that may not be given as they are, whatever their values. */
import { UserError } from '../errors.ts';

/**
 * Refuses a flag that is given twice, unless it makes a list. Looks at the words as they were written, because the parser
 * adds a 1 that is given again to the number before it: `-w 2 -w 1` would be three workers. Throws UserError.
 */
export function refuseRepeats(
  words: readonly string[],
  lists: readonly string[],
  aliases: Readonly<Record<string, string>>,
): void {
  const times = new Map<string, number>();
  for (const word of words) {
    if (word === '--') break;
    const [, dashes, written] = /^(--?)([A-Za-z][\w-]*)/.exec(word) ?? [];
    if (written === undefined) continue;
    // `-w2` is `-w 2`.
    const short = written.charAt(0);
    const name = dashes === '--' ? written : (aliases[short] ?? short);
    times.set(name, (times.get(name) ?? 0) + 1);
  }
  for (const [name, count] of times) {
    if (count > 1 && !lists.includes(name)) throw new UserError(`--${name} is given ${count} times; give it once`);
  }
}

/** A resumed run has its plan already, so that only some flags may stand beside `--resume`. Throws UserError. */
export function refuseBesideResume(
  parsed: Readonly<Record<string, unknown>>,
  flags: readonly string[],
  allowed: readonly string[],
): void {
  const other = flags.find((name) => !allowed.includes(name) && parsed[name] !== undefined);
  if (parsed['resume'] === undefined || other === undefined) return;
  throw new UserError(
    `--resume goes on with the plan of that run; leave out --${other}, or start a new run without it`,
  );
}
