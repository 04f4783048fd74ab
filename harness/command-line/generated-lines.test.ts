/**
 * Command lines made from every flag of every command: each is a mistake in one line that names the flag and what was typed,
 * with exit code 2 and nothing written, or it is valid. `FOURWAYS_LINES=5000` makes more of them than the sample that always runs.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { visible } from '../../reports/words/escape.ts';
import { commands } from '../commands/index.ts';
import { mistakeAfter, type Ran, run } from '../fixtures/command.ts';
import { fakeMeasuring } from '../fixtures/fake-measuring.ts';
import { sentRuns } from '../fixtures/sent-runs.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { lineOf as historyLineOf } from '../judge/history/fixtures/lines.ts';
import { randomStream } from '../stats/random.ts';
import type { Flag, Flags } from './command.ts';

const LINES = Number(process.env['FOURWAYS_LINES'] ?? 120);
const SEED = Number(process.env['FOURWAYS_SEED'] ?? 1);
const SCENARIO = fileURLToPath(new URL('../fixtures/scenarios/greeting.js', import.meta.url));
const VALUES = [
  ...[
    '',
    ' ',
    'abc',
    'x',
    '-',
    '--',
    '-x',
    '=',
    'a=b',
    ',',
    'a,a',
    'true',
    'false',
    'yes',
    'TRUE',
    'on',
    'none',
    'auto',
  ],
  ...['0', '1', '2', '-1', '-0', '00', '+1', '1.5', '.5', '1e3', '1e999', '0x10', 'NaN', 'Infinity', '4294967296'],
  ...['99999999999999999999', '9007199254740993', '50%', '0%', '201%', '-5%', '100ms', '99ms', '5s', '2m', '25h', '5S'],
  ...[
    '1h 2m',
    'ü',
    '日本',
    '🎉',
    '\u202ecpu',
    'a\nb',
    "'",
    '"x"',
    '$(id)',
    '*',
    '/tmp',
    '/dev/null',
    '../..',
    './x.js',
  ],
  ...['__proto__', 'constructor', 'toString', 'cpu:ms=0', 'cpu:ms=', 'cpu:', 'cpu:ms=1,ms=2', 'hello:x=1', 'clutser'],
  ...['p99=5ms', 'p99=', 'errors=1', 'p99<5ms', 'hello/* p99<5ms', '* errors<1', '* p99<-1ms', 'hello/x rps>1', '16:9'],
  'x'.repeat(5000),
];

/** Thrown where a machine would begin to measure: the line is valid. */
class Measured extends Error {}

const machine = {
  measuring: () =>
    fakeMeasuring(() => {
      throw new Measured();
    }),
  examining: () => {
    throw new Measured();
  },
  launching: () => {
    throw new Measured();
  },
  open: async () => {},
};

interface Line {
  readonly words: readonly string[];
  /** The flags that were added to what is valid. */
  readonly added: readonly string[];
}

const sent = sentRuns();
/** What makes each command valid, and quick. `serve` would wait, so its model is a mistake. */
function validWords(name: string, folder: string): readonly (readonly string[])[] {
  const out = ['--out', join(folder, 'out')];
  const runs = (): string => join(sent('a'), 'a');
  switch (name) {
    case 'run':
      return [['-s', 'hello'], ['-m', 'single'], ['--rounds', '1'], ['--isolate', '0'], out];
    case 'ab':
      return [[SCENARIO], [SCENARIO], ['--rounds', '3'], ['--isolate', '0'], out];
    case 'report':
      return [[runs()], out];
    case 'compare':
      return [[runs()], [runs()]];
    case 'history':
      return [['--history', keptHistory()]];
    case 'serve':
      return [['no-such-model'], ['hello']];
    default:
      return [];
  }
}

function keptHistory(): string {
  const path = join(temporaryFolder(), 'history.ndjson');
  writeFileSync(path, `${JSON.stringify(historyLineOf(0, { 'hello/single': 1 }))}\n`);
  return path;
}

type Pick = <T>(items: readonly T[]) => T;

/** The flag as it may be written, once or twice. */
function flagWords(name: string, flag: Flag, folder: string, pick: Pick): readonly string[] {
  const raw = pick([...VALUES, ...(flag.values ?? []), ...(flag.values ?? [])]);
  const isRelative = flag.takes === '<folder>' && raw.trim() !== '' && !isAbsolute(raw);
  const value = isRelative ? join(folder, raw) : raw;
  const inline = [`--${name}=${value}`];
  const short = typeof flag.alias === 'string' ? `-${flag.alias}` : `--${name}`;
  // A word behind a switch would be an argument.
  const apart = flag.type === 'boolean' ? inline : [short, value];
  const once = pick([[`--${name}`], apart, apart, inline]);
  return pick([once, once, once, once, [...once, ...once], [...once, ...inline]]);
}

function lineOf(name: string, flags: Flags, folder: string, pick: Pick): Line {
  const all = Object.keys(flags);
  const added = [...new Set(Array.from({ length: pick([1, 1, 1, 2, 3]) }, () => pick(all)))];
  const base = validWords(name, folder).filter(
    ([flag = '']) => !added.some((one) => flag === `--${one}` || (/^-\w$/.test(flag) && flag[1] === flags[one]?.alias)),
  );
  const words = added.flatMap((one) => flagWords(one, flags[one] ?? { group: '' }, folder, pick));
  // Behind the arguments, which a flag without its value would take.
  return { words: [name, ...base.flat(), ...words], added };
}

/** null when the machine would have begun to measure. */
async function outcomeOf(words: readonly string[]): Promise<Ran | null> {
  try {
    return await run(words, machine);
  } catch (error) {
    if (error instanceof Measured) return null;
    throw new Error(`${JSON.stringify(words)} is a bug`, { cause: error });
  }
}

test('every line is valid, or one mistake that names its flag', async () => {
  const random = randomStream(SEED);
  const pick: Pick = (items) => {
    const item = items[Math.floor(random() * items.length)];
    if (item === undefined) throw new RangeError('there is nothing to pick from');
    return item;
  };
  const loaded = await Promise.all(
    Object.entries(commands).map(async ([name, load]) => [name, (await load()).default.flags] as const),
  );
  const wrong: string[] = [];
  let mistakes = 0;
  for (let i = 0; i < LINES; i++) {
    const [name, flags] = pick(loaded);
    const folder = temporaryFolder();
    const { words, added } = lineOf(name, flags, folder, pick);
    const ran = await outcomeOf(words);
    if (ran === null || [0, 1, 3].includes(ran.code)) continue;
    mistakes++;
    const line = mistakeAfter(ran);
    const isNamed = added.some((flag) => line.includes(`--${flag}`));
    const typed = visible(words.at(-1)?.replace(/^--[a-z-]+=?/, '') ?? '').trim();
    // With several flags, the mistake may be in any of them; a value of --env may be a secret.
    const isShown =
      added.length > 1 || added.includes('env') || line.includes(typed) || /needs|given|exclude|leave/.test(line);
    const isOfServe = name === 'serve' && line.includes('no-such-model');
    if (!(isNamed && isShown) && !isOfServe) wrong.push(`${JSON.stringify(words).slice(0, 300)}: ${line}`);
    if (readdirSync(folder).length > 0) wrong.push(`${JSON.stringify(words)} left ${readdirSync(folder).join()}`);
  }
  expect(wrong).toEqual([]);
  expect(mistakes).toBeGreaterThan(LINES / 3);
  expect(mistakes).toBeLessThan(LINES);
});
