/** Each "add one file" recipe of the guides, carried out on a copy of the sources exactly as it is written. */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { summarySchema } from './judge/schema/summary.ts';

/** Compilers and tests of a whole copy take their time on a busy machine. */
const LIMIT_MS = 240_000;
const COPIED = [
  ...['scenarios', 'servers', 'harness', 'reports', 'package.json', 'vitest.config.ts'],
  ...['tsconfig.json', 'tsconfig.build.json'],
];

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const copy = mkdtempSync(join(tmpdir(), 'fourways-recipes-'));
const guides = ['CONTRIBUTING.md', 'docs/writing-a-chart.md'];
const guide = guides.map((path) => readFileSync(join(root, path), 'utf8')).join('\n');

/** Fenced blocks with an info string such as `ts file=scenarios/uuid.ts`. */
function blocks(kind: 'file' | 'line'): { path: string; text: string }[] {
  return [...guide.matchAll(new RegExp(`^\`\`\`ts ${kind}=(\\S+)\\n(.*?)^\`\`\``, 'gms'))].map(
    ([, path = '', text = '']) => ({ path, text }),
  );
}

const fourways = (...args: string[]) => run(process.execPath, [join(copy, 'dist/harness/cli.js'), ...args]);
/** The same, but for the charts. */
const undrawn = (...args: string[]) => run(process.execPath, [join(copy, 'harness/fixtures/undrawn-cli.js'), ...args]);

/** Runs a tool of the repository in the copy. Rejects with what it printed when it is not content. */
const tool = (name: string, ...args: string[]) =>
  run(join(root, 'node_modules/.bin', name), args, { cwd: copy }).catch((error: Error & { stdout?: string }) => {
    throw new Error(`${name} ${args.join(' ')}: ${error.stdout}`);
  });

beforeAll(async () => {
  for (const name of COPIED) cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const { path, text } of blocks('file')) {
    expect(existsSync(join(copy, path)), `${path} is new`).toBe(false);
    writeFileSync(join(copy, path), text);
  }
  for (const { path, text } of blocks('line')) {
    const registry = readFileSync(join(copy, path), 'utf8');
    const added = text.startsWith('import ')
      ? text + registry
      : registry.replace(/^} satisfies/m, `${text}} satisfies`);
    writeFileSync(join(copy, path), added);
  }
  // The types of what is compiled here are checked below, with those of the tests. What runs in a browser is of no recipe.
  await tool('tsc', '-p', 'tsconfig.build.json', '--noCheck');
}, LIMIT_MS);

afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** The names of what the recipes add: a scenario, a model, a chart. */
const [scenario = '', model = '', chart = ''] = blocks('file').map(({ path }) => path.replace(/^.*\/|\.ts$/g, ''));

test('there are three recipes: a scenario, a model, a chart, each one file and its name in a registry', () => {
  const folders = ['scenarios', 'servers', 'reports'];
  expect(blocks('file').map(({ path }) => path.split('/')[0])).toEqual(folders);
  const entries = blocks('line').filter(({ text }) => !text.startsWith('import '));
  expect(entries.map(({ path, text }) => [path.split('/')[0], text.trim().split('\n').length])).toEqual(
    folders.map((folder) => [folder, 1]),
  );
});

test(
  'the copy with its tests still has right types',
  async () => {
    await tool('tsc', '-p', 'tsconfig.json');
  },
  LIMIT_MS,
);

test(
  'the conformance suite runs every scenario under the new model',
  async () => {
    // And under one that was there before, whose replies must be the same.
    const names = `^(single|${model}) serves every scenario$`;
    const { stdout } = await tool('vitest', 'run', 'servers/conformance.process.test.ts', '-t', names);
    expect(stripVTControlCharacters(stdout)).toMatch(/Tests +2 passed/);
  },
  LIMIT_MS,
);

test(
  'what was added is listed, is measured, and is drawn',
  async () => {
    const { stdout: list } = await fourways('list');
    for (const name of [scenario, model, chart]) expect(list).toContain(name);

    const out = join(copy, 'run');
    const { stdout } = await undrawn(
      'run',
      '--preset',
      'quick',
      '-s',
      scenario,
      '-m',
      `single,${model}`,
      '-w',
      '2',
      '-c',
      '4',
      '--rounds',
      '1',
      '--duration',
      '200ms',
      '--format',
      'json',
      '--out',
      out,
    );
    const [measured] = summarySchema.parse(JSON.parse(stdout)).scenarios;
    expect(measured?.cells.map((cell) => [cell.model, cell.trialsOk])).toEqual([
      ['single', 1],
      [model, 1],
    ]);
    const { stdout: drawn } = await fourways('report', out, '--chart', chart);
    expect(drawn).toBe(`${join(out, 'report', `${chart}-${scenario}.svg`)}\n`);
  },
  LIMIT_MS,
);
