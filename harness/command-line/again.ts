/** A command as somebody else would type it, from its words. */

/** Where results go and how they are shown, which is for whoever runs it to choose; CI is strict by itself. */
const LEFT_OUT: readonly string[] = ['out', 'format', 'quiet', 'strict', 'lenient'];

/** Of words in the form that the parser gets them: `ab`, its arguments, then `--flag=value`. Other arguments take their place. */
export function againLine(words: readonly string[], places?: readonly string[]): string {
  const [name = '', ...rest] = words;
  const isFlag = (word: string): boolean => /^--[a-z]/.test(word);
  const written = rest.filter((word) => !isFlag(word));
  const flags = rest.filter(isFlag).flatMap(flagText);
  return ['npx fourways', name, ...(places ?? written).map(quoted), ...flags].join(' ');
}

function flagText(word: string): readonly string[] {
  const [, flag = '', value = ''] = /^--([^=]+)=(.*)$/s.exec(word) ?? [];
  if (LEFT_OUT.includes(flag)) return [];
  if (value === 'true') return [`--${flag}`];
  if (value === 'false' || value.startsWith('-')) return [`--${flag}=${quoted(value)}`];
  // The parser takes a pair of quotes off, for which another one was put around these.
  return [`--${flag} ${quoted(value.replace(/^(["'])(\1.*\1)\1$/s, '$2'))}`];
}

/** For a POSIX shell. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
