/** Every kind of mistake in the words themselves, whatever the command, and what the parser gets when there is none. */
import { expect, test } from 'vitest';
import { UserError } from '../errors.ts';
import { command } from './command.ts';
import { boolean, GROUP, list, names, number, positional, text } from './flags.ts';
import { checkedWords } from './mistakes.ts';

const group = GROUP.what;
const about = { summary: '', examples: [], run: async () => 0 };
const commands = {
  go: command({
    ...about,
    positionals: {},
    flags: {
      scenario: { ...names, group, alias: 's', values: ['cpu', 'io'] },
      require: { ...list, group },
      workers: { ...number, group, alias: 'w' },
      out: { ...text, group },
      format: { ...text, group, choices: ['text', 'json'] },
      strict: { ...boolean, group },
    },
  }),
  show: command({
    ...about,
    positionals: { run: { ...positional, array: true } },
    flags: { theme: { ...text, group } },
  }),
};

test.each<[string, readonly string[], string]>([
  ['a word for a number', ['-w', 'abc'], '--workers abc: give a whole number'],
  ['a broken number', ['--workers=1e3'], '--workers 1e3: give a whole number'],
  ['a number that would be shown as another one', ['-w', '00'], '--workers 00: give a whole number'],
  ['a huge number', ['-w', '99999999999999999'], '--workers 99999999999999999: give a whole number with fewer digits'],
  ['an unknown choice', ['--format', 'xml'], '--format xml: unknown value. Known: text, json.'],
  ['a near choice', ['--format', 'jsno'], "--format jsno: unknown value. Did you mean 'json'?"],
  ['no value', ['--out'], '--out needs a value; see fourways go --help'],
  ['a flag for a value', ['--out', '--strict'], '--out needs a value; see fourways go --help'],
  ['an empty value', ['--workers='], "--workers '': the value is empty; see fourways go --help"],
  ['an empty word', ['-s', ''], "--scenario '': the value is empty; see fourways go --help"],
  ['commas alone', ['-s', ',,'], '--scenario ,,: there is no name in it; give one'],
  ['a flag twice', ['-w', '2', '--workers=1'], '--workers was given 2 times; give it once'],
  ['a switch twice', ['--strict', '--strict'], '--strict was given 2 times; give it once'],
  ['a name twice', ['-s', 'cpu,io', '--scenario', 'cpu'], '--scenario cpu was given twice; give each value once'],
  ['a text twice', ['--require', 'a,b', '--require', 'a,b'], '--require a,b was given twice; give each value once'],
  ['another word for yes', ['--strict=yes'], '--strict=yes: write --strict, or --strict=false for no'],
  ['yes in capitals', ['--strict=TRUE'], '--strict=TRUE: write --strict, or --strict=false for no'],
  ['an empty yes', ['--strict='], '--strict=: write --strict, or --strict=false for no'],
  ['yes as a word', ['--strict', 'true'], '--strict true: write --strict, or --strict=false for no'],
  ['a negated switch', ['--no-strict'], "unknown flag --no-strict. Did you mean '--strict=false'?"],
  ['a near flag', ['--worker', '2'], "unknown flag --worker. Did you mean '--workers'?"],
  ['a dash too few', ['-strict'], "unknown flag -strict. Did you mean '--strict'?"],
  ['one letter, which is near to anything', ['-o', 'x'], 'unknown flag -o; see fourways go --help'],
  ['a flag of another command', ['--theme', 'x'], '--theme is not a flag of fourways go, but of fourways show; see'],
  ['near to a flag of another command', ['--themes', 'x'], 'unknown flag --themes; see fourways go --help'],
  ['a name on every object', ['--constructor'], 'unknown flag --constructor; see fourways go --help'],
  ['words behind dashes', ['--', 'node', 'a.js'], "'-- node a.js': nothing stands behind --; see"],
  ['a word too many', ['extra'], "unexpected argument 'extra'; see fourways go --help"],
  ['a name without its flag', ['cpu'], "unexpected argument 'cpu'. Did you mean '--scenario cpu'?"],
])('%s', (_, words, message) => {
  expect(() => checkedWords(['go', ...words], commands)).toThrow(UserError);
  expect(() => checkedWords(['go', ...words], commands)).toThrow(message);
});

test.each<[readonly string[], string]>([
  [['show'], 'fourways show needs <run>; see fourways show --help'],
  [['show', ''], 'fourways show needs <run>'],
  [['show', 'a', ' '], 'fourways show: an argument is empty'],
  [['goo'], "unknown command 'goo'. Did you mean 'go'?"],
  [['constructor'], "unknown command 'constructor'. Known: go, show, help, version, completion."],
  [['completion', 'zsh'], "unexpected argument 'zsh'"],
])('%j', (words, message) => {
  expect(() => checkedWords(words, commands)).toThrow(message);
});

test.each<[string, readonly string[]]>([
  ['', ['--help']],
  ['-h', ['--help']],
  ['help', ['--help']],
  ['help go', ['go', '--help']],
  ['--help go', ['go', '--help']],
  ['help version', ['--help']],
  ['go --frob --help', ['go', '--help']],
  ['go -h', ['go', '--help']],
  ['go -v', ['go', '--version']],
  ['-v', ['--version']],
  ['version', ['--version']],
  ['go', ['go']],
  ['go -w2 -s=cpu,io -s ./a.js', ['go', '--workers=2', '--scenario=cpu,io', '--scenario=./a.js']],
  ['go --strict --out -1', ['go', '--strict=true', '--out=-1']],
  [`go --out="x"`, ['go', `--out=""x""`]],
  ['go --strict=false', ['go', '--strict=false']],
  ['show --theme dark a b=c', ['show', 'a', 'b=c', '--theme=dark']],
])('%s is fine', (line, expected) => {
  expect(checkedWords(line.split(' ').filter(Boolean), commands)).toEqual(expected);
});

test('a command behind dashes belongs into a flag, where there is one', () => {
  const command = { type: 'string', array: true, group: 'What:', describe: 'A command' } as const;
  const run = { summary: '', positionals: {}, flags: { command }, examples: [], run: async () => 0 };
  expect(() => checkedWords(['run', '--', 'node', 'a.js'], { run })).toThrow(
    "'-- node a.js': a command is given as --command 'mine=node a.js'; see fourways run --help",
  );
});
