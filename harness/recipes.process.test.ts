/** Each "add one file" recipe of the guides, carried out on a copy of the sources exactly as it is written. */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { summarySchema } from './judge/schema/summary.ts';

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

beforeAll(async () => {
  for (const name of [
    'scenarios',
    'servers',
    'harness',
    'reports',
    'tsconfig.json',
    'tsconfig.build.json',
    'tsconfig.browser.json',
    'package.json',
  ]) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const { path, text } of blocks('file')) {
    expect(existsSync(join(copy, path)), `${path} is new`).toBe(false);
    writeFileSync(join(copy, path), text);
  }
  for (const { path, text } of blocks('line')) {
    const registry = readFileSync(join(copy, path), 'utf8');
    writeFileSync(join(copy, path), registry.replace(/^} satisfies/m, `${text}} satisfies`));
  }
  for (const project of ['tsconfig.build.json', 'tsconfig.browser.json']) {
    await run(join(root, 'node_modules/.bin/tsc'), ['-p', project], { cwd: copy });
  }
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

test('there are three recipes: a scenario, a model, a chart, each one file and one line', () => {
  const folders = ['scenarios', 'servers', 'reports'];
  expect(blocks('file').map(({ path }) => path.split('/')[0])).toEqual(folders);
  expect(blocks('line').map(({ path, text }) => [path.split('/')[0], text.trim().split('\n').length])).toEqual(
    folders.map((folder) => [folder, 1]),
  );
});

test('what was added is listed, is measured, and is drawn', async () => {
  const [scenario, model, chart] = blocks('file').map(({ path }) => path.replace(/^.*\/|\.ts$/g, ''));
  if (scenario === undefined || model === undefined || chart === undefined) throw new Error('a recipe is missing');
  const { stdout: list } = await fourways('list');
  for (const name of [scenario, model, chart]) expect(list).toContain(name);

  const out = join(copy, 'run');
  const { stdout } = await fourways(
    'run',
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
  expect(existsSync(join(out, 'report', `${chart}-${scenario}.svg`))).toBe(true);
});
