/** Mistakes: each is one line that names what is wrong, and nothing is measured, written or lost. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { mistake, run } from '../fixtures/command.ts';
import { fakeMeasuring } from '../fixtures/fake-measuring.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { command } from './command.ts';
import { runWords } from './command-line.ts';
import { GROUP, names, positional, text } from './flags.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/scenarios/${name}.js`, import.meta.url));

test.each<[readonly string[], string]>([
  [['frobnicate'], "unknown command 'frobnicate'. Known: run, init, ab, "],
  [['rnu'], "unknown command 'rnu'. Did you mean 'run'?"],
  [['help', 'rnu'], "unknown command 'rnu'. Did you mean 'run'?"],
  [['--preset', 'quick'], '--preset stands where a command belongs; write the command first'],
  [['run', 'extra'], "unexpected argument 'extra'; see fourways run --help"],
  [['run', '--mdoel', 'single'], "unknown flag --mdoel. Did you mean '--model'?"],
  [['run', '--frob'], 'unknown flag --frob; see fourways run --help'],
  [['list', '--format', 'markdown'], 'format'],
  [['run', '--format', 'xml'], '--format xml: unknown value. Known: text, json, markdown.'],
  [['run', '-m', 'clutser'], "--model clutser: unknown model. Did you mean 'cluster'?"],
  [['run', '-m', 'single,clutser'], "--model clutser: unknown model. Did you mean 'cluster'?"],
  [['run', '--workers', '0'], '--workers 0: give a whole number'],
  [['run', '--workers'], '--workers needs a value; see fourways run --help'],
  [['run', '--workers', 'two'], '--workers two: give a whole number'],
  [['run', '--connections', '1.5'], '--connections 1.5: give a whole number'],
  [['run', '--rounds', '0'], '--rounds 0: give a whole number'],
  [['run', '--seed', '-1'], '--seed -1: give a whole number'],
  [['run', '--duration', '5'], '--duration 5: give a time'],
  [['run', '--preset', 'quik'], "--preset quik: unknown preset. Did you mean 'quick'?"],
  [['run', '--workers', '2', '--workers', '3'], '--workers was given 2 times; give it once'],
  [['run', '--workers', '2', '-w', '1'], '--workers was given 2 times; give it once'],
  [['run', '--rounds', '1', '--rounds', '1'], '--rounds was given 2 times; give it once'],
  [['run', '--out', 'a', '--out', 'b'], '--out was given 2 times; give it once'],
  [['run', '--format', 'text', '--format', 'json'], '--format was given 2 times; give it once'],
  [['run', '--generators', '0'], '--generators 0: give a whole number from 1 to 64'],
  [['run', '--generators', '65'], '--generators 65: give a whole number from 1 to 64'],
  [['run', '--generators', 'many'], '--generators many: give a whole number'],
  [['run', '--generators'], 'generators'],
  [['run', '--generators', '8', '-c', '7'], '--generators 8: 7 connections cannot be split among them'],
  [['run', '--isolate', '-1'], '--isolate -1: '],
  [['run', '--isolate', '0.5'], '--isolate 0.5: '],
  [['run', '--isolate', '9999'], ', and the server needs one; '],
  [['run', '--isolate'], 'isolate'],
  [['run', '--retries', '-1'], '--retries -1: give a whole number from 0 to 10'],
  [['run', '--retries', '11'], '--retries 11: give a whole number from 0 to 10'],
  [['run', '--retries', '1', '--retries', '2'], '--retries was given 2 times; give it once'],
  [['run', '--generators', '1', '--generators', '1'], '--generators was given 2 times; give it once'],
  [['run', '--isolate', '0', '--isolate', '0'], '--isolate was given 2 times; give it once'],
  [['run', '--resume', 'a', '--resume', 'b'], '--resume was given 2 times; give it once'],
  [['run', '--resume'], 'resume'],
  [['run', '--resume', '/no/such/run'], '/no/such/run: there is no such file or folder'],
  [['run', '--resum', 'a'], "unknown flag --resum. Did you mean '--resume'?"],
  [['run', '--isolated', '1'], "unknown flag --isolated. Did you mean '--isolate'?"],
  [['report', 'a-run', '--resume', 'a-run'], '--resume is not a flag of fourways report, but of fourways run'],
  [['report'], 'fourways report needs <run>; see fourways report --help'],
  [['report', 'a-run', '--chrat', 'latency'], "unknown flag --chrat. Did you mean '--chart'?"],
  [['report', 'a-run', '--theme', 'dark', '--theme', 'light'], '--theme was given 2 times; give it once'],
  [['report', 'a-run', '--width'], 'width'],
  [['report', 'a-run', '--chart', 'pie'], '--chart pie: there is no such chart. Known: '],
  [['report', 'mine='], 'mine=: give a run as label=path'],
  [['run', '--theme', 'dark'], '--theme is not a flag of fourways run'],
  [['report', '/no/such/run'], '/no/such/run: there is no such file or folder'],
  [['serve', 'cluster'], 'fourways serve needs a scenario, or a service with --app; '],
  [['serve', 'clutser', 'hello'], "--model clutser: unknown model. Did you mean 'cluster'?"],
  [['serve', 'cluster', 'helo'], "--scenario helo: unknown scenario. Did you mean 'hello'?"],
  [['doctor', '--seed', '-1'], '--seed -1: give a whole number'],
  [['doctor', '--format', 'markdown'], 'format'],
  [['doctor', 'extra'], "unexpected argument 'extra'"],
  [['doctor', '--sed', '1'], "unknown flag --sed. Did you mean '--seed'?"],
  [['serve', 'cluster', 'hello', '--port', '70000'], '--port 70000: give a whole number from 0 to 65535'],
])('%j', async (argv, named) => {
  expect(mistake(await run(argv))).toContain(named);
});

test('a flag of another command is refused without being suggested again', async () => {
  const line = mistake(await run(['list', '--seed', '1']));
  expect(line).toContain('--seed');
  expect(line).not.toContain("Did you mean 'seed'");
});

describe('a scenario that cannot be used', () => {
  test.each<[string, string, string]>([
    ['unknown', 'helo', "--scenario helo: unknown scenario. Did you mean 'hello'? A file of yours"],
    ['an unknown parameter', 'cpu:mss=1', "--scenario cpu: unknown parameter 'mss'. Did you mean 'ms'?"],
    ['a bad value', 'cpu:ms=0', '--scenario cpu:ms=0: give a number from 0.01 to 10000'],
    ['a missing file', './nowhere.js', '--scenario ./nowhere.js: there is no such file'],
    ['a folder', './harness/', '--scenario ./harness/: this is a folder; give a file in it'],
    ['no default export', fixture('no-default-export'), 'the file has no default export; write'],
    ['fails while loading', fixture('fails-while-loading'), 'fails while loading: the database is not there'],
    ['of the wrong shape', fixture('wrong-shape'), 'the default export is not a scenario: verify: must be a function'],
    [
      'with wrong requests',
      fixture('wrong-requests'),
      "scenario wrong-requests: request 'one': the path must begin with a slash",
    ],
    ['whose requests throw', fixture('requests-throw'), 'no requests today'],
    ['whose requests share a name', fixture('requests-share-a-name'), "'one'"],
    ['that waits for no time', fixture('waits-for-nothing'), 'waitingMs'],
    ['sized by what it does not have', fixture('sized-by-nothing'), 'sizedBy'],
  ])('%s', async (_, argument, named) => {
    const out = join(temporaryFolder(), 'run');
    const measuring = fakeMeasuring();
    const ran = await run(['run', '-s', argument, '-m', 'single', '--out', out], { measuring: () => measuring });
    expect(mistake(ran)).toContain(named);
    expect(existsSync(out)).toBe(false);
    expect(measuring.log.filter((entry) => entry !== 'close')).toEqual([]);
  });

  test('two files of one name cannot be told apart, and neither is left out silently', async () => {
    const [folder, out] = [temporaryFolder(), join(temporaryFolder(), 'run')];
    const copy = join(folder, 'greeting.mjs');
    copyFileSync(fixture('greeting'), copy);
    const ran = await run(['run', '-s', fixture('greeting'), '-s', copy, '-m', 'single', '--out', out]);
    expect(mistake(ran)).toContain(copy);
  });

  test('one that can be used is named after its file, with its parameters', async () => {
    const out = join(temporaryFolder(), 'run');
    const argv = ['run', '-s', `${fixture('greeting')}:length=7`, '-m', 'single', '--rounds', '1', '--out', out];
    expect(await run([...argv, '--format', 'json'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('"greeting:length=7/single"'),
    });
  });
});

test('a command that is registered is parsed and shown, without the command line knowing it', async () => {
  const greet = command({
    summary: 'Greet somebody',
    positionals: { name: positional },
    flags: {
      salutation: { ...text, group: GROUP.output, default: 'Hello' },
      also: { ...names, group: GROUP.output },
    },
    examples: [['greet you', 'a greeting']],
    run: async ({ name, salutation, also = [] }, { out }) => {
      out.write(`${salutation}, ${[name, ...also].join(' and ')}`);
      return 7;
    },
  });
  const written: string[] = [];
  const out = { write: (line: string) => written.push(line) };
  const codes: number[] = [];
  const parse = async (...argv: readonly string[]): Promise<void> =>
    runWords(argv, { greet }, { out, err: out, now: () => new Date() }, (code) => codes.push(code));
  await parse('greet', 'you', '--also', 'me,them');
  expect([written, codes]).toEqual([['Hello, you and me and them'], [7]]);
  await expect(parse('greet')).rejects.toThrow('fourways greet needs <name>; see fourways greet --help');
  await expect(parse('great')).rejects.toThrow("unknown command 'great'. Did you mean 'greet'?");
});

describe('nothing is overwritten', () => {
  test.each(['a folder with something in it', 'an empty folder', 'a file'])('%s', async (what) => {
    const folder = temporaryFolder();
    const out = join(folder, 'mine');
    if (what === 'a file') writeFileSync(out, 'mine');
    else mkdirSync(out);
    if (what === 'a folder with something in it') writeFileSync(join(out, 'run.ndjson'), 'mine');
    const measuring = fakeMeasuring();

    const ran = await run(['run', '-s', 'hello', '-m', 'single', '--out', out], { measuring: () => measuring });

    expect(mistake(ran)).toBe(`--out ${out} exists already; nothing is overwritten, so name a new folder`);
    expect(measuring.log).toEqual([]);
    if (what === 'a file') expect(readFileSync(out, 'utf8')).toBe('mine');
    else expect(readdirSync(out)).toEqual(what === 'an empty folder' ? [] : ['run.ndjson']);
  });
});
